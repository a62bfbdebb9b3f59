"""From one part (tanda) of a mailing to the next: its wait begins, and ends, by the database's clock."""

from django.db import transaction
from django.db.models.functions import Now

from cartero.mailings import batches, lifecycle
from cartero.mailings.models import Batches
from cartero.mailings.states import BatchThen, MailingStatus
from cartero.platform import queue, sql


def keep_going() -> None:
    """One round. Safe to run at any time, and by several workers at once."""
    sql.changed(__package__, "batch_waits")
    over = Batches.objects.filter(until__lte=Now(), mailing__status=MailingStatus.SENDING)
    for each in over.select_related("mailing__company"):
        _end_wait(each)


@transaction.atomic
def _end_wait(waited: Batches) -> None:
    """The next part goes; or the mailing stops for a person, where she wants to be asked or too much came back."""
    mailing = waited.mailing
    if lifecycle.locked(mailing) != MailingStatus.SENDING:
        return  # somebody stopped it meanwhile
    here = Batches.objects.filter(pk=waited.pk, number=waited.number, until__lte=Now())
    if not here.exists():
        return  # another worker, or a person, was first
    if not batches.follows(mailing):  # cancelled one by one
        lifecycle.next_batch(mailing, by=None)
        return
    if batches.is_too_much(batches.returned(waited), waited.mails):
        reason = batches.BOUNCED
    elif waited.then == BatchThen.ASK:
        reason = batches.ASKS
    else:
        lifecycle.next_batch(mailing, by=None)
        return
    here.update(until=None)
    lifecycle.stop(mailing, None, reason=reason)
    queue.defer("tell_batch", mailing_id=mailing.pk)
