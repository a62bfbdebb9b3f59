"""What stands beside the PDF of a document: the mail it goes with, and the XML as it was received, made readable."""

from dataclasses import dataclass

from lxml import etree

from cartero.importing.readers import xmltree
from cartero.importing.refusals import Remarks, UnreadableError
from cartero.invoices import storing
from cartero.invoices.models import Invoice, InvoiceFile
from cartero.invoices.states import FileRole
from cartero.mailings import trial
from cartero.mailings.models import Delivery
from cartero.mailings.states import LEFT_OUT
from cartero.mailings.trial import Preview

XMLS = (FileRole.XML, FileRole.CONTAINER, FileRole.VALIDATION)
LONGEST = 300_000  # letters shown: more than an invoice of a thousand lines, less than what stops a browser


@dataclass(frozen=True, kw_only=True)
class MailPane:
    """The mail of the newest sending that takes the document, as it goes."""

    delivery: Delivery
    preview: Preview


@dataclass(frozen=True, kw_only=True)
class XmlPane:
    """The files there are, the one shown, and its text; `is_cut` where it goes on."""

    files: list[InvoiceFile]
    file: InvoiceFile
    text: str
    is_cut: bool


def mail(invoice: Invoice) -> MailPane | None:
    """None where no sending takes it."""
    deliveries = Delivery.objects.of(invoice.company).filter(invoices=invoice).exclude(status__in=LEFT_OUT)
    newest = deliveries.select_related("party", "mailing__account", "mailing__company").order_by("-pk").first()
    return MailPane(delivery=newest, preview=trial.preview(newest)) if newest else None


def xml(invoice: Invoice, asked: str) -> XmlPane | None:
    """The file `asked` for by its id, else the first; None where none came. Raises FileLost."""
    files = sorted(invoice.files.filter(role__in=XMLS), key=lambda file: (XMLS.index(FileRole(file.role)), -file.pk))
    if not files:
        return None
    file = next((one for one in files if str(one.pk) == asked), files[0])
    text = readable(storing.read(file.company_id, file.sha256))
    return XmlPane(files=files, file=file, text=text[:LONGEST], is_cut=len(text) > LONGEST)


def readable(content: bytes) -> str:
    """Indented; what is no XML as it stands."""
    try:
        root = xmltree.parse(content, Remarks())
    except UnreadableError:
        return content.decode(errors="replace")
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")
