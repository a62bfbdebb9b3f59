"""An order becomes the bytes of its mail: documents read or drawn, enclosed, composed, checked. No query: for threads.

The same code serves sending, Ensayo, preview and test mails, so that what was tried is what goes.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from cartero.composing import mime, values
from cartero.composing.letter import Frame, Letter, LetterDocument, Sender
from cartero.composing.mime import Mail, Prepared
from cartero.documents import checking, countries, enclosing, typst
from cartero.documents.enclosing import Enclosure, Papers
from cartero.documents.look import Look
from cartero.invoices import storing
from cartero.invoices.data import Document
from cartero.invoices.states import FileRole, InvoiceKind
from cartero.mailings.loading import Order, OrderedDocument, StoredFile
from cartero.mailings.models import Mailing
from cartero.platform import formats, ids
from cartero.platform.errors import CarteroError

BASE64 = 1.37  # what a byte of an attachment weighs in the mail
_ORIGINALS = (FileRole.CONTAINER, FileRole.XML)


@dataclass(frozen=True, kw_only=True)
class Kit:
    """What all mails of a mailing share, prepared once."""

    company_id: int
    prepared: Prepared
    look: Look
    legal: bool
    business_line: str
    period: str
    max_size: int


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A PDF that was made for this mail, worth keeping until the mailing is finished."""

    invoice_id: int
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Made:
    """A mail that may go. `attached` tells name, size and SHA-256 of each attachment."""

    mail: Mail
    letter: Letter
    drawn: tuple[Drawn, ...]
    attached: tuple[dict[str, Any], ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unmade:
    """A mail that may not go, and why: a code, and words for the clerk."""

    reason: str
    detail: str


def kit_of(mailing: Mailing, *, test: bool = False) -> Kit:
    """Prepares what the mails of `mailing` share. Raises BadAddress when the account's own address is no address."""
    look, account = mailing.look, mailing.account
    logo = storing.read(mailing.company_id, look["logo_sha256"]) if look["logo_sha256"] else b""
    sender = Sender(
        name=look["name"],
        trade_name=look["trade_name"],
        tax_id=formats.nit(look["tax_id"], look["check_digit"]),
        from_address=account.from_address,
        from_name=account.from_name or look["trade_name"] or look["name"],
        reply_to=account.reply_to or look["email"],
        phone=look["phone"],
        address=look["address"],
        city=look["city"],
        color=look["color"],
        logo=logo,
    )
    frame = Frame(
        sender=sender,
        subject=mailing.subject,
        message_html=mailing.message_html,
        legal=mailing.is_legal,
        test=test,
    )
    return Kit(
        company_id=mailing.company_id,
        prepared=mime.prepare(frame),
        look=_look(look, logo),
        legal=mailing.is_legal,
        business_line=mailing.business_line,
        period=formats.month(mailing.period) if mailing.period else "",
        max_size=account.max_size,
    )


def make(order: Order, kit: Kit) -> Made | Unmade:
    """The mail of `order`, or why it may not go. One that cannot be made harms no other."""
    try:
        return _made(order, kit)
    except CarteroError as error:
        return Unmade(reason=code_of(error), detail=error.user_text)


def pdf_of(document: OrderedDocument, kit: Kit) -> Document:
    """The PDF of a document: as received, else as the Ensayo made it, else drawn. Raises NotDrawn, FileLost."""
    papers, _drawn = _papers(document, kit)
    received = next((file.document for file in papers.files if file.role == FileRole.PDF), None)
    return received or Document(name=f"{document.head.number}.pdf", media_type=enclosing.PDF_TYPE, content=papers.drawn)


def papers_alone(document: OrderedDocument, company_id: int, look: dict[str, str]) -> Papers:
    """A document outside any mailing, with all its files; its PDF is drawn with `look` where none was received.

    Raises NotDrawn, FileLost.
    """
    files = tuple(_stored(company_id, file) for file in document.files)
    papers = Papers(data=document.data, files=files)
    if papers.newest(FileRole.PDF):
        return papers
    logo = storing.read(company_id, look["logo_sha256"]) if look["logo_sha256"] else b""
    return replace(papers, drawn=typst.render(document.data, _look(look, logo), enclosing.original(papers)))


def _made(order: Order, kit: Kit) -> Made | Unmade:
    papers, drawn = [], []
    for document in order.documents:
        of_one, is_new = _papers(document, kit)
        papers.append(of_one)
        if is_new:
            drawn.append(Drawn(invoice_id=document.invoice_id, content=of_one.drawn))
    wanted = Enclosure(
        papers=tuple(papers),
        country=kit.look.country,
        legal=kit.legal and not order.pdf_only,
        party_tax_id=order.party_tax_id,
        most_bytes=int(kit.max_size / BASE64),
    )
    enclosed = enclosing.enclose(wanted)
    if isinstance(enclosed, enclosing.Unfit):
        return Unmade(reason=enclosed.trouble.value, detail=enclosed.user_text)
    if unfit := checking.check_enclosed(wanted, enclosed):
        return Unmade(reason=unfit.trouble.value, detail=unfit.user_text)
    letter = _letter(order, kit, enclosed.documents)
    mail = mime.compose(kit.prepared, letter)
    if problem := _problem(mail, letter, kit):
        return problem
    return Made(
        mail=mail,
        letter=letter,
        drawn=tuple(drawn),
        attached=tuple(_told(document) for document in enclosed.documents),
        remarks=tuple(remark.user_text for remark in enclosed.remarks),
    )


def _papers(document: OrderedDocument, kit: Kit) -> tuple[Papers, bool]:
    """The document with its files, and whether its PDF was drawn just now."""
    wanted = [file for file in document.files if kit.legal or file.role == FileRole.PDF]
    files = tuple(_stored(kit.company_id, file) for file in wanted)
    if any(file.role == FileRole.PDF for file in files):
        return Papers(data=document.head, files=files), False
    if document.rendered:
        try:
            return Papers(data=document.head, files=files, drawn=storing.read(kit.company_id, document.rendered)), False
        except storing.FileLost:
            pass  # a purge, or a disk that was full: it is drawn again
    return Papers(data=document.head, files=files, drawn=_drawn(document, kit)), True


def _stored(company_id: int, file: StoredFile) -> enclosing.StoredFile:
    content = storing.read(company_id, file.sha256)
    document = Document(name=file.name, media_type=file.media_type, content=content)
    return enclosing.StoredFile(role=file.role, document=document, sha256=file.sha256)


def _drawn(document: OrderedDocument, kit: Kit) -> bytes:
    """PDF/A-3 with the invoice's own XML inside, where there is one apart from a container."""
    originals = [file for file in document.files if file.role in _ORIGINALS][:1]
    inside = tuple(_stored(kit.company_id, file).document for file in originals)
    return typst.render(document.data, kit.look, inside)


def _letter(order: Order, kit: Kit, attachments: tuple[Document, ...]) -> Letter:
    documents = tuple(_row(document) for document in order.documents)
    first = order.documents[0].head
    return Letter(
        message_id=order.message_id,
        date=order.moment,
        to=order.to,
        subject=countries.of(kit.look.country).subject(first, kit.business_line) if kit.legal else "",
        fields=values.values_for(
            documents, recipient=order.recipient, sender=kit.prepared.frame.sender, period=kit.period
        ),
        documents=documents,
        attachments=attachments,
    )


def _row(document: OrderedDocument) -> LetterDocument:
    data = document.head
    return LetterDocument(
        kind=data.kind,
        kind_label=str(InvoiceKind(data.kind).label),
        number=data.number,
        type_code=data.type_code,
        issue_date=data.issue_date,
        due_date=data.due_date,
        currency=data.currency,
        total=data.totals.payable,
        balance=document.balance,
        period=document.period,
    )


def _problem(mail: Mail, letter: Letter, kit: Kit) -> Unmade | None:
    """What the finished bytes show to be wrong; nothing incomplete is ever sent."""
    if empty := [name for name in sorted(kit.prepared.fields) if not letter.fields.get(name)]:
        return Unmade(reason="empty_field", detail=_("El comodín «%(name)s» queda vacío.") % {"name": empty[0]})
    if words := mime.check(mail):
        return Unmade(reason="bad_mail", detail=words)
    if mail.size > kit.max_size:
        facts = {"size": formats.size(mail.size), "limit": formats.size(kit.max_size)}
        return Unmade(reason="too_large", detail=_("El correo pesa %(size)s y la cuenta admite %(limit)s.") % facts)
    return None


def _told(document: Document) -> dict[str, Any]:
    return {"name": document.name, "size": len(document.content), "sha256": ids.sha256(document.content)}


def _look(look: dict[str, str], logo: bytes) -> Look:
    return Look(
        legal_name=look["name"],
        tax_id=look["tax_id"],
        check_digit=look["check_digit"],
        trade_name=look["trade_name"],
        address=look["address"],
        city=look["city"],
        phone=look["phone"],
        email=look["email"],
        color=look["color"],
        logo=logo,
        country=look["country"],
    )


def code_of(error: CarteroError) -> str:
    """`NotDrawn` → `not_drawn`: what a page and a program may know the reason by."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
