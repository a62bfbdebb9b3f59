from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cartero.mailings import selection
from cartero.mailings.selection import Audience, Selection
from cartero.mailings.states import LeftOut, MailingKind
from cartero.parties.models import AddressOrigin, AddressState
from tests.factories import make_address, make_company, make_group, make_invoice, make_party

pytestmark = pytest.mark.django_db
COPY = MailingKind.COPY


@pytest.fixture
def company():
    return make_company()


def chosen_numbers(company, **fields):
    from cartero.platform import sql

    parameters = selection.parameters(company, Selection(**({"kind": COPY} | fields)))
    rows = sql.run("tests.mailings", "selected", **parameters)
    return {number: (recipients, left_out) for number, recipients, left_out in rows}


def test_everyone_of_a_period(company):
    ana, luis = make_party(company, "ana@example.com"), make_party(company, "luis@example.com")
    make_invoice(ana, "FE1")
    make_invoice(luis, "FE2")
    make_invoice(luis, "FE3", period=date(2026, 8, 1))
    counts = selection.count(company, Selection(kind=COPY, period=date(2026, 7, 1)))
    assert (counts.documents, counts.going, counts.mails, counts.parties) == (2, 2, 2, 2)
    assert counts.amounts == {"COP": Decimal("238000.00")}


def test_one_mail_a_party_when_grouped(company):
    ana = make_party(company)
    make_invoice(ana, "FE1")
    make_invoice(ana, "FE2")
    assert selection.count(company, Selection(kind=COPY, is_grouped=True)).mails == 1


RANGES = [
    ({"prefix": "FE", "number_from": 2, "number_to": 3}, {"FE2", "FE3"}),
    ({"prefix": "NC"}, set()),
    ({"date_from": date(2026, 7, 2)}, {"FE3"}),
    ({"only_with_balance": True}, {"FE1", "FE3"}),
    ({"only_overdue": True}, {"FE1", "FE3"}),
    ({"document_kind": "credit_note"}, set()),
]


@pytest.mark.parametrize(("fields", "numbers"), RANGES)
def test_a_range_narrows(company, fields, numbers):
    ana = make_party(company)
    make_invoice(ana, "FE1")
    make_invoice(ana, "FE2", balance=Decimal(0))
    make_invoice(ana, "FE3", issue_date=date(2026, 7, 9))
    assert set(chosen_numbers(company, **fields)) == numbers


def test_audiences(company):
    ana, luis, eva = (make_party(company) for _ in range(3))
    for number, party in (("FE1", ana), ("FE2", luis), ("FE3", eva)):
        make_invoice(party, number)
    group = make_group(company, ana, eva)
    assert set(chosen_numbers(company, audience=Audience.CHOSEN, parties=(ana.pk,))) == {"FE1"}
    assert set(chosen_numbers(company, audience=Audience.GROUP, group=group.pk)) == {"FE1", "FE3"}
    excepted = chosen_numbers(company, audience=Audience.EXCEPT, parties=(ana.pk,))
    assert [number for number, (_to, left_out) in excepted.items() if left_out] == ["FE1"]
    assert excepted["FE1"][1] == LeftOut.EXCLUDED


def test_other_companies_stay_out(company):
    make_invoice(make_party(make_company()), "FE1")
    assert selection.count(company, Selection(kind=COPY)).documents == 0


ADDRESSES = [
    ("typed ones win over the document's", ["typed@example.com"], ["doc@example.com"], ["typed@example.com"]),
    ("without typed ones the document's own", [], ["doc@example.com"], ["doc@example.com"]),
    ("neither", [], [], None),
]


@pytest.mark.parametrize(("why", "typed", "own", "recipients"), ADDRESSES)
def test_recipients(company, why, typed, own, recipients):
    party = make_party(company, None)
    for email in typed:
        make_address(party, email, is_principal=True)
    make_invoice(party, "FE1", customer_emails=own)
    assert chosen_numbers(company)["FE1"][0] == recipients, why


def test_a_blocked_address_is_not_written_to(company):
    party = make_party(company, None)
    make_address(party, "doc@example.com", state=AddressState.BOUNCED, origin=AddressOrigin.DOCUMENT)
    make_invoice(party, "FE1", customer_emails=["doc@example.com"])
    assert chosen_numbers(company)["FE1"] == (None, LeftOut.UNUSABLE_ADDRESS)


def test_final_consumers_do_not_share_addresses(company):
    party = make_party(company, "uno@example.com", tax_id="222222222222")
    make_invoice(party, "FE1", customer_emails=["otro@example.com"])
    make_invoice(party, "FE2")
    numbers = chosen_numbers(company)
    assert numbers["FE1"] == (["otro@example.com"], None)
    assert numbers["FE2"] == (None, LeftOut.NO_ADDRESS)


GATE = [
    ("", "01", "no_file"),
    ("02", "01", None),
    ("04", "01", "rejected"),
    ("", "04", None),
]


@pytest.mark.parametrize(("validation", "type_code", "left_out"), GATE)
def test_only_validated_documents_are_delivered(company, validation, type_code, left_out):
    invoice = make_invoice(make_party(company), "FE1", validation_code=validation, type_code=type_code)
    if left_out != "no_file":
        invoice.files.create(company=company, role="xml", name="fe1.xml", media_type="x", sha256="0" * 64, size=1)
    assert chosen_numbers(company, kind=MailingKind.DELIVERY)["FE1"][1] == left_out
    assert chosen_numbers(company, kind=MailingKind.DELIVERY, unvalidated_too=True)["FE1"][1] is None


@pytest.mark.parametrize(
    ("fields", "documents"), [({}, 3), ({"prefix": "FE"}, 3), ({"date_from": date(2026, 7, 2)}, 1)]
)
def test_how_many_documents_it_speaks_of_is_told_without_counting_on(company, fields, documents):
    nobody = make_party(company, None)
    for n, day in enumerate((1, 1, 2)):
        make_invoice(nobody, f"FE{n}", issue_date=date(2026, 7, day))
    chosen = Selection(kind=COPY, **fields)
    assert selection.in_range(company, chosen, 100) == documents
    assert selection.in_range(company, chosen, 1) == 1
    assert selection.tallied(company, chosen) == (None if fields else 3)
    assert selection.tallied(company, replace(chosen, period=date(2026, 8, 1))) == (None if fields else 0)
