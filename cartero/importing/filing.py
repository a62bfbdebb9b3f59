"""PDFs that are documents of their own (certificates, receipts…), each given to the tercero that its name means."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from cartero.importing import matching, saving
from cartero.importing.matching import KeptPdf, refuse
from cartero.importing.models import Import, ImportLine, Outcome
from cartero.importing.readers import file_names
from cartero.invoices import columns, serial
from cartero.invoices.data import InvoiceData, PartyData, TotalsData
from cartero.invoices.models import Invoice, InvoiceContent, InvoiceFile
from cartero.invoices.states import FileRole, InvoiceKind
from cartero.parties.models import Party


def file_pdfs(source: Import, kind: InvoiceKind, pdfs: Sequence[KeptPdf], first_position: int) -> None:
    """A document of `kind` for each PDF, numbered by its name. The same again changes nothing. Eight statements."""
    filing = _Filing(source, kind, pdfs)
    for position, pdf in enumerate(pdfs, first_position):
        filing.take(pdf, position)
    filing.write()


class _Filing:
    """Gathers the rows of the PDFs, then writes them together."""

    def __init__(self, source: Import, kind: InvoiceKind, pdfs: Sequence[KeptPdf]) -> None:
        self.source, self.kind = source, kind
        self.by_tax_id = _by_tax_id(source, pdfs)
        self.by_number = matching.named(source.company, pdfs)
        self.held = _held(source, kind, pdfs)
        self.contents: list[InvoiceContent] = []
        self.files: list[InvoiceFile] = []
        self.lines: list[ImportLine] = []

    def take(self, pdf: KeptPdf, position: int) -> None:
        line = ImportLine(company=self.source.company, source=self.source, position=position, file=pdf.source[:500])
        line.kind, line.number = self.kind, _number(pdf)
        self.lines.append(line)
        party, held = self._named_by(pdf), self.held.get(line.number)
        where = _("nombre del archivo")
        if party is None:
            mend = _("Póngale al archivo el NIT o la cédula del tercero, o el número de uno de sus documentos.")
            refuse(line, where, _("no nombra a ningún tercero ni documento que esté aquí"), mend)
        elif held is None:
            line.outcome = Outcome.IMPORT
            self.held[line.number] = pdf.file.sha256
            self._add(line, party, pdf)
        elif held == pdf.file.sha256:
            line.outcome = Outcome.UNCHANGED
        else:
            mend = _("Se dejó el que estaba. Si es otro documento, cámbiele el nombre al archivo.")
            refuse(line, where, _("ya hay un documento con ese nombre y otro contenido"), mend)

    def write(self) -> None:
        """The caller's transaction makes it whole."""
        Invoice.objects.bulk_create([content.invoice for content in self.contents])
        InvoiceContent.objects.bulk_create(self.contents)
        InvoiceFile.objects.bulk_create(self.files)
        ImportLine.objects.bulk_create(self.lines)

    def _named_by(self, pdf: KeptPdf) -> Party | None:
        """By its NIT, else by the number of one of its documents."""
        by_tax_id = (self.by_tax_id.get(tax_id) for tax_id in file_names.tax_ids_in(pdf.source))
        by_number = (self.by_number[number].party for number in pdf.numbers if number in self.by_number)
        return next(filter(None, by_tax_id), None) or next(by_number, None)

    def _add(self, line: ImportLine, party: Party, pdf: KeptPdf) -> None:
        data = _data(self.source, self.kind, party, line.number)
        line.invoice = Invoice(company=self.source.company, **columns.of(data, party))
        line.facts = saving.facts_of(data)
        self.contents.append(InvoiceContent(invoice=line.invoice, data=serial.to_json(data)))
        self.files.append(InvoiceFile(company=self.source.company, invoice=line.invoice, **asdict(pdf.file)))


def _by_tax_id(source: Import, pdfs: Sequence[KeptPdf]) -> Mapping[str, Party]:
    """The terceros that the names may mean by their NIT."""
    tax_ids = {tax_id for pdf in pdfs for tax_id in file_names.tax_ids_in(pdf.source)}
    return {party.tax_id: party for party in Party.objects.of(source.company).filter(tax_id__in=tax_ids)}


def _held(source: Import, kind: InvoiceKind, pdfs: Sequence[KeptPdf]) -> dict[str, str]:
    """The hash of the PDF that each number has already."""
    files = InvoiceFile.objects.of(source.company).filter(role=FileRole.PDF, invoice__kind=kind)
    named = files.filter(invoice__number__in={_number(pdf) for pdf in pdfs})
    return dict(named.values_list("invoice__number", "sha256"))


def _number(pdf: KeptPdf) -> str:
    return file_names.bare(pdf.file.name)[: file_names.LONGEST_NUMBER].strip()


def _data(source: Import, kind: InvoiceKind, party: Party, number: str) -> InvoiceData:
    """All that is known of a PDF that nobody reads: whose it is, and when it came."""
    company = source.company
    return InvoiceData(
        kind=kind.value,
        number=number,
        issue_date=timezone.localdate(),
        supplier=PartyData(tax_id=company.tax_id, name=company.name),
        customer=PartyData(tax_id=party.tax_id, name=party.name, id_type=party.id_type, check_digit=party.check_digit),
        totals=TotalsData(payable=Decimal(0)),
        balance=Decimal(0),
    )
