import pytest

from cartero.invoices import searching
from cartero.parties.models import FINAL_CONSUMER
from tests.factories import make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db


def test_documents_are_found_by_the_name_of_today():
    party = make_party(make_company(), search_key="nuevo nombre 901")
    invoice, other = make_invoice(party, "FE1"), make_invoice(make_party(party.company), "FE2")
    kept = other.search_key
    searching.follow(party)
    invoice.refresh_from_db()
    other.refresh_from_db()
    assert (invoice.search_key, other.search_key) == ("fe1 nuevo nombre 901", kept)


def test_documents_of_the_final_consumer_keep_their_names():
    party = make_party(make_company(), tax_id=FINAL_CONSUMER, search_key="consumidor final")
    invoice = make_invoice(party, "FE1", search_key="fe1 luz angela")
    searching.follow(party)
    invoice.refresh_from_db()
    assert invoice.search_key == "fe1 luz angela"
