"""The files of a document: its PDF in the page, the ZIP of its delivery, each file as it was received."""

from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.documents import naming, zipping
from cartero.invoices import storing
from cartero.invoices.data import Document
from cartero.invoices.models import Invoice, InvoiceFile
from cartero.invoices.states import FileRole
from cartero.mailings import trial
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, framable, sealed

# What a stranger wrote is served as one of these, never as what it says it is.
TYPES = {
    FileRole.PDF: "application/pdf",
    FileRole.CONTAINER: "application/xml",
    FileRole.XML: "application/xml",
    FileRole.VALIDATION: "application/xml",
    FileRole.EVENT: "application/xml",
}
UNKNOWN = "application/octet-stream"


@require_GET
@role(Role.READER)
@framable
def pdf(request: CompanyRequest, pk: int) -> HttpResponse:
    """As received, else drawn as the company looks today. `?bajar` saves it. Raises NotDrawn, FileLost."""
    return _answer(trial.pdf_alone(invoice_of(request, pk)), as_attachment="bajar" in request.GET)


@require_GET
@role(Role.READER)
@sealed
def bundle(request: CompanyRequest, pk: int) -> HttpResponse:
    """What a legal delivery would attach today. Raises NotDrawn, FileLost, NothingToEnclose."""
    invoice = invoice_of(request, pk)
    documents = trial.files_alone(invoice)
    if len(documents) == 1 and zipping.is_zip(documents[0].content):
        return _answer(documents[0])
    content = zipping.zip_bytes(documents, datetime.combine(invoice.issue_date, time(0)))
    name = naming.of_number(invoice.number, "zip")
    return _answer(Document(name=name, media_type="application/zip", content=content))


@require_GET
@role(Role.READER)
@sealed
def received(request: CompanyRequest, pk: int, file_pk: int) -> HttpResponse:
    """The bytes as they came. Raises FileLost."""
    file = get_object_or_404(InvoiceFile.objects.of(request.company), invoice=pk, pk=file_pk)
    media_type = TYPES.get(FileRole(file.role), UNKNOWN)
    content = storing.read(file.company_id, file.sha256)
    return _answer(Document(name=naming.safe(file.name) or str(file.pk), media_type=media_type, content=content))


def invoice_of(request: CompanyRequest, pk: int) -> Invoice:
    """Her company's document, or a 404."""
    return get_object_or_404(Invoice.objects.of(request.company).select_related("company", "party", "content"), pk=pk)


def _answer(document: Document, *, as_attachment: bool = True) -> HttpResponse:
    """The file under its name, as RFC 6266 writes it."""
    answer = HttpResponse(document.content, content_type=document.media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment, document.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
