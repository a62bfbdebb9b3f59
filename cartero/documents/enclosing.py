"""Which files go with a mail, under which names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cartero.documents import countries, naming
from cartero.documents.countries.country import Country, Parcel
from cartero.invoices.data import Document, InvoiceData
from cartero.invoices.states import FileRole
from cartero.platform import formats

PDF_TYPE = "application/pdf"
TRIAL = "2"  # cbc:ProfileExecutionID


class Trouble(TextChoices):
    """Why a mail may not leave. The value is stored; the label is shown with its facts filled in."""

    NO_FILES = "no_files", _("%(number)s no tiene archivos que enviar. Impórtelo de nuevo con su XML o su PDF.")
    NO_PDF = "no_pdf", _("%(number)s no tiene PDF. Impórtelo de nuevo con su PDF.")
    SEVERAL = "several_documents", _("Una entrega legal lleva un solo documento, y esta lleva %(count)s.")
    MISSING = "file_missing", _("Falta %(name)s entre los archivos del correo.")
    UNEXPECTED = "file_unexpected", _("%(name)s no es de los documentos de este correo.")
    BROKEN = "file_broken", _("%(name)s no se puede abrir. Impórtelo de nuevo.")
    CHANGED = "file_changed", _("%(name)s no es igual al archivo que se recibió. Impórtelo de nuevo.")
    OTHER_NUMBER = "other_number", _("%(name)s no nombra a %(number)s: es de otro documento.")
    OTHER_UUID = "other_uuid", _("%(name)s no lleva el código único de %(number)s: es de otro documento.")
    OTHER_PARTY = "other_party", _("%(number)s es de otro tercero (%(tax_id)s), no de quien recibe este correo.")
    TOO_LARGE = "files_too_large", _("Los archivos pesan %(size)s y la cuenta de correo admite %(limit)s.")


class Concern(TextChoices):
    """What should be known of a mail that may leave all the same."""

    NO_CONTAINER = "no_container", _("%(number)s va sin contenedor electrónico: no venía entre sus archivos.")
    NO_PDF = "no_pdf", _("%(number)s va sin representación gráfica.")
    OVER_RULE = "over_rule", _("Los archivos pesan %(size)s y la norma admite %(limit)s. Puede dejar fuera los anexos.")
    TRIAL = "trial_document", _("%(number)s es un documento de prueba, sin validez fiscal.")


@dataclass(frozen=True, kw_only=True)
class Unfit:
    """The mail may not leave."""

    trouble: Trouble
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def user_text(self) -> str:
        return str(self.trouble.label) % self.facts


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something to know of a mail that leaves."""

    concern: Concern
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def user_text(self) -> str:
        return str(self.concern.label) % self.facts


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file as it was received. `sha256` (hex) is that of its row, not reckoned from these bytes.

    `is_compared`: whoever read these bytes found them to be those of the row.
    """

    role: str
    document: Document
    sha256: str
    is_compared: bool = False


@dataclass(frozen=True, kw_only=True)
class Papers:
    """One document with its files, oldest first; of several PDFs or containers the newest counts."""

    data: InvoiceData
    files: tuple[StoredFile, ...] = ()
    drawn: bytes = b""
    """Its PDF made from data, where none was received."""

    def newest(self, role: FileRole) -> StoredFile | None:
        return self._newest.get(role)

    @cached_property
    def _newest(self) -> dict[str, StoredFile]:
        return {file.role: file for file in self.files}


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """What one mail is about: its documents, whose they are, and how they go."""

    papers: tuple[Papers, ...]
    country: str
    legal: bool
    party_tax_id: str
    with_annexes: bool = True
    most_bytes: int | None = None
    """What the mail account takes of attachments, before base64."""


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """The files of a mail, and what should be known of them."""

    documents: tuple[Document, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def size(self) -> int:
        return sum(len(document.content) for document in self.documents)


def enclose(order: Enclosure) -> Enclosed | Unfit:
    """A legal delivery packed as its country wants it; of a copy the PDFs alone."""
    country = countries.of(order.country)
    if order.legal and len(order.papers) > 1 and not country.grouping:
        return Unfit(trouble=Trouble.SEVERAL, facts={"count": str(len(order.papers))})
    documents: list[Document] = []
    for papers in order.papers:
        parcel = parcel_of(papers, order)
        lacking = _lacking(parcel, legal=order.legal)
        if lacking:
            return Unfit(trouble=lacking, facts={"number": papers.data.number})
        documents += country.pack(parcel) if order.legal else filter(None, [parcel.pdf])
    enclosed = Enclosed(documents=naming.apart(documents))
    return replace(enclosed, remarks=tuple(_remarks(order, enclosed.size)))


def original(papers: Papers) -> tuple[Document, ...]:
    """The XML that a PDF made from data carries inside: the document itself, else its container."""
    file = papers.newest(FileRole.XML) or papers.newest(FileRole.CONTAINER)
    return (file.document,) if file else ()


def received(papers: Papers, order: Enclosure) -> tuple[StoredFile, ...]:
    """The stored files that this mail has to carry, byte for byte."""
    container = papers.newest(FileRole.CONTAINER)
    pdf = papers.newest(FileRole.PDF)
    if not order.legal:
        return tuple(filter(None, [pdf]))
    loose = () if container else (papers.newest(FileRole.XML), papers.newest(FileRole.VALIDATION))
    annexes = [file for file in papers.files if file.role == FileRole.ANNEX and order.with_annexes]
    return tuple(filter(None, [container, *loose, pdf, *annexes]))


def parcel_of(papers: Papers, order: Enclosure) -> Parcel:
    """Those files in their roles, under the names they get."""
    country = countries.of(order.country)
    by_role: dict[str, list[Document]] = {}
    for file in received(papers, order):
        by_role.setdefault(file.role, []).append(naming.named(file.document, shown_name(file, papers.data, country)))
    pdfs = by_role.get(FileRole.PDF) or _drawn(papers)
    return Parcel(
        data=papers.data,
        container=next(iter(by_role.get(FileRole.CONTAINER, [])), None),
        others=naming.apart([*by_role.get(FileRole.XML, []), *by_role.get(FileRole.VALIDATION, [])]),
        pdf=next(iter(pdfs), None),
        annexes=naming.apart(by_role.get(FileRole.ANNEX, [])),
    )


def shown_name(file: StoredFile, data: InvoiceData, country: Country) -> str:
    """A PDF is named by its number; the rest keep the name they came with, where it is usable."""
    name = naming.safe(file.document.name)
    if file.role == FileRole.PDF:
        return naming.of_number(data.number, "pdf")
    if file.role == FileRole.ANNEX:
        return name or naming.of_number(data.number, "anexo")
    if name.lower().endswith(".xml"):
        return name
    return country.container_name(data) if file.role == FileRole.CONTAINER else naming.of_number(data.number, "xml")


def _drawn(papers: Papers) -> list[Document]:
    if not papers.drawn:
        return []
    return [Document(name=naming.of_number(papers.data.number, "pdf"), media_type=PDF_TYPE, content=papers.drawn)]


def _lacking(parcel: Parcel, *, legal: bool) -> Trouble | None:
    if legal:
        return None if parcel.container or parcel.others or parcel.pdf else Trouble.NO_FILES
    return None if parcel.pdf else Trouble.NO_PDF


def _remarks(order: Enclosure, size: int) -> Iterable[Remark]:
    country = countries.of(order.country)
    for papers in order.papers:
        number = {"number": papers.data.number}
        if papers.data.environment == TRIAL:
            yield Remark(concern=Concern.TRIAL, facts=number)
        if order.legal and country.needs_container and not papers.newest(FileRole.CONTAINER):
            yield Remark(concern=Concern.NO_CONTAINER, facts=number)
        if order.legal and not papers.drawn and not papers.newest(FileRole.PDF):
            yield Remark(concern=Concern.NO_PDF, facts=number)
    if order.legal and country.size_limit and size > country.size_limit:
        facts = {"size": formats.size(size), "limit": formats.size(country.size_limit)}
        yield Remark(concern=Concern.OVER_RULE, facts=facts)
