"""What a mail server offers in its EHLO reply (RFC 5321, 4.1.1.1), and whether a mail can go through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cartero.platform import formats, wire
from cartero.transport.replies import Fail

_NOT_IN_ADDRESS = frozenset('<>" \x7f') | frozenset(map(chr, range(32)))


@dataclass(frozen=True)
class Offer:
    """Keywords in capitals, with their parameters. Nothing that is not in it is ever used."""

    keywords: Mapping[str, str]

    @property
    def pipelining(self) -> bool:
        return "PIPELINING" in self.keywords

    @property
    def max_size(self) -> int | None:
        """Bytes; None where the server names no limit (RFC 1870)."""
        size = self.keywords.get("SIZE", "")
        return int(size) if size.isascii() and size.isdigit() and int(size) > 0 else None

    @property
    def mechanisms(self) -> frozenset[str]:
        return frozenset(self.keywords.get("AUTH", "").upper().split())


def parse(text: str) -> Offer:
    """The keywords of an EHLO reply; its first line is the greeting. `AUTH=LOGIN` is an old way to write AUTH LOGIN."""
    keywords: dict[str, str] = {}
    for line in text.split("\n")[1:]:
        keyword, _blank, parameters = line.strip().replace("=", " ", 1).partition(" ")
        known = keywords.get(keyword.upper(), "")
        keywords[keyword.upper()] = f"{known} {parameters.strip()}".strip()
    return Offer(keywords)


NOTHING = Offer({})


def unfit(offer: Offer, envelope_from: str, message: bytes) -> tuple[Fail, str] | None:
    """Why a mail cannot go through this server at all, and the facts for the clerk; None when it can."""
    if offer.max_size is not None and len(message) > offer.max_size:
        return Fail(reason="too_large"), sizes(len(message), offer.max_size)
    text = wire.unencoded(message)
    if wire.lines(message).odd:
        return Fail(reason="bad_line_ends"), ""
    if not is_plain(envelope_from):
        return Fail(reason="bad_address"), ""
    if text.isascii() and envelope_from.isascii():
        return None
    utf8_headers = not text.partition(b"\r\n\r\n")[0].isascii()
    if (utf8_headers or not envelope_from.isascii()) and "SMTPUTF8" not in offer.keywords:
        return Fail(reason="needs_smtputf8"), ""
    return None if "8BITMIME" in offer.keywords else (Fail(reason="not_plain_text"), "")


def unfit_recipients(offer: Offer, recipients: Sequence[str]) -> dict[str, Fail]:
    """Those that this server cannot be given, each with why."""
    utf8 = "SMTPUTF8" in offer.keywords
    found: dict[str, Fail] = {}
    for address in recipients:
        if not is_plain(address):
            found[address] = Fail(reason="bad_address", address_unusable=True)
        elif not utf8 and not address.isascii():
            found[address] = Fail(reason="needs_smtputf8")
    return found


def parameters(offer: Offer, message: bytes, addresses: Sequence[str]) -> str:
    """What goes behind MAIL FROM:<…>."""
    text = wire.unencoded(message)
    eight_bit = not text.isascii()
    utf8 = not all(address.isascii() for address in addresses) or (
        eight_bit and not text.partition(b"\r\n\r\n")[0].isascii()
    )
    size = f" SIZE={len(message)}" if "SIZE" in offer.keywords else ""
    return size + (" BODY=8BITMIME" if eight_bit else "") + (" SMTPUTF8" if utf8 else "")


def sizes(size: int, limit: int) -> str:
    facts = {"size": formats.size(size), "limit": formats.size(limit)}
    return _("El correo pesa %(size)s y el servidor acepta hasta %(limit)s.") % facts


def is_plain(address: str) -> bool:
    """Whether an address can stand between angle brackets without ending its command (an empty sender may)."""
    return _NOT_IN_ADDRESS.isdisjoint(address)
