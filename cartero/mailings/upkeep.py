"""What has to go on, whatever workers died: expired leases, due schedules, work without a job, unwritten ends.

All of it by the database's clock.
"""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from cartero.invoices import storing
from cartero.mailings import lifecycle, outcomes
from cartero.mailings.errors import NotNow
from cartero.mailings.models import Delivery, Mailing, RenderedDocument
from cartero.mailings.states import OPEN, WAITING, MailingStatus, Rehearsal
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


def drop_rendered(mailing_id: int) -> None:
    """Forgets the PDFs made for a mailing that has ended; they can be made again bit for bit."""
    rendered = RenderedDocument.objects.filter(mailing_id=mailing_id)
    for company_id, sha256 in rendered.values_list("company_id", "sha256").iterator():
        storing.drop(company_id, sha256)
    rendered.delete()


def _start_due() -> None:
    due = Mailing.objects.filter(status=MailingStatus.SCHEDULED, scheduled_for__lte=Now())
    for mailing in due.select_related("company", "started_by"):
        try:
            lifecycle.start(mailing, by=mailing.started_by)
        except NotNow:
            continue  # a person, or another worker, was first


def _work_left() -> list[int]:
    return [row[0] for row in sql.run(__package__, "work_left")]


def _to_rehearse() -> list[int]:
    unfinished = Mailing.objects.filter(status__in=OPEN, rehearsal__in=[Rehearsal.DUE, Rehearsal.RUNNING])
    return list(unfinished.values_list("pk", flat=True))


def _ended() -> list[Mailing]:
    waiting = Delivery.objects.filter(mailing=OuterRef("pk"), status__in=WAITING)
    sending = Mailing.objects.filter(status=MailingStatus.SENDING).select_related("company")
    return list(sending.filter(~Exists(waiting)))
