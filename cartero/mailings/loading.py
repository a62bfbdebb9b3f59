"""Delivery ids to frozen orders, in a handful of queries whatever their number: all that making their mails needs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from cartero.composing.letter import Recipient
from cartero.invoices import serial
from cartero.invoices.data import InvoiceData
from cartero.invoices.models import Invoice, InvoiceFile
from cartero.mailings.models import Delivery, DeliveryInvoice, RenderedDocument
from cartero.platform import formats


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file of a document, by its hash; `role` is a FileRole."""

    role: str
    name: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class OrderedDocument:
    """A document that goes with a mail. `rendered` is the hash of the PDF that the Ensayo made, if it did."""

    invoice_id: int
    content: dict[str, Any]
    """The document as its row has it; read when it is asked for, by the thread that needs it."""
    balance: Decimal | None
    period: str
    files: tuple[StoredFile, ...]
    rendered: str

    @cached_property
    def data(self) -> InvoiceData:
        return serial.from_json(self.content)

    @cached_property
    def head(self) -> InvoiceData:
        """All but its lines, which only the drawing of a PDF needs and which are most of it."""
        return serial.from_json({name: value for name, value in self.content.items() if name != "lines"})


@dataclass(frozen=True, kw_only=True)
class Order:
    """One mail to be made: to whom, with what, and how often it has been tried."""

    delivery_id: int
    party_id: int
    party_tax_id: str
    to: tuple[str, ...]
    message_id: str
    moment: datetime
    recipient: Recipient
    pdf_only: bool
    attempts: int
    first_refused_at: datetime | None
    documents: tuple[OrderedDocument, ...]


def orders(ids: Sequence[int]) -> list[Order]:
    """The orders of these deliveries, in the order of their ids. Four queries."""
    deliveries = Delivery.objects.filter(pk__in=ids).order_by("pk").values(*_DELIVERY)
    documents = _documents(ids)
    return [_order(row, tuple(documents[row["id"]])) for row in deliveries]


def document(invoice: Invoice) -> OrderedDocument:
    """A document with its files, outside any mailing. Two queries."""
    return OrderedDocument(
        invoice_id=invoice.pk,
        content=invoice.content.data,
        balance=invoice.balance,
        period=formats.month(invoice.period),
        files=tuple(_files({invoice.pk})[invoice.pk]),
        rendered="",
    )


_DELIVERY = (
    "id",
    "party_id",
    "to",
    "message_id",
    "created_at",
    "attempts",
    "first_refused_at",
    "party__name",
    "party__tax_id",
    "party__check_digit",
    "party__city",
    "party__delivery_form",
)
_DOCUMENT = ("delivery_id", "invoice_id", "invoice__balance", "invoice__period", "invoice__content__data")


def _order(row: dict[str, Any], documents: tuple[OrderedDocument, ...]) -> Order:
    return Order(
        delivery_id=row["id"],
        party_id=row["party_id"],
        party_tax_id=row["party__tax_id"],
        to=tuple(row["to"]),
        message_id=row["message_id"],
        moment=row["created_at"],
        recipient=Recipient(
            name=row["party__name"],
            tax_id=formats.nit(row["party__tax_id"], row["party__check_digit"]),
            city=row["party__city"],
        ),
        pdf_only=row["party__delivery_form"] == "pdf",
        attempts=row["attempts"],
        first_refused_at=row["first_refused_at"],
        documents=documents,
    )


def _documents(ids: Sequence[int]) -> dict[int, list[OrderedDocument]]:
    rows = list(DeliveryInvoice.objects.filter(delivery__in=ids).order_by("delivery", "position").values(*_DOCUMENT))
    invoices = {row["invoice_id"] for row in rows}
    files, rendered = _files(invoices), _rendered(ids, invoices)
    documents = defaultdict(list)
    for row in rows:
        documents[row["delivery_id"]].append(
            OrderedDocument(
                invoice_id=row["invoice_id"],
                content=row["invoice__content__data"],
                balance=row["invoice__balance"],
                period=formats.month(row["invoice__period"]),
                files=tuple(files[row["invoice_id"]]),
                rendered=rendered.get(row["invoice_id"], ""),
            )
        )
    return documents


def _files(invoices: set[int]) -> dict[int, list[StoredFile]]:
    files = defaultdict(list)
    rows = InvoiceFile.objects.filter(invoice__in=invoices).order_by("invoice", "pk")
    for invoice, role, name, media_type, sha256, size in rows.values_list(
        "invoice_id", "role", "name", "media_type", "sha256", "size"
    ):
        files[invoice].append(StoredFile(role=role, name=name, media_type=media_type, sha256=sha256, size=size))
    return files


def _rendered(ids: Sequence[int], invoices: set[int]) -> dict[int, str]:
    made = RenderedDocument.objects.filter(mailing__deliveries__in=ids, invoice__in=invoices)
    return dict(made.values_list("invoice_id", "sha256").distinct())
