import pytest

from cartero.invoices import prefixes
from tests.factories import make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db


def test_each_prefix_once_and_only_hers():
    company, other = make_company(), make_company()
    party = make_party(company)
    for number, prefix in [("FE1", "FE"), ("FE2", "FE"), ("9", ""), ("NC1", "NC")]:
        make_invoice(party, number, data={"prefix": prefix})
    make_invoice(make_party(other), "ZZ1", data={"prefix": "ZZ"})
    assert prefixes.of(company) == ["", "FE", "NC"]
    assert prefixes.of(make_company()) == []
