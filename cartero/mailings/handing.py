"""What who receives a mail may take of it from its page: each document as PDF and XML, and all that was attached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cartero.composing import pay_address, sums
from cartero.composing.letter import LetterDocument
from cartero.documents import naming, zipping
from cartero.invoices import kinds, storing
from cartero.invoices.data import Document
from cartero.invoices.states import FileRole
from cartero.mailings import loading, making
from cartero.mailings.errors import MailingError
from cartero.mailings.loading import Order, OrderedDocument
from cartero.mailings.making import Unmade
from cartero.mailings.models import Delivery
from cartero.platform import formats

_XMLS = (FileRole.CONTAINER, FileRole.XML)  # the container is the legal original


class NothingToHand(MailingError):
    """The mail cannot be made again, or has no such file."""

    text = "%(why)s"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A document of a mail; `position` counts from 1."""

    position: int
    document: LetterDocument
    has_xml: bool

    @property
    def due(self) -> date | None:
        """Only what asks for money falls due."""
        return self.document.due_date if self.document.kind in kinds.ASKING else None


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a mail carries. `asked` is what is left to pay where that is known, else the total, by currency.

    `pay_url` is where it is paid; empty where there is nothing to pay, or no such page.
    """

    lines: tuple[Line, ...]
    asked: dict[str, Decimal]
    pay_url: str

    @property
    def only(self) -> Line | None:
        """Its document, where there is but one."""
        return self.lines[0] if len(self.lines) == 1 else None

    @property
    def asks_the_total(self) -> bool:
        """Whether what is asked is the whole of its only document."""
        return self.only is not None and list(self.asked.values()) == [self.only.document.total]


def contents(delivery: Delivery) -> Contents:
    """With the balances of today. Four queries."""
    (order,) = loading.orders([delivery.pk])
    documents = [making.row_of(each) for each in order.documents]
    with_xml = [any(file.role in _XMLS for file in each.files) for each in order.documents]
    lines = [
        Line(position=at, document=document, has_xml=has_xml)
        for at, (document, has_xml) in enumerate(zip(documents, with_xml, strict=True), 1)
    ]
    asked = sums.totals(documents) | sums.balances(documents)
    return Contents(lines=tuple(lines), asked=asked, pay_url=_pay_url(delivery, order, documents))


def _pay_url(delivery: Delivery, order: Order, documents: Sequence[LetterDocument]) -> str:
    address, mailing = delivery.company.pay_url, delivery.mailing
    if not (address and any(document.kind in kinds.ASKING for document in documents)):
        return ""
    period = formats.month(mailing.period) if mailing.period else ""
    sender = making.shown_sender(mailing.look, making.sender_of(mailing.account))
    return pay_address.fill(address, documents, recipient=order.recipient, sender=sender, period=period)


def pdf(delivery: Delivery, position: int) -> Document | None:
    """None where the mail has no such document. Raises NotDrawn, FileLost."""
    ordered = _ordered(delivery, position)
    if ordered is None:
        return None
    drawn = making.pdf_of(ordered, making.kit_of(delivery.mailing))
    return replace(drawn, name=naming.of_number(ordered.head.number, "pdf"))


def xml(delivery: Delivery, position: int) -> Document | None:
    """The container as it was received, else the XML; None where there is none. Raises FileLost."""
    ordered = _ordered(delivery, position)
    files = sorted(
        (file for file in ordered.files if file.role in _XMLS) if ordered else (),
        key=lambda file: _XMLS.index(FileRole(file.role)),
    )
    if not files:
        return None
    content = storing.read(delivery.company_id, files[0].sha256)
    name = naming.safe(files[0].name) or naming.of_number(files[0].sha256[:8], "xml")
    return Document(name=name, media_type="application/xml", content=content)


def bundle(delivery: Delivery) -> Document:
    """All that was attached, in one ZIP: of a legal delivery the very one. Raises NothingToHand, FileLost."""
    attached = _attached(delivery)
    if len(attached) == 1 and zipping.is_zip(attached[0].content):
        return attached[0]
    content = zipping.zip_bytes(attached, delivery.created_at)
    return Document(name=naming.of_number(delivery.mailing.name, "zip"), media_type="application/zip", content=content)


def _attached(delivery: Delivery) -> Sequence[Document]:
    kit = making.kit_of(delivery.mailing)
    made = making.make(_order(delivery), kit)
    if isinstance(made, Unmade):
        raise NothingToHand(why=made.detail)
    return made.letter.attachments


def _order(delivery: Delivery) -> Order:
    """As it was when it went."""
    (order,) = loading.orders([delivery.pk])
    then = (delivery.proof or {}).get("as")
    return loading.as_it_was(order, then) if then else order


def _ordered(delivery: Delivery, position: int) -> OrderedDocument | None:
    documents = _order(delivery).documents
    return documents[position - 1] if 0 < position <= len(documents) else None
