"""The only writer of `Mailing.status`: a function a verb, each one statement that says from where to where."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.mailings import batches, outcomes
from cartero.mailings.errors import InThePast, NothingFailed, NotNow
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import MOVES, WAITING, MailingStatus
from cartero.platform import queue
from cartero.platform.errors import CarteroError
from cartero.platform.storage import StorageAway
from cartero.transport import allowance

FILES_AWAY = "files_away"  # why Cartero stopped it: `Mailing.status_reason`
FILES_AGAIN = timedelta(seconds=15)  # between two looks whether they can be read


@transaction.atomic
def start(mailing: Mailing, by: User | None) -> None:
    """Let the workers at it. Pressed twice, or by two people at once, it sends once. Raises NotNow."""
    _move(mailing, "start", by, started_at=Now(), started_by=by, scheduled_for=None)
    _set_to_work(mailing)


@transaction.atomic
def schedule(mailing: Mailing, by: User, at: datetime, now: datetime) -> None:
    """It starts by itself at `at`. Raises InThePast, NotNow."""
    if at <= now:
        raise InThePast()
    _move(mailing, "schedule", by, scheduled_for=at, started_by=by)


@transaction.atomic
def unschedule(mailing: Mailing, by: User | None) -> None:
    """It waits for somebody to start it again. Raises NotNow."""
    _move(mailing, "unschedule", by, scheduled_for=None)


@transaction.atomic
def stop(
    mailing: Mailing, by: User | None, reason: str = "", reply: str = "", resume_at: Combinable | None = None
) -> None:
    """No mail begins after this; those in mid-air finish. Cartero itself stops it with a `reason`, and where that
    passes by itself it resumes at `resume_at`. Raises NotNow."""
    _move(mailing, "stop", by, status_reason=reason, status_reply=reply[:500], resume_at=resume_at)


def stop_for(mailing: Mailing, reason: str, why: CarteroError) -> None:
    """Stops it for what keeps all its mails from being made; `upkeep.go_on_with_files` resumes it when that was that
    stored files are away, whatever the `reason`."""
    told: dict[str, Any] = {"reason": reason, "reply": why.user_text}
    if isinstance(why, StorageAway):
        told |= {"reason": FILES_AWAY, "resume_at": Now() + FILES_AGAIN}
    with suppress(NotNow):  # it was stopped meanwhile
        stop(mailing, None, **told)


@transaction.atomic
def hold_restored(mailing: Mailing) -> bool:
    """Holds what a backup would let go by itself; whether it was so. A person looks, then resumes it."""
    try:
        _move(mailing, "hold", None, status_reason="restored", status_reply="", resume_at=None, scheduled_for=None)
    except NotNow:
        return False
    return True


@transaction.atomic
def resume(mailing: Mailing, by: User | None, *, by_itself: bool = False) -> None:
    """Goes on from where it was; one that had stopped after a part goes on with the next. Unless it does so by itself,
    its account's server gets as long again as it had to come back. Raises NotNow."""
    is_asked = batches.had_stopped(mailing)
    _move(mailing, "resume", by, status_reason="", status_reply="", resume_at=None)
    if is_asked:
        batches.release_next(mailing)
    if not by_itself:
        allowance.begin_anew(mailing.account_id)
    _set_to_work(mailing)


@transaction.atomic
def next_batch(mailing: Mailing, by: User | None) -> None:
    """Ends the wait after a part: the next one goes. Raises NotNow when none waits."""
    _move(mailing, "next_batch", by)
    if not batches.waits(mailing):
        raise NotNow(verb="next_batch", mailing=mailing.pk)
    batches.release_next(mailing)
    _set_to_work(mailing)


@transaction.atomic
def retry(mailing: Mailing, by: User | None) -> None:
    """Sends again only what failed. Raises NotNow, NothingFailed."""
    _move(mailing, "retry", by, status_reason="", status_reply="", resume_at=None, finished_at=None)
    if not outcomes.requeue_failed(mailing):
        raise NothingFailed()
    _set_to_work(mailing)


@transaction.atomic
def go_on(mailing: Mailing, by: User | None) -> None:
    """Sets a sending to work on what waits again in it, a mended address; one that had ended goes on. Raises NotNow."""
    if locked(mailing) != MailingStatus.SENDING:
        _move(mailing, "go_on", by, finished_at=None)
    _set_to_work(mailing)


@transaction.atomic
def cancel(mailing: Mailing, by: User | None) -> None:
    """Ends it; what has not gone is withdrawn. Raises NotNow."""
    _move(mailing, "cancel", by, scheduled_for=None, resume_at=None, finished_at=Now())
    outcomes.withdraw(mailing)
    queue.defer("drop_rendered", mailing_id=mailing.pk)


@transaction.atomic
def finish_if_done(mailing: Mailing) -> None:
    """Ends a sending in which nothing waits any more; one that was stopped meanwhile stays as it is."""
    locked(mailing)  # whoever puts a mail back to wait does so before or after, not meanwhile
    if Delivery.objects.filter(mailing=mailing, status__in=WAITING).exists():
        return
    try:
        _move(mailing, "finish", None, finished_at=Now())
    except NotNow:
        return
    queue.defer("drop_rendered", mailing_id=mailing.pk)
    queue.defer("tell_finished", mailing_id=mailing.pk)


# What a page may ask for by name; the others need more than the mailing and the person.
VERBS: Mapping[str, Callable[[Mailing, User | None], None]] = {
    "start": start,
    "stop": stop,
    "resume": resume,
    "next_batch": next_batch,
    "retry": retry,
    "cancel": cancel,
    "unschedule": unschedule,
}


def _set_to_work(mailing: Mailing) -> None:
    call_workers(mailing)
    queue.defer("mark_queued", mailing_id=mailing.pk)


def call_workers(mailing: Mailing) -> None:
    """More jobs than there are workers, so that each gets one; who has one already lets the next go by."""
    queue.defer_many("send", [{"mailing_id": mailing.pk}] * max(1, 2 * queue.workers()))


def locked(mailing: Mailing) -> str:
    """The status as it is; nobody else moves the mailing until the end of this transaction."""
    return Mailing.objects.select_for_update(no_key=True).values_list("status", flat=True).get(pk=mailing.pk)


def _move(mailing: Mailing, verb: str, by: User | None, **fields: Any) -> None:
    move = MOVES[verb]
    still = Mailing.objects.filter(pk=mailing.pk, status__in=move.sources)
    won = still.update(status=move.target, changed_at=Now(), **fields)
    if not won:  # someone else was first, or the page was old
        raise NotNow(verb=verb, mailing=mailing.pk)
    mailing.status = move.target
    audit.record(mailing, verb, by, number=mailing.number)
