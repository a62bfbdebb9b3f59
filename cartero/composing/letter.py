"""All that one mail needs, frozen: no row, no query, so that composing is pure and runs in threads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cartero.invoices.data import Document


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The company as its mails show it.

    `tax_id` is written as given (`900.377.216-7`); `logo` is PNG bytes, empty when there is none; `color` is `#rrggbb`.
    """

    name: str
    trade_name: str
    tax_id: str
    from_address: str
    from_name: str
    reply_to: str
    phone: str = ""
    address: str = ""
    city: str = ""
    color: str = "#2548b0"
    logo: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """The tercero as the comodines name him; `tax_id` is written as given."""

    name: str
    tax_id: str = ""
    city: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterDocument:
    """A row of the table of documents in the mail. `period` is written as given."""

    kind: str
    kind_label: str
    number: str
    type_code: str
    issue_date: date
    due_date: date | None
    currency: str
    total: Decimal
    balance: Decimal | None
    period: str = ""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What all mails of one mailing share. Compiled once per mailing, then filled per letter.

    `legal` marks an *entrega legal (DIAN)*: the subject comes with the letter, the text names where events go,
    nothing commercial. `subject` and `message_html` hold comodines (`{{ tercero.nombre }}`); the HTML has been cleaned
    at saving and is cleaned again.
    `payable`: the page behind the button also takes payments.
    """

    sender: Sender
    subject: str
    message_html: str
    legal: bool
    unsubscribe: bool = False
    test: bool = False
    payable: bool = False


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail: its recipients, documents, attachments. Dates and ids come from the row, so twice gives the same bytes.

    `fields` maps each comodín to its text, in the recipient's formats (`values.values_for`). `subject`, when not empty,
    is used as it stands (DIAN's six fields). An empty link leaves its button, sentence or image out.
    """

    message_id: str
    date: datetime
    to: tuple[str, ...]
    subject: str
    fields: Mapping[str, str]
    documents: tuple[LetterDocument, ...]
    attachments: tuple[Document, ...]
    envelope_from: str = ""
    view_url: str = ""
    not_mine_url: str = ""
    unsubscribe_url: str = ""
    pixel_url: str = ""
