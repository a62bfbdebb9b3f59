"""Nothing leaves unless its files are right: the last look at the bytes, before a server sees them."""

from hashlib import sha256
from html import unescape
from string import ascii_letters, digits

from cartero.documents import countries, zipping
from cartero.documents.enclosing import Enclosed, Enclosure, Papers, StoredFile, Trouble, Unfit, received, shown_name
from cartero.documents.glyphs import drawable
from cartero.invoices.data import Document, InvoiceData
from cartero.invoices.states import FileRole
from cartero.platform import formats

ZIP_TYPE = "application/zip"
_SIGNS = (digits + ascii_letters).encode()


def check_enclosed(order: Enclosure, enclosed: Enclosed) -> Unfit | None:
    """None when the mail may leave. A received file was opened at intake, so its hash is enough; our ZIPs open here."""
    if order.most_bytes is not None and enclosed.size > order.most_bytes:
        return _unfit(Trouble.TOO_LARGE, size=formats.size(enclosed.size), limit=formats.size(order.most_bytes))
    expected = _expected(order)
    found: list[Document] = []
    for document in enclosed.documents:
        leaves = _leaves(document, expected)
        if leaves is None:
            return _unfit(Trouble.BROKEN, name=document.name)
        found += leaves
    for papers in order.papers:
        unfit = _party(papers.data, order) or _received(papers, order, found) or _drawn(papers, order, found)
        if unfit:
            return unfit
    strange = next((document.name for document in found if document.content not in expected), None)
    return _unfit(Trouble.UNEXPECTED, name=strange) if strange else None


def _unfit(trouble: Trouble, **facts: str) -> Unfit:
    return Unfit(trouble=trouble, facts=facts)


def _expected(order: Enclosure) -> list[bytes]:
    """The contents that are to go; to compare them costs less than to hash what is found."""
    files = (file for papers in order.papers for file in received(papers, order) if _is_as_received(file))
    drawn = (papers.drawn for papers in order.papers if _goes_drawn(papers))
    return [*(file.document.content for file in files), *drawn]


def _is_as_received(file: StoredFile) -> bool:
    return file.is_compared or sha256(file.document.content).hexdigest() == file.sha256


def _leaves(document: Document, expected: list[bytes]) -> list[Document] | None:
    """The files in a document: itself, or what a ZIP of our own holds; None where that one does not open."""
    if document.media_type != ZIP_TYPE or document.content in expected:
        return [document]
    entries = zipping.unzipped(document.content)
    if entries is None:
        return None
    found: list[Document] = []
    for name, content in entries.items():
        media_type = ZIP_TYPE if zipping.is_zip(content) else ""
        leaves = _leaves(Document(name=name, media_type=media_type, content=content), expected)
        if leaves is None:
            return None
        found += leaves
    return found


def _among(found: list[Document], content: bytes) -> Document | None:
    return next((document for document in found if document.content == content), None)


def _party(data: InvoiceData, order: Enclosure) -> Unfit | None:
    if _plain(data.customer.tax_id) == _plain(order.party_tax_id):
        return None
    return _unfit(Trouble.OTHER_PARTY, number=data.number, tax_id=data.customer.tax_id)


def _received(papers: Papers, order: Enclosure, found: list[Document]) -> Unfit | None:
    """Each stored file is there as its row has it, and the XML among them names this very document."""
    names = {document.name for document in found}
    for file in received(papers, order):
        document = _among(found, file.document.content)
        if not document or not _is_as_received(file):
            name = shown_name(file, papers.data, countries.of(order.country))
            return _unfit(Trouble.CHANGED if name in names else Trouble.MISSING, name=name)
        unfit = _named(file, document, papers.data)
        if unfit:
            return unfit
    return None


def _named(file: StoredFile, document: Document, data: InvoiceData) -> Unfit | None:
    if file.role not in (FileRole.CONTAINER, FileRole.XML):
        return None
    if _says_plainly(document.content, data):
        return None
    text = _text(document.content)
    if not _names(text, data.number):
        return _unfit(Trouble.OTHER_NUMBER, name=document.name, number=data.number)
    if data.uuid and data.uuid.lower() not in text.lower():
        return _unfit(Trouble.OTHER_UUID, name=document.name, number=data.number)
    return None


def _drawn(papers: Papers, order: Enclosure, found: list[Document]) -> Unfit | None:
    """A PDF of our own is whole, and says in its metadata whose it is."""
    if not _goes_drawn(papers):
        return None
    number = papers.data.number
    document = _among(found, papers.drawn)
    if not document:
        return _unfit(Trouble.MISSING, name=f"{number}.pdf")
    if not document.content.startswith(b"%PDF-") or not document.content.rstrip().endswith(b"%%EOF"):
        return _unfit(Trouble.BROKEN, name=document.name)
    description = _description(document.content)
    if not _names(description, drawable(number)):
        return _unfit(Trouble.OTHER_NUMBER, name=document.name, number=number)
    if drawable(papers.data.uuid) not in description:
        return _unfit(Trouble.OTHER_UUID, name=document.name, number=number)
    return None


def _goes_drawn(papers: Papers) -> bool:
    return bool(papers.drawn) and not papers.newest(FileRole.PDF)


def _description(pdf: bytes) -> str:
    """How a PDF that `typst` made describes itself (`sheet.meta`, which stands in it as XMP)."""
    _before, _opening, rest = pdf.partition(b"<dc:description>")  # a pattern would take three times as long
    said, closing, _after = rest.partition(b"</dc:description>")
    return unescape(said.decode("utf-8", "replace")) if closing else ""


def _says_plainly(xml: bytes, data: InvoiceData) -> bool:
    """Whether number and code stand in the bytes as they are, no entity beside them: nothing need be decoded then."""
    number, uuid = data.number.encode(), data.uuid.encode()
    return uuid in xml and _stands_alone(number, xml, apart_from=_SIGNS + b"&;")


def _names(text: str, number: str) -> bool:
    """Whether `number` stands there alone: FE1 is not in FE18342."""
    return _stands_alone(number.encode(), text.encode(), apart_from=_SIGNS)


def _stands_alone(number: bytes, text: bytes, *, apart_from: bytes) -> bool:
    """By searching, since a pattern of its own for each number would cost more than the rest of the check."""
    start = text.find(number)
    while start >= 0:
        end = start + len(number)
        beside = text[max(start - 1, 0) : start] + text[end : end + 1]
        if not any(sign in apart_from for sign in beside):
            return True
        start = text.find(number, start + 1)
    return False


def _text(xml: bytes) -> str:
    """XML in any of the encodings that are met, good enough to look for codes in."""
    return unescape(xml.decode("utf-16" if b"\0" in xml[:100] else "utf-8", "replace"))


def _plain(tax_id: str) -> str:
    return "".join(sign for sign in tax_id if sign.isalnum()).upper()
