from datetime import date

import pytest

from cartero.invoices import periods
from tests.factories import make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db


def test_newest_first_each_once():
    party, stranger = make_party(make_company()), make_party(make_company())
    for month in (5, 7, 7, 6):
        make_invoice(party, period=date(2026, month, 1))
    make_invoice(stranger, period=date(2026, 9, 1))
    assert periods.of(party.company) == [date(2026, 7, 1), date(2026, 6, 1), date(2026, 5, 1)]
    assert periods.of(party.company, most=1) == [date(2026, 7, 1)]
    assert periods.of(make_company()) == []
