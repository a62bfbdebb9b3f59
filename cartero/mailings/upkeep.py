"""What has to go on, whatever workers died: expired leases, due schedules, work without a job, unwritten ends.

All of it by the database's clock.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from cartero.invoices import storing
from cartero.mailings import doubts, lifecycle, outcomes
from cartero.mailings.errors import NotNow
from cartero.mailings.models import Delivery, Mailing, Origin, RenderedDocument
from cartero.mailings.states import LIVE, OPEN, WAITING, DeliveryStatus, MailingStatus, Rehearsal
from cartero.platform import queue, sql


def keep_going() -> None:
    """One round. Safe to run at any time, and by several workers at once."""
    outcomes.expire()
    _start_due()
    for mailing_id in _work_left():
        queue.defer("send", mailing_id=mailing_id, once=f"send-{mailing_id}")
    for mailing_id in _to_rehearse():
        queue.defer("rehearse", mailing_id=mailing_id, once=f"rehearse-{mailing_id}")
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
    rested = Mailing.objects.filter(status=MailingStatus.STOPPED, resume_at__lte=Now())
    for mailing in rested.select_related("company"):
        try:
            lifecycle.resume(mailing, by=None)
        except NotNow:
            continue


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


def _ended() -> list[Mailing]:
    waiting = Delivery.objects.filter(mailing=OuterRef("pk"), status__in=WAITING)
    sending = Mailing.objects.filter(status=MailingStatus.SENDING).select_related("company")
    return list(sending.filter(~Exists(waiting)))


def _ended_with_work() -> list[Mailing]:
    """Of the last hour, which is much longer than a mail can be in mid-air."""
    pending = Delivery.objects.filter(mailing=OuterRef("pk"), status=DeliveryStatus.PENDING)
    ids = [row[0] for row in sql.run(__package__, "just_ended")]
    return list(Mailing.objects.filter(Exists(pending), pk__in=ids).select_related("company"))
