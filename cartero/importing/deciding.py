"""A conflict is settled by a person: the document that is here stays, or the one that came takes its place."""

from dataclasses import replace as with_values
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.importing import saving
from cartero.importing.errors import AlreadyDecided, InvoiceOnItsWay
from cartero.importing.models import Conflict, Decision
from cartero.invoices import columns, serial
from cartero.invoices.data import InvoiceData
from cartero.invoices.models import Invoice, InvoiceContent, InvoiceFile
from cartero.invoices.states import MailStatus
from cartero.parties import people


@transaction.atomic
def decide(conflict: Conflict, *, replace: bool, by: User) -> None:
    """Once, whoever is first. Raises AlreadyDecided; InvoiceOnItsWay where the new one may not take its place."""
    decision = Decision.REPLACED if replace else Decision.KEPT
    still = Conflict.objects.filter(pk=conflict.pk, decision=Decision.OPEN)
    if not still.update(decision=decision, decided_by=by, decided_at=Now()):
        raise AlreadyDecided(number=conflict.number)
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("company").get(pk=conflict.invoice_id)
    facts = _replace(invoice, conflict) if replace else {}
    audit.record(invoice, "replace" if replace else "keep", by, number=conflict.number, conflict=conflict.pk, **facts)


def _replace(invoice: Invoice, conflict: Conflict) -> dict[str, Any]:
    """Data, columns and files of the conflict; its state of sending stays, and a balance that nobody told anew."""
    if invoice.mail_status == MailStatus.QUEUED:
        raise InvoiceOnItsWay(number=invoice.number)
    came = serial.from_json(conflict.data)
    data = with_values(came, balance=invoice.balance if came.balance is None else came.balance)
    was = {"was": str(invoice.payable_amount), "was_files": [file.sha256 for file in invoice.files.all()]}
    _write(invoice, data)
    invoice.files.all().delete()
    InvoiceFile.objects.bulk_create(
        InvoiceFile(company=invoice.company, invoice=invoice, **file) for file in conflict.files
    )
    return was | {"now": str(data.totals.payable), "now_files": [file["sha256"] for file in conflict.files]}


def _write(invoice: Invoice, data: InvoiceData) -> None:
    party = people.ensure(invoice.company, [saving.party_of(data)])[data.customer.tax_id]
    values = columns.of(data, party)
    for name, value in values.items():
        setattr(invoice, name, value)
    invoice.save(update_fields=list(values))
    InvoiceContent.objects.filter(invoice=invoice).update(data=serial.to_json(data))
    people.add_addresses(invoice.company, {party: data.customer.emails})
