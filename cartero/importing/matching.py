"""What came without its document finds it when all else has been saved.

A PDF by the numbers that its name may mean; a buyer's event, and DIAN's late answer, by what they name.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Replace, Upper
from django.utils.translation import gettext as _

from cartero.companies.models import Company
from cartero.importing import saving
from cartero.importing.models import Import, ImportLine, Outcome
from cartero.importing.parcels import LoosePdf, ReadEvent
from cartero.importing.readers import file_names
from cartero.importing.saving import Kept
from cartero.invoices import serial
from cartero.invoices.data import ValidationData
from cartero.invoices.models import Invoice, InvoiceContent, InvoiceEvent, InvoiceFile
from cartero.invoices.states import FileRole


@dataclass(frozen=True)
class KeptPdf:
    """A loose PDF after its bytes were stored."""

    source: str
    numbers: tuple[str, ...]
    file: Kept


def keep(source: Import, pdfs: Sequence[LoosePdf]) -> list[KeptPdf]:
    all_kept = saving.keep_all(source.company_id, [pdf.file for pdf in pdfs])
    return [KeptPdf(pdf.source, pdf.numbers, kept) for pdf, kept in zip(pdfs, all_kept, strict=True)]


def attach_pdfs(source: Import, pdfs: Sequence[KeptPdf], first_position: int) -> None:
    """Gives each PDF to the likeliest document of its name; a document that has one keeps it."""
    known = named(source.company, pdfs)
    files = InvoiceFile.objects.of(source.company).filter(invoice__in=known.values(), role=FileRole.PDF)
    held: dict[int, str] = dict(files.values_list("invoice_id", "sha256"))
    lines = []
    for position, pdf in enumerate(pdfs, first_position):
        invoice = next((known[number] for number in pdf.numbers if number in known), None)
        line = _line(source, pdf.source, invoice, position)
        _attach(line, pdf.file, held)
        lines.append(line)
    ImportLine.objects.bulk_create(lines)


def named(company: Company, pdfs: Sequence[KeptPdf]) -> dict[str, Invoice]:
    """The documents that the names of the PDFs may mean, with their terceros, by number as names are compared."""
    wanted = {number for pdf in pdfs for number in pdf.numbers}
    plain = Upper(Replace("number", Value("-")))
    found = Invoice.objects.of(company).annotate(plain=plain).filter(plain__in=wanted).select_related("party")
    return {file_names.plain(invoice.number): invoice for invoice in found}


def keep_events(source: Import, events: Sequence[ReadEvent], first_position: int) -> None:
    """Keeps each event with the document that it names, if that one is known."""
    lines = []
    all_kept = saving.keep_all(source.company_id, [event.file for event in events])
    for position, (event, kept) in enumerate(zip(events, all_kept, strict=True), first_position):
        invoice = _named(source.company, event)
        line = _line(source, event.source, invoice, position)
        if event.answer is None:
            _keep_event(line, event, kept)
        else:
            _keep_answer(line, event.answer, kept)
        lines.append(line)
    ImportLine.objects.bulk_create(lines)


def _line(source: Import, file: str, invoice: Invoice | None, position: int) -> ImportLine:
    line = ImportLine(company=source.company, source=source, position=position, file=file[:500], invoice=invoice)
    if invoice is not None:
        line.kind, line.number = invoice.kind, invoice.number
    return line


def _attach(line: ImportLine, kept: Kept, held: dict[int, str]) -> None:
    invoice = line.invoice
    if invoice is None:
        what = _("no nombra ninguna factura de las que hay")
        mend = _("Importe primero la factura, o póngale al PDF el número de ella.")
        refuse(line, _("nombre del archivo"), what, mend)
        return
    if held.get(invoice.pk) == kept.sha256:
        line.outcome = Outcome.UNCHANGED
    elif invoice.pk in held:
        what = _("la factura %(number)s ya tiene otro PDF") % {"number": invoice.number}
        refuse(line, _("archivo"), what, _("Se dejó el que estaba, que es el que se envía."))
    else:
        line.outcome = Outcome.IMPORT
        held[invoice.pk] = kept.sha256
        InvoiceFile.objects.create(company=line.company, invoice=invoice, **asdict(kept))


def _keep_event(line: ImportLine, event: ReadEvent, kept: Kept) -> None:
    line.facts = _facts(event)
    if not line.number:
        line.number = event.number[:60]
    here, is_new = InvoiceEvent.objects.get_or_create(
        company=line.company,
        sha256=kept.sha256,
        defaults={
            "invoice": line.invoice,
            "code": event.code[:4],
            "number": event.number[:60],
            "reference": event.reference[:60],
            "reference_uuid": event.reference_uuid[:96],
            "issue_date": event.issue_date,
            "sender_name": event.sender.name[:450],
            "description": event.description[:300],
        },
    )
    finds_its_invoice = here.invoice_id is None and line.invoice is not None
    if finds_its_invoice:  # it came before its invoice
        here.invoice = line.invoice
        here.save(update_fields=["invoice"])
    line.outcome = Outcome.EVENT if is_new or finds_its_invoice else Outcome.UNCHANGED


def _keep_answer(line: ImportLine, answer: ValidationData, kept: Kept) -> None:
    """DIAN's answer that came after its document."""
    invoice = line.invoice
    if invoice is None:
        what = _("es la respuesta de la DIAN a un documento que no está aquí")
        refuse(line, _("archivo"), what, _("Importe primero el documento, o los dos juntos."))
        return
    if invoice.validation_code:
        line.outcome = Outcome.UNCHANGED
        return
    line.outcome = Outcome.IMPORT
    content = InvoiceContent.objects.get(invoice=invoice)
    content.data = serial.to_json(replace(serial.from_json(content.data), validation=answer))
    content.save(update_fields=["data"])
    Invoice.objects.filter(pk=invoice.pk).update(validation_code=answer.code)
    file = asdict(kept) | {"role": FileRole.VALIDATION}
    InvoiceFile.objects.get_or_create(
        company=line.company, invoice=invoice, role=file["role"], sha256=kept.sha256, defaults=file
    )


def _named(company: Company, event: ReadEvent) -> Invoice | None:
    named = Q(number=event.reference)
    if event.reference_uuid:
        named |= Q(uuid=event.reference_uuid.lower())
    return Invoice.objects.of(company).filter(named).order_by("-issue_date").first()


def _facts(event: ReadEvent) -> dict[str, Any]:
    return {
        "kind": "event",
        "type_code": event.code,
        "number": event.number,
        "issue_date": event.issue_date.isoformat() if event.issue_date else None,
        "supplier": event.sender.tax_id,
        "customer_id": event.receiver.tax_id,
        "customer_name": event.receiver.name,
        "uuid": event.uuid,
        "reference": event.reference,
    }


def refuse(line: ImportLine, where: str, what: str, mend: str) -> None:
    """Says on the line of a file what is wrong with it, and how to mend it."""
    line.outcome = Outcome.REFUSE
    line.messages = [{"where": where, "what": what, "mend": mend, "level": "warning"}]
