"""A mailing in parts (tandas): which of them goes, what came back of it, and the turn of the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import models
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.mailings.models import Batches, Mailing
from cartero.mailings.states import BatchThen, DeliveryStatus, MailingStatus
from cartero.platform import sql

MOST_PERCENT = 5  # of a part may come back; more, and a person looks before the next goes
MOST_MAILS, MOST_MINUTES = 1_000_000, 7 * 24 * 60
ASKS, BOUNCED = "batch_asks", "batch_bounced"
# Why Cartero stopped after a part: `Mailing.status_reason`.
REASONS: Mapping[str, str | Promise] = {
    ASKS: _("La tanda terminó y espera su visto bueno para seguir con las demás."),
    BOUNCED: _("De la tanda volvió o falló más del 5 %; espera su visto bueno para seguir con las demás."),
}
_RETURNED = (DeliveryStatus.BOUNCED, DeliveryStatus.COMPLAINED, DeliveryStatus.FAILED)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a clerk chose: so many mails, so many minutes for what bounces, then by itself or not."""

    size: int
    wait_minutes: int
    then: BatchThen


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The part that goes or waits: which of how many, its mails, and those that came back or failed. `until` is null
    while it goes; `waits` is all that is still to be waited for, by every part."""

    number: int
    total: int
    mails: int
    returned: int
    until: datetime | None
    waits: timedelta
    plan: Plan

    @property
    def is_last(self) -> bool:
        return self.number == self.total

    @property
    def asks(self) -> bool:
        """Whether a person is waited for as well."""
        return self.plan.then == BatchThen.ASK and not self.is_last


def write(mailing: Mailing, plan: Plan) -> None:
    """Parts a mailing that was just registered with all of it held back; its first part has its turn."""
    Batches.objects.create(mailing=mailing, size=plan.size, wait_minutes=plan.wait_minutes, then=plan.then)
    release_next(mailing)


def release_next(mailing: Mailing) -> None:
    """The turn of the next part, if there is one; the wait is over."""
    sql.changed(__package__, "release_batch", mailing=mailing.pk)


def waits(mailing: Mailing) -> bool:
    """Whether the wait after a part is going on, also when its time is over and nobody has noticed yet."""
    return Batches.objects.filter(mailing=mailing, until__isnull=False).exists()


def follows(mailing: Mailing) -> bool:
    """Whether any part has not had its turn. By delivery_due."""
    return mailing.deliveries.filter(status=DeliveryStatus.PENDING, retry_at__isnull=True).exists()


def had_stopped(mailing: Mailing) -> bool:
    """Whether a part's end is why the mailing stands still, whatever the caller last saw of it."""
    return Mailing.objects.filter(pk=mailing.pk, status_reason__in=REASONS).exists()


def asking(company: Company) -> models.QuerySet[Mailing]:
    """Sendings of which a part has gone, and the next waits for a person."""
    return Mailing.objects.of(company).filter(status=MailingStatus.STOPPED, status_reason__in=REASONS)


def standing(mailing: Mailing) -> Batch | None:
    """How a mailing in parts stands; None for one that goes at once."""
    batches = Batches.objects.filter(mailing=mailing).annotate(now=Now()).first()
    if batches is None:
        return None
    total = _total(mailing, batches)
    follow = total - batches.number  # as many waits, the one that goes on among them
    pause = timedelta(minutes=batches.wait_minutes)
    going_on = max(batches.until - batches.now, timedelta()) - pause if batches.until else timedelta()
    return Batch(
        number=batches.number,
        total=total,
        mails=batches.mails,
        returned=returned(batches),
        until=batches.until,
        waits=max(follow * pause + going_on, timedelta()),
        plan=Plan(size=batches.size, wait_minutes=batches.wait_minutes, then=BatchThen(batches.then)),
    )


def waits_of(batch: Batch | None) -> timedelta:
    """What its parts will wait in all; nothing for a mailing that goes at once."""
    return batch.waits if batch else timedelta()


def returned(batches: Batches) -> int:
    """How many mails of the part came back, were marked as spam or failed. By delivery_by_status."""
    return batches.mailing.deliveries.filter(status__in=_RETURNED, pk__gte=batches.first).count()


def is_too_much(returned: int, mails: int) -> bool:
    """Whether so much of a part came back that nothing more goes before a person has looked."""
    return returned * 100 > mails * MOST_PERCENT


def parts_of(mails: int, plan: Plan) -> int:
    return ceil(mails / plan.size)


def waiting_time(mails: int, plan: Plan) -> timedelta:
    """What a mailing of so many mails waits in all; after the last part nothing does."""
    return max(parts_of(mails, plan) - 1, 0) * timedelta(minutes=plan.wait_minutes)


def _total(mailing: Mailing, batches: Batches) -> int:
    if not follows(mailing):
        return batches.number
    return max(ceil(mailing.deliveries_count / batches.size), batches.number + 1)
