from decimal import Decimal

import pytest

from cartero.companies.models import AuditEntry
from cartero.importing import deciding
from cartero.importing.errors import AlreadyDecided, InvoiceOnItsWay
from cartero.importing.models import Conflict, Decision, Import
from cartero.invoices import serial
from cartero.invoices.models import Invoice
from cartero.invoices.states import FileRole, MailStatus
from tests.factories import make_company, make_data, make_invoice, make_party, make_user

pytestmark = pytest.mark.django_db
XML = {"role": FileRole.XML, "name": "fe1.xml", "media_type": "application/xml", "sha256": "a" * 64, "size": 12}


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def ana(company):
    return make_user(company)


@pytest.fixture
def invoice(company):
    return make_invoice(make_party(company), "FE1", balance=Decimal("50.00"))


@pytest.fixture
def conflict(company, invoice):
    """The same number for another tercero, of another total, with an XML."""
    came = make_data(company, make_party(company, name="Otra S.A.S."), "FE1", total=Decimal("240.00"))
    return Conflict.objects.create(
        company=company,
        source=Import.objects.create(company=company),
        invoice=invoice,
        kind=came.kind,
        number=came.number,
        data=serial.to_json(came),
        files=[XML],
    )


def test_the_one_that_came_takes_the_place(conflict, invoice, ana):
    deciding.decide(conflict, replace=True, by=ana)
    now = Invoice.objects.select_related("party", "content").get(pk=invoice.pk)
    assert (now.payable_amount, now.party.name, now.number) == (Decimal("240.00"), "Otra S.A.S.", "FE1")
    assert serial.from_json(now.content.data).totals.payable == Decimal("240.00")
    assert [file.sha256 for file in now.files.all()] == [XML["sha256"]]
    conflict.refresh_from_db()
    assert (conflict.decision, conflict.decided_by) == (Decision.REPLACED, ana)


def test_a_balance_that_nobody_told_anew_stays(conflict, invoice, ana):
    deciding.decide(conflict, replace=True, by=ana)
    invoice.refresh_from_db()
    assert invoice.balance == Decimal("50.00")


def test_the_one_that_is_here_stays_as_it_is(conflict, invoice, ana):
    deciding.decide(conflict, replace=False, by=ana)
    now = Invoice.objects.get(pk=invoice.pk)
    assert (now.payable_amount, now.files.count()) == (invoice.payable_amount, 0)
    conflict.refresh_from_db()
    assert conflict.decision == Decision.KEPT


@pytest.mark.parametrize("first", [True, False])
def test_only_the_first_decision_counts(conflict, invoice, ana, first):
    deciding.decide(conflict, replace=first, by=ana)
    with pytest.raises(AlreadyDecided):
        deciding.decide(conflict, replace=not first, by=ana)
    invoice.refresh_from_db()
    assert (invoice.payable_amount == Decimal("240.00")) is first


def test_one_that_is_queued_is_not_changed_and_can_be_decided_later(conflict, invoice, ana):
    Invoice.objects.filter(pk=invoice.pk).update(mail_status=MailStatus.QUEUED)
    with pytest.raises(InvoiceOnItsWay, match="queued") as refused:
        deciding.decide(conflict, replace=True, by=ana)
    assert "FE1" in refused.value.user_text
    conflict.refresh_from_db()
    invoice.refresh_from_db()
    assert (conflict.decision, invoice.payable_amount) == (Decision.OPEN, Decimal("119000.00"))


def test_its_sending_state_is_not_touched(conflict, invoice, ana):
    Invoice.objects.filter(pk=invoice.pk).update(mail_status=MailStatus.DELIVERED)
    deciding.decide(conflict, replace=True, by=ana)
    invoice.refresh_from_db()
    assert invoice.mail_status == MailStatus.DELIVERED


def test_the_trail_tells_what_was_and_what_is(conflict, invoice, ana):
    deciding.decide(conflict, replace=True, by=ana)
    entry = AuditEntry.objects.get(verb="replace")
    assert (entry.noun, entry.noun_id, entry.user) == ("invoice", invoice.pk, ana)
    assert Decimal(entry.facts["was"]) == Decimal("119000.00")
    assert (Decimal(entry.facts["now"]), entry.facts["now_files"]) == (Decimal("240.00"), [XML["sha256"]])
