from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cartero.invoices.data import Document, InvoiceData, PartyData


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What a country's law wants on the PDF of one document, in its own words: no language setting changes them."""

    title: str
    subtitle: tuple[str, ...] = ()
    buyer: str = "Cliente"
    facts: tuple[tuple[str, str], ...] = ()
    uuid_label: str = ""
    fiscal: tuple[str, ...] = ()
    qr: str = ""
    """The text of the QR code, which stands on every page; empty: none."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """The files of one document, in their roles, named as the recipient will see them."""

    data: InvoiceData
    container: Document | None = None
    others: tuple[Document, ...] = ()
    """The document's XML and the authority's answer, where there is no container that holds them."""
    pdf: Document | None = None
    annexes: tuple[Document, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Country:
    """How a country names, shows and mails its documents. The legal delivery is the one its law speaks of."""

    code: str
    grouping: bool
    """Several documents may share one legal delivery."""
    size_limit: int | None
    """Bytes of attachments over which the country's rules are broken; a warning, not a bar."""
    needs_container: bool
    """A legal delivery without container is sent with a remark."""
    subject: Callable[[InvoiceData, str], str]
    """The subject of a legal delivery, from the document and its line of business; empty: the clerk's own."""
    pack: Callable[[Parcel], tuple[Document, ...]]
    """What a legal delivery attaches."""
    container_name: Callable[[InvoiceData], str]
    paper: Callable[[InvoiceData], Paper]
    identity: Callable[[PartyData], str]
    """`NIT 900.377.216-7 · Autorretenedor`: a party's id and tax quality on one line."""
    unit: Callable[[str], str]
    """A unit's code as people write it."""
    untaxed: str
    """In a line's column of taxes, where other lines bear some."""
    untaxed_total: str
    ids: Mapping[str, str]
    """The kinds of id a buyer may have, code to name, the usual ones first; empty: they are not told apart."""
    check_digit: Callable[[str, str], str]
    """The check digit of an id of a kind (`31`, `901458237`); empty where that kind has none."""
