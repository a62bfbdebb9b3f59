"""The link of one mail, revoked by a clerk and allowed again; as long as it is revoked it looks like a wrong one.

Its link to unsubscribe stays good (`tracking.visiting`), and so does the link of any other mail.
"""

from django.db import transaction
from django.db.models.functions import Now

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.mailings.models import Delivery, Event, EventKind
from cartero.mailings.states import SENT, DeliveryStatus

_MAY_HAVE_ARRIVED = SENT | {DeliveryStatus.IN_DOUBT}


def may_revoke(delivery: Delivery) -> bool:
    """Somebody may have its link, and it still leads to its page."""
    return delivery.status in _MAY_HAVE_ARRIVED and delivery.link_revoked_at is None


@transaction.atomic
def revoke(delivery: Delivery, by: User) -> bool:
    """The link leads nowhere from now on; whether it did not before. Pressed twice it is told once."""
    still = Delivery.objects.filter(pk=delivery.pk, link_revoked_at=None, status__in=_MAY_HAVE_ARRIVED)
    done = still.update(link_revoked_at=Now())
    if done:
        _tell(delivery, EventKind.LINK_REVOKED, "revoke_link", by)
    return bool(done)


@transaction.atomic
def allow(delivery: Delivery, by: User) -> bool:
    """The same link is good again, for what is left of its days; whether it was revoked."""
    done = Delivery.objects.filter(pk=delivery.pk, link_revoked_at__isnull=False).update(link_revoked_at=None)
    if done:
        _tell(delivery, EventKind.LINK_ALLOWED, "allow_link", by)
    return bool(done)


def _tell(delivery: Delivery, kind: EventKind, verb: str, by: User) -> None:
    mailing, company = delivery.mailing_id, delivery.company
    Event.objects.create(
        company=company, delivery=delivery, mailing_id=mailing, kind=kind, reply=str(by)[:500], at=Now()
    )
    audit.record(delivery, verb, by, to=delivery.to)
