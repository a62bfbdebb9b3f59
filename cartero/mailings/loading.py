"""Delivery ids to frozen orders, in a handful of queries whatever their number: all that making their mails needs."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from cartero.composing.letter import Recipient
from cartero.invoices import serial
from cartero.invoices.data import InvoiceData
from cartero.invoices.models import Invoice, InvoiceFile
from cartero.platform import formats, sql

_FILE = ("role", "name", "media_type", "sha256", "size")
_ONLY_DRAWN = frozenset(
    {
        *("lines", "taxes", "withholdings", "allowances", "notes", "qr", "operation", "uuid_scheme", "order_reference"),
        *("authorization", "validation", "payment", "correction", "software_name", "software_nit", "provider_nit"),
    }
)


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
    """The document as its row has it, or what of it a mail needs; read by the thread that needs it."""
    balance: Decimal | None
    period: str
    files: tuple[StoredFile, ...]
    rendered: str

    @cached_property
    def data(self) -> InvoiceData:
        return serial.from_json(self.content)

    @cached_property
    def head(self) -> InvoiceData:
        """All but what only the drawing of a PDF needs, which is most of it."""
        return serial.from_json({name: value for name, value in self.content.items() if name not in _ONLY_DRAWN})


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


def orders(ids: Sequence[int], *, whole: bool = True, dated: datetime | None = None) -> list[Order]:
    """The orders of these deliveries, in the order of their ids. One query.

    `dated`: when they go, which their mails say; without it, when they were registered. Unless `whole`, documents that
    have a PDF lack what only drawing one needs (`OrderedDocument.head` does not).
    """
    rows = sql.run_prepared(__package__, "load", ids=list(ids), whole=whole, only_drawn=sorted(_ONLY_DRAWN))
    return [_order(list(of_one), dated) for _key, of_one in groupby(rows, key=itemgetter(0))]


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


def as_it_is(order: Order) -> dict[str, Any]:
    """What of an order its delivery does not say and may change after it went: date, tercero's data, balances."""
    person = order.recipient
    return {
        "date": order.moment.isoformat(),
        "name": person.name,
        "nit": person.tax_id,
        "city": person.city,
        "tax_id": order.party_tax_id,
        "pdf_only": order.pdf_only,
        "documents": [[None if each.balance is None else str(each.balance), each.period] for each in order.documents],
    }


def as_it_was(order: Order, then: Mapping[str, Any]) -> Order:
    """The order as it was when it went: the other way round."""
    documents = zip(order.documents, then["documents"], strict=True)
    return replace(
        order,
        moment=datetime.fromisoformat(then["date"]) if "date" in then else order.moment,
        party_tax_id=then["tax_id"],
        pdf_only=then["pdf_only"],
        recipient=Recipient(name=then["name"], tax_id=then["nit"], city=then["city"]),
        documents=tuple(
            replace(each, balance=None if balance is None else Decimal(balance), period=period)
            for each, (balance, period) in documents
        ),
    )


def _order(rows: list[tuple[Any, ...]], dated: datetime | None) -> Order:
    """One mail of its rows of load.sql, a row a document."""
    key, party, to, message_id, created_at, attempts, first_refused_at, *person = rows[0][:12]
    name, tax_id, check_digit, city, form = person
    return Order(
        delivery_id=key,
        party_id=party,
        party_tax_id=tax_id,
        to=tuple(to),
        message_id=message_id,
        moment=dated or created_at,
        recipient=Recipient(name=name, tax_id=formats.nit(tax_id, check_digit), city=city),
        pdf_only=form == "pdf",
        attempts=attempts,
        first_refused_at=first_refused_at,
        documents=tuple(_document(*row[12:]) for row in rows),
    )


def _document(*row: Any) -> OrderedDocument:
    invoice, balance, period, files, rendered, content = row
    return OrderedDocument(
        invoice_id=invoice,
        content=json.loads(content),
        balance=balance,
        period=formats.month(period),
        files=tuple(StoredFile(**dict(zip(_FILE, file, strict=True))) for file in json.loads(files)),
        rendered=rendered,
    )


def _files(invoices: set[int]) -> dict[int, list[StoredFile]]:
    files = defaultdict(list)
    rows = InvoiceFile.objects.filter(invoice__in=invoices).order_by("invoice", "pk")
    for invoice, *file in rows.values_list("invoice_id", *_FILE):
        files[invoice].append(StoredFile(**dict(zip(_FILE, file, strict=True))))
    return files
