"""`cartero statement …`, for programs."""

import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from cartero.cli import statement as commands
from cartero.invoices.models import Invoice
from cartero.mailings.errors import UnknownGroup
from tests.factories import make_company, make_group, make_invoice, make_party

pytestmark = pytest.mark.django_db


def told(*words):
    ran = CliRunner().invoke(commands.app, [*map(str, words), "--json"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.output)


def test_it_makes_them_and_tells_the_sums():
    company = make_company()
    party = make_party(company)
    make_invoice(party, data={"total": Decimal("119000")})
    make_invoice(make_party(company), balance=0)
    make_group(company, party)
    facts = told("make", "--company", company.tax_id, "--date", "2026-07-31", "--group-name", "inquilinos")
    assert facts == {
        "id": facts["id"],
        "statements": 1,
        "failed": 0,
        "left_out": 0,
        "reasons": {},
        "amounts": {"COP": "119000.000000"},
        "prefix": "EC-2026-07-",
        "first": 1,
        "last": 1,
    }
    assert Invoice.objects.get(kind="statement").number == "EC-2026-07-1"


def test_a_group_that_is_not_there_is_said():
    company = make_company()
    with pytest.raises(UnknownGroup):
        told("make", "--company", company.tax_id, "--date", "2026-07-31", "--group-name", "Nadie")
