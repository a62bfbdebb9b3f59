"""Delivery status notifications -> Feedback: RFC 3464 (and 6533), as servers send them, which is not always as it says.

What has no such part, from servers older than it or too proud for it, is read by `plain`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cartero.tracking import parts, senders, weighing
from cartero.tracking.feedback import Feedback, Kind
from cartero.tracking.parts import Part

MOST_RECIPIENTS = 100
LONGEST = 400  # characters of a diagnostic that are kept

_REPORT = "multipart/report"
_STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
ORIGINALS = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header", "message/global-headers"}
)
_FIELD = re.compile(r"([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*(.*)")
_MESSAGE_ID = re.compile(r"<[^\s<>]{1,250}@[^\s<>]{1,250}>")
_TYPED = re.compile(r"\s*[\w-]{1,30}\s*;\s*(.*)", re.S)
# On lines of their own, behind a name: a body may hold many other words in angle brackets.
_QUOTED_ID = re.compile(r"message-?id[ \t]*:[ \t]*(<[^\s<>]{3,500}>)", re.I)
_SPACE = re.compile(r"\s+")
_ACTIONS = {
    "failed": Kind.BOUNCED,
    "failure": Kind.BOUNCED,
    "fail": Kind.BOUNCED,
    "bounced": Kind.BOUNCED,
    "undeliverable": Kind.BOUNCED,
    "delayed": Kind.DELAYED,
    "delay": Kind.DELAYED,
    "warning": Kind.DELAYED,
    "delivered": Kind.DELIVERED,
    "relayed": Kind.RELAYED,
    "expanded": Kind.RELAYED,
}
_BY_CLASS = {"2": Kind.DELIVERED, "4": Kind.DELAYED, "5": Kind.BOUNCED}
# Where servers write to whom the report itself goes: that may be an address of the mail's own.
_RETURNED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "to", "x-failed-to")
# The second and third: where a server that gives mails names of its own keeps ours.
_OWN_IDS = ("message-id", "x-google-original-message-id", "x-original-message-id", "x-microsoft-original-message-id")
_QUOTED_IDS = ("original-message-id", "x-original-message-id", "in-reply-to", "references")
_XTEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")  # RFC 6533, 3: an address in ASCII alone


@dataclass(frozen=True, kw_only=True)
class _Report:
    """What a report says of all its recipients alike; `said` is what it says to people."""

    mail: Part
    original: Part | None
    message_ids: tuple[str, ...]
    marks: tuple[str, ...]
    said: str
    teller: str
    at: datetime | None

    @classmethod
    def of(cls, mail: Part, fields: Mapping[str, str]) -> "_Report":
        original, texts = original_of(mail), parts.texts(mail, 3)
        return cls(
            mail=mail,
            original=original,
            message_ids=message_ids(mail, original, *texts),
            marks=(fields.get("original-envelope-id", "")[:200], *returned_to(mail)),
            said=" ".join(texts)[: weighing.LONGEST],
            teller=fields.get("reporting-mta", ""),
            at=parts.moment(mail.get("date")),
        )


def read(mail: Part) -> tuple[Feedback, ...]:
    """What a report says of each recipient; empty where the mail is none."""
    stated = _stated(mail)
    if stated is None:
        return ()
    blocks = list(_blocks(parts.text_of(stated)))
    of_mail = next((block for block in blocks if "reporting-mta" in block), blocks[0] if blocks else {})
    report = _Report.of(mail, of_mail)
    told = [block for block in blocks if {"final-recipient", "original-recipient", "action"} & block.keys()]
    written = _written_to(report.original)
    if len(told) > 1 or len(written) > 1:
        written = []
    return tuple(_feedback(report, block, written) for block in told[:MOST_RECIPIENTS])


def is_report(mail: Part) -> bool:
    return _stated(mail) is not None


def original_of(mail: Part) -> Part | None:
    """The head of the mail that came back, where the report carries it. Raises TooMuchError."""
    for part in mail.walk():
        if part.kind in ORIGINALS:
            return parts.head_of(parts.content_of(part).lstrip(b"\r\n \t"))
    return None


def message_ids(mail: Part, original: Part | None, *texts: str) -> tuple[str, ...]:
    """Of the mail that a report is of: its own head first, then what the report refers to, then what it quotes."""
    found = [value for name in _OWN_IDS for value in original.all(name)] if original else []
    for name in _QUOTED_IDS:
        found += mail.all(name)
    found += [each for text in texts for each in _QUOTED_ID.findall(text)]
    return tuple(dict.fromkeys(each for value in found for each in _MESSAGE_ID.findall(value)))[:20]


def returned_to(mail: Part) -> tuple[str, ...]:
    """The addresses that the report itself was sent to."""
    return tuple(
        dict.fromkeys(found for name in _RETURNED_TO for value in mail.all(name) for found in senders.addresses(value))
    )


def one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()[:LONGEST]


def _stated(mail: Part) -> Part | None:
    """Where its facts are. Beside what a person writes they are a file that she attached."""
    reports = mail.walk() if senders.are_programs(mail) else (each for each in mail.walk() if each.kind == _REPORT)
    return next((part for report in reports for part in report.walk() if part.kind in _STATUS_PARTS), None)


def _blocks(text: str) -> Iterator[Mapping[str, str]]:
    """Fields between blank lines. Some servers write the recipient's behind those of the mail without one."""
    block: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):
        if not line.strip():
            if block:
                yield block
            block, last = {}, ""
        elif line[0] in " \t" and last:
            block[last] += f" {line.strip()}"
        elif named := _FIELD.match(line.strip()):
            last = named[1].lower()
            if last == "final-recipient" and last in block:
                yield block
                block = {}
            block.setdefault(last, named[2].strip())
    if block:
        yield block


def _feedback(report: _Report, block: Mapping[str, str], written: list[str]) -> Feedback:
    diagnostic = _untyped(block.get("diagnostic-code", ""))
    stated = weighing.status_in(block.get("status", ""))
    status = weighing.sharper(stated, diagnostic)
    kind = _kind(block.get("action", ""), status)
    weight = weighing.weigh(status, diagnostic or report.said) if kind == Kind.BOUNCED else None
    return Feedback(
        kind=kind,
        addresses=tuple(dict.fromkeys(_recipients(block, report.mail) + written)),
        message_ids=report.message_ids,
        marks=report.marks,
        status=status,
        code=weighing.code_in(diagnostic),
        diagnostic=one_line(diagnostic) or one_line(block.get("status", "")),
        reason=weight.reason if weight else "",
        is_hard=weight is not None and weight.is_hard,
        teller=_teller(block.get("remote-mta", "") or report.teller),
        at=report.at,
    )


def _kind(action: str, status: str) -> Kind:
    word = re.match(r"\s*([a-z]+)", action.lower())
    known = _ACTIONS.get(word[1]) if word else None
    return known or _BY_CLASS.get(status[:1], Kind.BOUNCED)


def _recipients(block: Mapping[str, str], mail: Part) -> list[str]:
    """As it was written to, then as it ended up (a forward), then what other lines of the report name."""
    named = [block.get(name, "") for name in ("original-recipient", "x-actual-recipient", "final-recipient")]
    found = [address for value in named for address in senders.addresses(_XTEXT.sub(_letter, _untyped(value)))]
    return found or [each for value in mail.all("x-failed-recipients") for each in senders.addresses(value)]


def _written_to(original: Part | None) -> list[str]:
    """By its own head: behind an alias, its server may name nobody whom we know."""
    return [address for value in original.all("to") for address in senders.addresses(value)] if original else []


def _letter(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return chr(code) if code < 0x110000 else ""


def _untyped(value: str) -> str:
    """Without `rfc822;` or `smtp;`."""
    typed = _TYPED.fullmatch(value)
    return (typed[1] if typed else value).strip()


def _teller(value: str) -> str:
    return one_line(re.sub(r"\(.*?\)", "", _untyped(value)))[:100].strip("[] ")
