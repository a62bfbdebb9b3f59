"""What has to go on, whatever workers died: expired leases, due schedules, work without a job, unwritten ends.

All of it by the database's clock.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from cartero.invoices import storing
from cartero.mailings import batching, doubts, lifecycle, outcomes
from cartero.mailings.errors import NotNow
from cartero.mailings.models import Delivery, Mailing, Origin, RenderedDocument, StatementRun
from cartero.mailings.states import LIVE, OPEN, WAITING, DeliveryStatus, MailingStatus, Rehearsal
from cartero.platform import queue, sql
from cartero.platform.storage import StorageAway


def keep_going() -> None:
    """One round. Safe to run at any time, and by several workers at once."""
    outcomes.expire()
    _start_due()
    batching.keep_going()
    for mailing_id in _work_left():
        queue.defer("send", mailing_id=mailing_id, once=f"send-{mailing_id}")
    for mailing_id in _without_workers("rehearse", _to_rehearse()):
        queue.defer("rehearse", mailing_id=mailing_id, once=f"rehearse-{mailing_id}")
    for run_id in StatementRun.objects.unfinished().values_list("pk", flat=True):
        queue.defer("make_statements", run_id=run_id, once=f"statements-{run_id}")
    for mailing in _ended():
        lifecycle.finish_if_done(mailing)
    _mend_ends()


@transaction.atomic
def hold_restored() -> int:
    """How many sendings were held because these rows come from a backup: nothing of it goes by itself.

    What the backup shows as waiting may have gone after it was made, so a person decides.
    """
    ((system, database),) = sql.run(__package__, "origin")
    here = Origin.objects.select_for_update(no_key=True).first()
    if here is None:
        Origin.objects.get_or_create(pk=1, defaults={"system": system, "database": database})
        return 0
    if (here.system, here.database) == (system, database):
        return 0
    here.system, here.database = system, database
    here.save(update_fields=["system", "database"])
    outcomes.abandon()
    doubts.leave_to_people()
    held = Mailing.objects.filter(status__in=LIVE) | Mailing.objects.filter(resume_at__isnull=False)
    return sum(lifecycle.hold_restored(mailing) for mailing in held.select_related("company"))


def go_on_with_files() -> None:
    """What was held because stored files could not be read goes on where they can; costs nothing while none is held."""
    for mailing in _rested().filter(status_reason=lifecycle.FILES_AWAY):
        try:
            storing.look(mailing.company_id)
        except StorageAway as error:
            waits = Mailing.objects.filter(pk=mailing.pk, status=MailingStatus.STOPPED)
            waits.update(resume_at=Now() + lifecycle.FILES_AGAIN, status_reply=error.user_text)
        else:
            _resume(mailing)


def drop_rendered(mailing_id: int) -> None:
    """Forgets the PDFs made for a mailing that has ended; they can be made again bit for bit."""
    rendered = RenderedDocument.objects.filter(mailing_id=mailing_id)
    for company_id, sha256 in rendered.values_list("company_id", "sha256").iterator():
        storing.drop(company_id, sha256)
    rendered.delete()


def _start_due() -> None:
    """Those whose hour has come, and those that a daily limit had stopped."""
    due = Mailing.objects.filter(status=MailingStatus.SCHEDULED, scheduled_for__lte=Now())
    for mailing in due.select_related("company", "started_by"):
        try:
            lifecycle.start(mailing, by=mailing.started_by)
        except NotNow:
            continue  # a person, or another worker, was first
    for mailing in _rested().exclude(status_reason=lifecycle.FILES_AWAY):
        _resume(mailing)


def _rested() -> QuerySet[Mailing]:
    """Those that go on by themselves, and whose moment has come."""
    rested = Mailing.objects.filter(status=MailingStatus.STOPPED, resume_at__lte=Now())
    return rested.select_related("company")


def _resume(mailing: Mailing) -> None:
    with suppress(NotNow):  # a person, or another worker, was first
        lifecycle.resume(mailing, by=None, by_itself=True)


def _mend_ends() -> None:
    """A mail that came back to wait just as its mailing ended: the mailing goes on, or the mail is withdrawn."""
    for mailing in _ended_with_work():
        if mailing.status == MailingStatus.CANCELLED:
            outcomes.withdraw(mailing)
        else:
            lifecycle.go_on(mailing, by=None)


def _work_left() -> list[int]:
    return [row[0] for row in sql.run(__package__, "work_left")]


def _to_rehearse() -> list[int]:
    unfinished = Mailing.objects.filter(status__in=OPEN, rehearsal__in=[Rehearsal.DUE, Rehearsal.RUNNING])
    return list(unfinished.values_list("pk", flat=True))


def _without_workers(name: str, mailings: Sequence[int]) -> list[int]:
    """Those of `mailings` that could do with one more job `name`: not every living worker is at them yet."""
    if not mailings:
        return []
    at_it = Counter(ids["mailing_id"] for _job, ids in queue.running(name))
    enough = max(1, queue.workers())
    return [mailing_id for mailing_id in mailings if at_it[mailing_id] < enough]


def _ended() -> list[Mailing]:
    waiting = Delivery.objects.filter(mailing=OuterRef("pk"), status__in=WAITING)
    sending = Mailing.objects.filter(status=MailingStatus.SENDING).select_related("company")
    return list(sending.filter(~Exists(waiting)))


def _ended_with_work() -> list[Mailing]:
    """Of the last hour, which is much longer than a mail can be in mid-air."""
    pending = Delivery.objects.filter(mailing=OuterRef("pk"), status=DeliveryStatus.PENDING)
    ids = [row[0] for row in sql.run(__package__, "just_ended")]
    return list(Mailing.objects.filter(Exists(pending), pk__in=ids).select_related("company"))
