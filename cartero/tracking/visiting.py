"""The page behind a mail's link, as it is found and as it is visited. Only what a person presses makes a mail seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cartero.accounts.models import User
from cartero.mailings import links, outcomes
from cartero.mailings.doubts import EvidenceKind
from cartero.mailings.links import Purpose
from cartero.mailings.models import AnswerKind, Delivery, EventKind
from cartero.mailings.outcomes import Return
from cartero.mailings.states import DeliveryStatus
from cartero.platform import crypto
from cartero.tracking import recording, scanners
from cartero.tracking.scanners import Visit

AGAIN = timedelta(hours=1)  # what happens once more within it is not told once more
BY_PROGRAM, BY_SOMEBODY = "opened_by_program", "opened_by_somebody"
IMAGE_BY_PROGRAM, IMAGE_BY_SOMEBODY = "image_by_program", "image_by_somebody"
_LINK, _IMAGE = (BY_PROGRAM, BY_SOMEBODY), (IMAGE_BY_PROGRAM, IMAGE_BY_SOMEBODY)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A mail whose link was asked for. `counts`: not of a test mail, nor when a user of the company itself asks."""

    delivery: Delivery
    until: datetime
    counts: bool


def find(made: str, by: User | None, now: datetime) -> Opened | None:
    """The mail of a link; of one that is wrong, expired, revoked or off none, and nothing tells which it is."""
    delivery = _claimed(made)
    is_live, is_test = _is_of(made, delivery, Purpose.VIEW), _is_of(made, delivery, Purpose.TEST)
    if delivery is None or not (is_live or is_test):
        return None
    until = (delivery.accepted_at or delivery.created_at) + timedelta(days=delivery.company.link_days)
    if delivery.link_revoked_at or not delivery.company.has_links or now >= until:
        return None
    is_ours = by is not None and delivery.company.memberships.filter(user=by).exists()
    return Opened(delivery=delivery, until=until, counts=is_live and not is_ours)


def find_to_unsubscribe(made: str, by: User | None, now: datetime) -> Opened | None:
    """The mail whose link to unsubscribe that is: it is good for ever, whatever the company wants of other links."""
    delivery = _claimed(made)
    is_right = _is_of(made, delivery, Purpose.UNSUBSCRIBE)
    is_ours = by is not None and delivery is not None and delivery.company.memberships.filter(user=by).exists()
    return Opened(delivery=delivery, until=now, counts=not is_ours) if delivery and is_right else None


@transaction.atomic
def unsubscribe(delivery: Delivery, now: datetime) -> None:
    """As `recording.unsubscribe` for all its addresses. Asked twice it is told once."""
    if recording.unsubscribe(delivery, delivery.to, AnswerKind.UNSUBSCRIBED, now):
        outcomes.come_back(delivery, Return(kind=EventKind.UNSUBSCRIBED, words=", ".join(delivery.to), at=now))


def since_sent(delivery: Delivery, now: datetime) -> float | None:
    return (now - delivery.accepted_at).total_seconds() if delivery.accepted_at else None


def come_by(opened: Opened, visit: Visit, now: datetime) -> bool:
    """Notes a visit; whether it was a person who pressed something, which makes the mail seen and ends a doubt."""
    is_person = scanners.is_press_of_a_person(visit)
    if is_person and opened.counts:
        _note(opened.delivery, Return(kind=EventKind.VIEWED, at=now), now)
    elif opened.counts:
        seen = scanners.signs(visit)
        by_program, by_somebody = _IMAGE if visit.of_image else _LINK
        reason = by_program if seen else by_somebody
        words = " · ".join([visit.method, *seen])
        _note(opened.delivery, Return(kind=EventKind.OPENED, reason=reason, words=words, at=now), now)
    return is_person


def _note(delivery: Delivery, returned: Return, now: datetime) -> None:
    """Once an hour, whoever comes how often. What is in mid-air has no outcome of its own yet."""
    told = delivery.events.filter(kind=returned.kind, reason=returned.reason, at__gte=now - AGAIN)
    if delivery.status == DeliveryStatus.TRANSMITTING or told.exists():
        return
    if returned.kind == EventKind.VIEWED:
        recording.receive(delivery, returned, EvidenceKind.VIEW)
    else:
        outcomes.come_back(delivery, returned)


def _claimed(made: str) -> Delivery | None:
    related = Delivery.objects.select_related("company", "party", "mailing__account")
    return related.exclude(status=DeliveryStatus.SKIPPED).filter(pk=links.delivery_of(made) or 0).first()


def _is_of(made: str, delivery: Delivery | None, purpose: Purpose) -> bool:
    return links.is_of(made, _key(delivery), delivery.pk if delivery else 0, purpose)


def _key(delivery: Delivery | None) -> bytes:
    """Empty, too, where it cannot be opened: then no link is right."""
    try:
        return links.key_of(delivery.company) if delivery else b""
    except crypto.SealBroken:
        return b""
