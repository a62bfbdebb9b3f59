"""Complaints -> Feedback: RFC 5965, as providers send what users mark as spam; and what only resembles it."""

import re

from cartero.tracking import dsn, parts, senders
from cartero.tracking.feedback import Feedback, Kind
from cartero.tracking.parts import Part

# What a reader says of the mail. `not-spam` takes it back, `auth-failure` is between servers, `other` says nothing.
_COMPLAINTS = frozenset({"abuse", "fraud", "virus", "opt-out", "opt-out-list", "miscategorized", "complaint"})
_RECIPIENTS = ("original-rcpt-to", "removal-recipient", "original-recipient", "x-hmxmroriginalrecipient")
# In the place of an address that is not to be known: a word for it, or a hash (RFC 6590).
_HIDDEN = re.compile(r"(?:.*redacted|x{3,}|\*+|[0-9a-f]{32,}|[a-z0-9+/=]{40,})[^@]*@", re.I)


def read(mail: Part) -> tuple[Feedback, ...]:
    """A complaint, where the mail is one. Providers hide their user's address more often than not."""
    report = _report(mail)
    original = dsn.original_of(mail)
    if report is None:
        is_old = original is not None and bool(original.get("x-hmxmroriginalrecipient"))
        return (_complaint(mail, original, {}),) if is_old else ()
    fields = _fields(parts.text_of(report))
    if fields.get("feedback-type", [""])[0].strip().lower() not in _COMPLAINTS:
        return ()
    return (_complaint(mail, original, fields),)


def is_report(mail: Part) -> bool:
    return _report(mail) is not None


def _report(mail: Part) -> Part | None:
    return next((part for part in mail.walk() if part.kind == "message/feedback-report"), None)


def _complaint(mail: Part, original: Part | None, fields: dict[str, list[str]]) -> Feedback:
    named = [value for name in _RECIPIENTS for value in fields.get(name, [])]
    if original is not None:
        named += [value for name in (_RECIPIENTS[-1], "to") for value in original.all(name)]
    teller = next(iter(fields.get("reporting-mta", [])), "") or senders.of(mail)
    return Feedback(
        kind=Kind.COMPLAINED,
        addresses=tuple(
            dict.fromkeys(found for value in named for found in senders.addresses(value) if not _HIDDEN.match(found))
        ),
        message_ids=dsn.message_ids(mail, original),
        marks=(*fields.get("original-mail-from", []), *fields.get("original-envelope-id", []), *dsn.returned_to(mail)),
        reason="complained",
        teller=dsn.one_line(teller.rpartition(";")[2].rpartition("@")[2])[:100],
        at=parts.moment(mail.get("date")),
    )


def _fields(text: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for line in text.split("\n")[:200]:
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), []).append(value.strip()[:500])
    return fields
