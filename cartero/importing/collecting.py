"""Gathers what readers find, saves it in batches, and at the end what had to wait for all else."""

from cartero.importing import filing, matching, saving, saving_people
from cartero.importing.models import Import, ImportLine, Outcome
from cartero.importing.parcels import LoosePdf, ReadEvent, ReadInvoice
from cartero.importing.party_rows import PartyRow
from cartero.importing.refusals import Refusal, Remark
from cartero.invoices.states import InvoiceKind

BATCH = 500
PDF_KIND = "pdf_kind"  # the option that says what loose PDFs are; without it, of the documents that they name


class Collector:
    """One pass over an import, in the caller's transaction."""

    def __init__(self, source: Import) -> None:
        self.source = source
        self.position = 0
        self.invoices: list[ReadInvoice] = []
        self.people: list[PartyRow] = []
        self.refusals: list[Refusal] = []
        self.remarks: list[Remark] = []  # about a file, not a row of it
        self.pdfs: list[LoosePdf] = []
        self.loose: list[matching.KeptPdf] = []
        self.events: list[ReadEvent] = []

    def take(self, found: object) -> None:
        match found:
            case ReadInvoice():
                self.invoices.append(found)
            case PartyRow():
                self.people.append(found)
            case Refusal():
                self.refusals.append(found)
            case Remark():
                self.remarks.append(found)
            case LoosePdf():
                self.pdfs.append(found)
            case ReadEvent():
                self.events.append(found)
        if len(self.invoices) + len(self.people) + len(self.refusals) + len(self.pdfs) >= BATCH:
            self._save()

    def finish(self) -> None:
        """PDFs and events come last: their documents may have come after them."""
        self._save()
        first = self._next(len(self.loose))
        if kind := self.source.options.get(PDF_KIND):
            filing.file_pdfs(self.source, InvoiceKind(kind), self.loose, first)
        else:
            matching.attach_pdfs(self.source, self.loose, first)
        matching.keep_events(self.source, self.events, self._next(len(self.events)))

    def _save(self) -> None:
        saving.save(self.source, self.invoices, self._next(len(self.invoices)))
        saving_people.save(self.source, self.people, self._next(len(self.people)))
        self.loose += matching.keep(self.source, self.pdfs)  # their bytes need not wait in memory
        first = self._next(len(self.refusals))
        ImportLine.objects.bulk_create(
            _refused(self.source, refusal, first + offset) for offset, refusal in enumerate(self.refusals)
        )
        self.invoices, self.people, self.pdfs, self.refusals = [], [], [], []

    def _next(self, many: int) -> int:
        first = self.position + 1
        self.position += many
        return first


def _refused(source: Import, refusal: Refusal, position: int) -> ImportLine:
    return ImportLine(
        company=source.company,
        source=source,
        position=position,
        file=refusal.file[:500],
        where=refusal.where[:300],
        outcome=Outcome.REFUSE,
        number=refusal.number[:60],
        messages=[{"where": refusal.where, "what": refusal.what, "mend": refusal.mend, "level": "warning"}],
    )
