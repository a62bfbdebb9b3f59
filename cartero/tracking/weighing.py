"""How much a failure weighs: whether nothing more can reach the address, and why, by status and text.

Statuses are those of RFC 3463 and 5248; where a server says only 5.0.0, or 5.7.1 for everything, its words decide.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cartero.tracking import phrases

LONGEST = 4_000  # characters of a server's words that are looked at


@dataclass(frozen=True)
class Weight:
    """`reason` is a key of EXPLANATIONS, or one of those that only come back."""

    is_hard: bool
    reason: str


_NO_MAILBOX = Weight(is_hard=True, reason="no_mailbox")
_NO_DOMAIN = Weight(is_hard=True, reason="no_domain")
_BAD_ADDRESS = Weight(is_hard=True, reason="bad_address")
_MOVED = Weight(is_hard=True, reason="mailbox_moved")
_OFF = Weight(is_hard=True, reason="mailbox_off")
_FULL = Weight(is_hard=False, reason="mailbox_full")
_BUSY = Weight(is_hard=False, reason="mailbox_busy")
_TOO_LARGE = Weight(is_hard=False, reason="too_large")
_CONTENT = Weight(is_hard=False, reason="content_refused")
_NO_RELAY = Weight(is_hard=False, reason="recipient_refused")
_GAVE_UP = Weight(is_hard=False, reason="never_reached")
_UNKNOWN = Weight(is_hard=False, reason="returned")

_BY_STATUS = {
    **dict.fromkeys(("1.1", "1.10"), _NO_MAILBOX),
    **dict.fromkeys(("1.2", "4.4", "4.310"), _NO_DOMAIN),
    **dict.fromkeys(("1.3", "1.4"), _BAD_ADDRESS),
    "1.6": _MOVED,
    "2.1": _OFF,
    "2.2": _FULL,
    **dict.fromkeys(("2.3", "3.4"), _TOO_LARGE),
    **dict.fromkeys(("2.121", "2.122"), _BUSY),
    **dict.fromkeys(("4.1", "4.2", "4.3", "4.6", "4.7", "4.14", "4.300", "4.312", "4.316"), _GAVE_UP),
    **dict.fromkeys(("1.7", "1.8", "1.90"), _CONTENT),  # whom the mail is from
    **dict.fromkeys(("7.23", "7.25", "7.26", "7.27", "7.28", "7.509", "7.515", "7.606"), _CONTENT),
}

# Sections of phrases, in the order in which they are believed. The first ones outweigh a status that condemns.
_FIRST = {"mailbox_full": _FULL, "from_us": _CONTENT, "mailbox_busy": _BUSY}
_BY_WORDS = _FIRST | {
    "too_large": _TOO_LARGE,
    "mailbox_off": _OFF,
    "no_domain": _NO_DOMAIN,
    "no_mailbox": _NO_MAILBOX,
    "recipient_refused": _NO_RELAY,
    "content_refused": _CONTENT,
    "never_reached": _GAVE_UP,
    "refused_there": _NO_MAILBOX,
}
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-#:;,)]|$)")
# Where a server says only that it is over, or the same for all that it does not like.
_VAGUE = frozenset({"0.0", "1.0", "2.0", "3.0", "4.0", "5.0", "6.0", "5.1", "5.2", "5.4", "4.1", "1.10"})
_UNKNOWN_TO_THE_EDGE = re.compile("access denied", re.I)


def weigh(status: str, text: str) -> Weight:
    """`status` as in `5.1.1`; a 4 in front says that its server gave up on what might have worked."""
    text = text[:LONGEST]
    detail = status.partition(".")[2]
    against, by_words = _said(_FIRST, text), _said(_BY_WORDS, text)
    if status.startswith("4") and not (detail == "0.0" and by_words == _NO_DOMAIN):
        known = (by_words, _BY_STATUS.get(detail))
        return next((weight for weight in known if weight and not weight.is_hard), _GAVE_UP)
    if against:
        return against
    if detail.startswith("7."):
        return _by_rule(detail, by_words)
    if detail == "4.1" and _UNKNOWN_TO_THE_EDGE.search(text):
        return _NO_MAILBOX  # a server that answers says that none answered: Microsoft's, of whom it does not know
    if detail in _VAGUE and by_words:
        return by_words
    unnamed = _NO_MAILBOX if detail.startswith("1.") and detail != "1.0" else _UNKNOWN
    return _BY_STATUS.get(detail) or by_words or unnamed


def status_in(text: str) -> str:
    """The first enhanced status in a server's words (RFC 3463); empty where there is none."""
    found = _STATUS.search(text[:LONGEST])
    return found[0] if found else ""


def code_in(text: str) -> int | None:
    """The first reply code of a refusal in a server's words."""
    found = _CODE.search(text[:LONGEST])
    return int(found[1]) if found else None


def sharper(stated: str, text: str) -> str:
    """The status that says more: many servers state 5.0.0, or 4.0.0, and quote what was really said."""
    if stated and stated.partition(".")[2] not in {"0.0", "5.0"}:
        return stated
    said, code = status_in(text), code_in(text)
    if said:
        return said
    return f"{code // 100}.0.0" if stated and code and stated[0] != str(code)[0] else stated


def _said(sections: Mapping[str, Weight], text: str) -> Weight | None:
    return next((weight for section, weight in sections.items() if phrases.meaning(section).search(text)), None)


def _by_rule(detail: str, by_words: Weight | None) -> Weight:
    """What a server does not want is not its address's fault, unless it says in words that nobody is there.

    A domain that it does not know is ours, then.
    """
    said = by_words if by_words not in {None, _GAVE_UP, _NO_DOMAIN} else None
    return _BY_STATUS.get(detail) or said or _CONTENT
