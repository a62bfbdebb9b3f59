"""An order becomes the bytes of its mail: documents read or drawn, enclosed, composed, checked. No query: for threads.

The same code serves sending, Ensayo, preview and test mails, so that what was tried is what goes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cartero.companies.models import Company
from cartero.composing import mime, values
from cartero.composing.letter import Frame, Letter, LetterDocument, Sender
from cartero.composing.mime import Mail, Prepared
from cartero.documents import checking, countries, enclosing, typst
from cartero.documents.enclosing import Enclosure, Papers
from cartero.documents.look import Look
from cartero.invoices import storing
from cartero.invoices.data import Document
from cartero.invoices.states import FileRole, InvoiceKind
from cartero.mailings import links, loading, return_paths
from cartero.mailings.links import Purpose
from cartero.mailings.loading import Order, OrderedDocument, StoredFile
from cartero.mailings.models import Mailing
from cartero.platform import formats, ids
from cartero.platform.errors import CarteroError
from cartero.platform.storage import StorageAway
from cartero.transport.models import MailAccount

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
    return_address: str = ""
    links_at: str = ""
    """Where the links of its mails lead, without a slash at the end; empty where they have none."""
    has_view: bool = False
    has_pixel: bool = False
    link_key: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A PDF that was made for this mail, worth keeping until the mailing is finished."""

    invoice_id: int
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Made:
    """A mail that may go. `attached` tells name, size and SHA-256 of each attachment.

    `proof` is all that it takes, beside the rows, to make the same bytes again and to know them: the SHA-256 of the
    mail, its envelope's sender, and what the tercero and the documents were then (`loading.as_it_was` reads it).
    """

    mail: Mail
    letter: Letter
    drawn: tuple[Drawn, ...]
    attached: tuple[dict[str, Any], ...]
    proof: dict[str, Any]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unmade:
    """A mail that may not go, and why: a code, and words for the clerk."""

    reason: str
    detail: str


def sender_of(account: MailAccount) -> dict[str, str]:
    """What of an account stands in its mails."""
    return {name: getattr(account, name) for name in ("from_address", "from_name", "reply_to")}


def links_of(company: Company) -> dict[str, Any]:
    """What the mails of a company say of links today: where they lead, whether one can pay there, and a pixel."""
    if not (settings.LINKS_URL and company.link_key_sealed):
        return {}
    return {
        "at": settings.LINKS_URL,
        "view": company.has_links,
        "payable": bool(company.pay_url),
        "pixel": company.has_links and company.has_pixel,
    }


def kit_of(mailing: Mailing, *, test: bool = False, then: Mapping[str, Any] | None = None) -> Kit:
    """Prepares what the mails of `mailing` share; `then` are the facts of its recipe, where it is not as it is now.

    Raises BadAddress when the account's own address is no address, FileLost without its logo, SealBroken without the
    key of its links.
    """
    look, account = mailing.look, then["sender"] if then else sender_of(mailing.account)
    linked = then.get("links", {}) if then else links_of(mailing.company)
    drawn = look_of(mailing.company_id, look)
    frame = Frame(
        sender=replace(shown_sender(look, account), logo=drawn.logo),
        subject=mailing.subject,
        message_html=mailing.message_html,
        legal=mailing.is_legal,
        test=test,
        payable=linked.get("payable", False),
        unsubscribe=bool(linked) and not mailing.is_legal and not test,
    )
    return Kit(
        company_id=mailing.company_id,
        prepared=mime.prepare(frame),
        look=drawn,
        legal=mailing.is_legal,
        business_line=mailing.business_line,
        period=formats.month(mailing.period) if mailing.period else "",
        max_size=mailing.account.max_size,
        return_address=mailing.account.return_address,
        links_at=linked.get("at", ""),
        has_view=linked.get("view", True),
        has_pixel=linked.get("pixel", False),
        link_key=links.key_of(mailing.company) if linked else b"",
    )


def shown_sender(look: Mapping[str, str], account: Mapping[str, str]) -> Sender:
    """The company as its mails show it, but for its logo; `account` is what `sender_of` says of it."""
    return Sender(
        name=look["name"],
        trade_name=look["trade_name"],
        tax_id=formats.nit(look["tax_id"], look["check_digit"]),
        from_address=account["from_address"],
        from_name=account["from_name"] or look["trade_name"] or look["name"],
        reply_to=account["reply_to"] or look["email"],
        phone=look["phone"],
        address=look["address"],
        city=look["city"],
        color=look["color"],
    )


def make(order: Order, kit: Kit) -> Made | Unmade:
    """The mail of `order`, or why it may not go. One that cannot be made harms no other. Raises StorageAway."""
    try:
        return _made(order, kit)
    except StorageAway:  # no fault of this mail's: it is made once files can be read
        raise
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
    return replace(papers, drawn=typst.render(document.data, look_of(company_id, look), enclosing.original(papers)))


def look_of(company_id: int, look: dict[str, str]) -> Look:
    """A look as a document shows it, its logo read. Raises FileLost."""
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
        logo=storing.read(company_id, look["logo_sha256"]) if look["logo_sha256"] else b"",
        country=look["country"],
    )


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
        proof={
            "sha256": ids.sha256(mail.message),
            "from": mail.envelope_from,
            "subject": mail.subject,
            "as": loading.as_it_is(order),
        },
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
    return enclosing.StoredFile(role=file.role, document=document, sha256=file.sha256, is_compared=True)


def _drawn(document: OrderedDocument, kit: Kit) -> bytes:
    """PDF/A-3 with the invoice's own XML inside, where there is one apart from a container."""
    originals = [file for file in document.files if file.role in _ORIGINALS][:1]
    inside = tuple(_stored(kit.company_id, file).document for file in originals)
    return typst.render(document.data, kit.look, inside)


def _letter(order: Order, kit: Kit, attachments: tuple[Document, ...]) -> Letter:
    documents = tuple(row_of(document) for document in order.documents)
    first, made = order.documents[0].head, _token(order, kit)
    link = links.url(kit.links_at, made) if made else ""
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
        envelope_from=return_paths.of(kit.return_address, order.delivery_id),
        view_url=link,
        not_mine_url=f"{link}#no-soy-yo" if link else "",
        unsubscribe_url=_unsubscribe(order, kit),
        pixel_url=links.pixel_url(kit.links_at, made) if made and kit.has_pixel else "",
    )


def _token(order: Order, kit: Kit) -> str:
    """That of its page, empty where it has none."""
    if not (kit.links_at and kit.has_view):
        return ""
    purpose = Purpose.TEST if kit.prepared.frame.test else Purpose.VIEW
    return links.token(kit.link_key, order.delivery_id, purpose)


def _unsubscribe(order: Order, kit: Kit) -> str:
    """A legal delivery has none: an invoice is not something one asks not to get."""
    if not kit.prepared.frame.unsubscribe:
        return ""
    made = links.token(kit.link_key, order.delivery_id, Purpose.UNSUBSCRIBE)
    return links.unsubscribe_url(kit.links_at, made)


def row_of(document: OrderedDocument) -> LetterDocument:
    """A document as the mail and its page list it."""
    data = document.head
    return LetterDocument(
        kind=data.kind,
        kind_label=_label(data.kind, get_language()),
        number=data.number,
        type_code=data.type_code,
        issue_date=data.issue_date,
        due_date=data.due_date,
        currency=data.currency,
        total=data.totals.payable,
        balance=document.balance,
        period=document.period,
    )


@cache
def _label(kind: str, _language: str | None) -> str:
    """Looked up once: every mail says it."""
    return str(InvoiceKind(kind).label)


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


def code_of(error: CarteroError) -> str:
    """`NotDrawn` → `not_drawn`: what a page and a program may know the reason by."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
