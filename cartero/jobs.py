"""The door of the worker: every background task and its schedule, the whole catalogue."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPException

from django.db import OperationalError
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from cartero.accounts import sessions
from cartero.importing import intake
from cartero.invoices import tallies
from cartero.mailings import breakdowns, doubts, notices, outcomes, rehearsing, sending, statements, upkeep
from cartero.platform import queue
from cartero.platform.storage import StorageAway
from cartero.tracking import mailbox, recording

log = logging.getLogger(__name__)

# For what the database or the storage refuses today and takes tomorrow: it was away, or two waited for each other and
# it chose this one.
AGAIN = RetryStrategy(linear_wait=10, retry_exceptions={OperationalError, StorageAway})
# The server of the operator, too, is away at times; what may have gone is not sent again.
BY_MAIL = RetryStrategy(max_attempts=10, linear_wait=60, retry_exceptions={OperationalError, SMTPException, OSError})


@app.task(name="send", queue="mail")
def send(mailing_id: int) -> None:
    """Some seconds of a mailing; defers itself again while any of it is due."""
    if sending.send_some(mailing_id):
        queue.defer("send", mailing_id=mailing_id)


@app.task(name="rehearse", queue="mail", priority=-1)
def rehearse(mailing_id: int) -> None:
    """Some seconds of an Ensayo; defers itself again while any is left."""
    if rehearsing.rehearse_some(mailing_id):
        queue.defer("rehearse", mailing_id=mailing_id, once=f"rehearse-{mailing_id}")


@app.task(name="make_statements", queue="mail", priority=-1)
def make_statements(run_id: int) -> None:
    """Some seconds of a run of account statements; defers itself again while any is left."""
    if statements.make_some(run_id):
        queue.defer("make_statements", run_id=run_id, once=f"statements-{run_id}")


@app.task(name="mark_queued", queue="upkeep", retry=AGAIN)
def mark_queued(mailing_id: int) -> None:
    outcomes.mark_queued(mailing_id)


@app.task(name="drop_rendered", queue="upkeep", retry=AGAIN)
def drop_rendered(mailing_id: int) -> None:
    upkeep.drop_rendered(mailing_id)


@app.task(name="tell_finished", queue="upkeep", retry=BY_MAIL)
def tell_finished(mailing_id: int) -> None:
    notices.tell_finished(mailing_id)


@app.task(name="tell_refused", queue="upkeep", retry=BY_MAIL)
def tell_refused(mailing_id: int) -> None:
    notices.tell_refused(mailing_id)


@app.task(name="tell_batch", queue="upkeep", retry=BY_MAIL)
def tell_batch(mailing_id: int) -> None:
    notices.tell_batch(mailing_id)


@app.task(name="tell_bounced", queue="upkeep", retry=BY_MAIL, priority=-1)
def tell_bounced(company_id: int, user_id: int) -> None:
    notices.tell_bounced(company_id, user_id, timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="digest", queue="upkeep", queueing_lock="digest", priority=-1, retry=AGAIN)
def digest(timestamp: int) -> None:
    """What bounced after it had gone: each person's once a day, in the morning of her company."""
    due = [{"company_id": company, "user_id": user} for company, user in notices.due_digests(timezone.now())]
    if due:
        queue.defer_many("tell_bounced", due)


@app.task(name="import", queue="import", retry=AGAIN)
def read_import(import_id: int) -> None:
    with _failing(import_id):
        intake.run(import_id)


@app.periodic(cron="* * * * * */5")
@app.task(name="keep_going", queue="upkeep", queueing_lock="keep_going", pass_context=True)
def keep_going(context: JobContext, timestamp: int) -> None:
    """What dead workers left, schedules that are due, work without a job, unwritten ends; one round at a time."""
    if context.job.id and queue.is_first("keep_going", context.job.id):
        upkeep.keep_going()


@app.periodic(cron="* * * * * */5")
@app.task(name="go_on_with_files", queue="upkeep", queueing_lock="go_on_with_files")
def go_on_with_files(timestamp: int) -> None:
    upkeep.go_on_with_files()


@app.task(name="look_for_doubts", queue="upkeep", priority=-1)
def look_for_doubts(account_id: int) -> None:
    doubts.look(account_id)


@app.periodic(cron="* * * * * */10")
@app.task(name="settle_doubts", queue="upkeep", queueing_lock="settle_doubts")
def settle_doubts(timestamp: int) -> None:
    """Evidence for what is in doubt, and the company's rule where none was found."""
    doubts.keep_looking()


@app.periodic(cron="* * * * * */15")
@app.task(name="read_mailboxes", queue="upkeep", queueing_lock="read_mailboxes", priority=-1)
def read_mailboxes(timestamp: int) -> None:
    mailbox.defer_due()


@app.task(name="read_mailbox", queue="upkeep", priority=-1)
def read_mailbox(mailbox_id: int) -> None:
    """What came back to an account; defers itself again while any is left."""
    if mailbox.watch(mailbox_id):
        queue.defer("read_mailbox", mailbox_id=mailbox_id, once=f"read-{mailbox_id}")


@app.periodic(cron="* * * * * */10")
@app.task(name="rescue_jobs", queue="upkeep", queueing_lock="rescue_jobs", pass_context=True)
async def rescue_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker died wait again; Procrastinate does not do that by itself."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=20):
        try:
            await context.app.job_manager.retry_job(job)
        except ConnectorException:
            log.warning("job %s moved before it was rescued", job.id)


@app.periodic(cron="* * * * *")
@app.task(name="merge_tallies", queue="upkeep", queueing_lock="merge_tallies", priority=-1)
def merge_tallies(timestamp: int) -> None:
    tallies.merge()


@app.periodic(cron="20 8 * * *")
@app.task(name="forget_receipts", queue="upkeep", queueing_lock="forget_receipts", priority=-1, retry=AGAIN)
def forget_receipts(timestamp: int) -> None:
    """Of what came back long ago; at night in Colombia."""
    recording.forget(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="give_up_imports", queue="upkeep", queueing_lock="give_up_imports", priority=-1)
def give_up_imports(timestamp: int) -> None:
    intake.give_up()


@app.periodic(cron="40 8 * * *")
@app.task(name="forget_sessions", queue="upkeep", queueing_lock="forget_sessions", priority=-1, retry=AGAIN)
def forget_sessions(timestamp: int) -> None:
    """Of people who went without leaving."""
    sessions.forget()


@app.periodic(cron="* * * * *")
@app.task(name="break_down", queue="upkeep", queueing_lock="break_down", priority=-1)
def break_down(timestamp: int) -> None:
    breakdowns.refresh()


@contextmanager
def _failing(import_id: int) -> Iterator[None]:
    """What its reading stumbles over is said on the import; what is away comes back, and the job with it."""
    try:
        yield
    except (OperationalError, StorageAway):
        raise
    except Exception:
        intake.fail(import_id)
        raise
