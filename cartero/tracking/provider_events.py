"""What providers call about, as Anymail reads it -> Feedback. Values in, values out."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from anymail.signals import EventType, RejectReason

from cartero.tracking import dsn, weighing
from cartero.tracking.feedback import Feedback, Kind, Source
from cartero.tracking.weighing import Weight
from cartero.transport.providers import MARK

LONGEST = 254  # of what names a mail or an address

_KINDS: Mapping[str, Kind] = {
    EventType.QUEUED: Kind.ACCEPTED,
    EventType.SENT: Kind.ACCEPTED,
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.DEFERRED: Kind.DELAYED,
    EventType.BOUNCED: Kind.BOUNCED,
    EventType.REJECTED: Kind.BOUNCED,  # the provider itself sends nothing there
    EventType.FAILED: Kind.BOUNCED,
    EventType.COMPLAINED: Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
    EventType.AUTORESPONDED: Kind.AUTO_REPLIED,
    # Pictures loaded and links followed: by a mail program or a scanner as often as by a person.
    EventType.OPENED: Kind.OPENED,
    EventType.CLICKED: Kind.OPENED,
}
# Where each provider says whether it is over for good: SES, Postmark, Brevo, SendGrid, Mailgun.
_FOR_GOOD = frozenset({"Permanent", "HardBounce", "BadEmailAddress", "hard_bounce", "invalid_email"})
_FOR_NOW = frozenset({"Transient", "Undetermined", "SoftBounce", "soft_bounce", "blocked", "temporary"})
_UNSAID = "returned"  # of weighing, where no words say why
_SUPPRESSED = "suppressed_by_provider"
_BEHIND = re.compile(r"\.(?:filter|recv)")
_BAD_ADDRESS = Weight(is_hard=True, reason="bad_address")


class Event(Protocol):
    """Anymail's normalized event, of which only this is used."""

    event_type: str
    timestamp: Any
    event_id: str | None
    esp_event: Any
    description: str | None
    message_id: str | None
    metadata: Any
    mta_response: str | None
    recipient: str | None
    reject_reason: str | None


def feedback_of(event: Event) -> Feedback | None:
    """None for what says nothing of a mail that went."""
    kind = _KINDS.get(event.event_type)
    if kind is None:
        return None
    told = _told(event)
    words = dsn.one_line(" ".join(_words(event)))[: dsn.LONGEST]
    status = weighing.sharper(_status(told), words)
    weight = _weigh(event, status, words) if kind == Kind.BOUNCED else None
    return Feedback(
        kind=kind,
        source=Source.WEBHOOK,
        addresses=(str(event.recipient)[:LONGEST],) if event.recipient else (),
        message_ids=tuple(_message_ids(event, told)),
        provider_id=_provider_id(event, told),
        status=status,
        code=weighing.code_in(words),
        diagnostic=words,
        reason=weight.reason if weight else "",
        is_hard=weight is not None and weight.is_hard,
        at=event.timestamp,
    )


def key_of(event: Event) -> str:
    """What is the same when it is told again. One call of Amazon's may tell of several recipients under one id."""
    parts = (event.event_type, event.event_id, event.message_id, event.recipient, event.timestamp)
    return "\n".join("" if part is None else str(part) for part in parts)


def _told(event: Event) -> Mapping[str, Any]:
    """The provider's own words for it; Mailgun's stand one level deeper."""
    told = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    inner = told.get("event-data")
    return inner if isinstance(inner, Mapping) else told


def _words(event: Event) -> list[str]:
    return [str(each) for each in (event.mta_response or event.description,) if each]


def _message_ids(event: Event, told: Mapping[str, Any]) -> list[str]:
    """Ours: in what was handed over with the mail, or where the provider shows the mail's own head."""
    marked = event.metadata.get(MARK) if isinstance(event.metadata, Mapping) else None
    heads = told.get("mail") if isinstance(told.get("mail"), Mapping) else {}
    named = [
        each.get("value")
        for each in (heads or {}).get("headers") or []
        if isinstance(each, Mapping) and str(each.get("name")).lower() == "message-id"
    ]
    found = [marked, *named, told.get("smtp-id"), event.message_id]
    ids = [f"<{str(each).strip().strip('<>')}>" for each in found if each and "@" in str(each)]
    return [each[:LONGEST] for each in dict.fromkeys(ids)]


def _provider_id(event: Event, told: Mapping[str, Any]) -> str:
    """SendGrid puts more behind the id that it answered with."""
    own = _BEHIND.split(str(told.get("sg_message_id") or ""))[0] or str(event.message_id or "")
    return own.strip().strip("<>")[:LONGEST]


def _status(told: Mapping[str, Any]) -> str:
    """`5.1.1`, where the provider says it apart from the words."""
    status = told.get("delivery-status")
    said = status.get("enhanced-code") if isinstance(status, Mapping) else told.get("status")
    return weighing.status_in(str(said or ""))


def _classes(told: Mapping[str, Any]) -> set[str]:
    """By which it says how lasting it is."""
    bounce = told.get("bounce")
    kinds = [told.get(name) for name in ("Type", "event", "type", "severity")]
    kinds.append(bounce.get("bounceType") if isinstance(bounce, Mapping) else None)
    return {str(each) for each in kinds if each}


def _weigh(event: Event, status: str, words: str) -> Weight:
    """Server's words first, where they say something; else the class the provider puts it in."""
    if event.reject_reason == RejectReason.INVALID:
        return _BAD_ADDRESS
    weight = weighing.weigh(status, words)
    if event.event_type == EventType.REJECTED:
        return Weight(is_hard=False, reason=weight.reason if weight.reason != _UNSAID else _SUPPRESSED)
    classes = _classes(_told(event))
    if classes & _FOR_NOW:
        return Weight(is_hard=False, reason=weight.reason)
    if weight.reason == _UNSAID and classes & _FOR_GOOD:
        return Weight(is_hard=True, reason=weight.reason)
    return weight
