"""The door of the worker: every background task and its schedule, the whole catalogue."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from cartero.importing import intake
from cartero.mailings import doubts, notices, outcomes, rehearsing, sending, upkeep
from cartero.platform import queue

log = logging.getLogger(__name__)

# For what a database refuses today and takes tomorrow: it was away, or two waited for each other and it chose this one.
AGAIN = RetryStrategy(linear_wait=10, retry_exceptions={OperationalError})


@app.task(name="send", queue="mail")
def send(mailing_id: int) -> None:
    """Some seconds of a mailing; defers itself again while any of it is due."""
    if sending.send_some(mailing_id):
        queue.defer("send", mailing_id=mailing_id)


@app.task(name="rehearse", queue="mail", priority=-1)
def rehearse(mailing_id: int) -> None:
    """Some seconds of an Ensayo; defers itself again while any is left."""
    if rehearsing.rehearse_some(mailing_id):
        queue.defer("rehearse", mailing_id=mailing_id)


@app.task(name="mark_queued", queue="upkeep", retry=AGAIN)
def mark_queued(mailing_id: int) -> None:
    outcomes.mark_queued(mailing_id)


@app.task(name="drop_rendered", queue="upkeep", retry=AGAIN)
def drop_rendered(mailing_id: int) -> None:
    upkeep.drop_rendered(mailing_id)


@app.task(name="tell_finished", queue="upkeep", retry=AGAIN)
def tell_finished(mailing_id: int) -> None:
    notices.tell_finished(mailing_id)


@app.task(name="import", queue="import", retry=AGAIN)
def read_import(import_id: int) -> None:
    with _failing(import_id):
        intake.run(import_id)


@app.periodic(cron="* * * * * */5")
@app.task(name="keep_going", queue="upkeep", queueing_lock="keep_going")
def keep_going(timestamp: int) -> None:
    """What dead workers left, schedules that are due, work without a job, ends that nobody wrote."""
    upkeep.keep_going()


@app.task(name="look_for_doubts", queue="upkeep", priority=-1)
def look_for_doubts(account_id: int) -> None:
    doubts.look(account_id)


@app.periodic(cron="* * * * * */10")
@app.task(name="settle_doubts", queue="upkeep", queueing_lock="settle_doubts")
def settle_doubts(timestamp: int) -> None:
    """Evidence for what is in doubt, and the company's rule where none was found."""
    doubts.keep_looking()


@app.periodic(cron="* * * * * */10")
@app.task(name="rescue_jobs", queue="upkeep", queueing_lock="rescue_jobs", pass_context=True)
async def rescue_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker died wait again; Procrastinate does not do that by itself."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=20):
        try:
            await context.app.job_manager.retry_job(job)
        except ConnectorException:
            log.warning("job %s moved before it was rescued", job.id)


@contextmanager
def _failing(import_id: int) -> Iterator[None]:
    """What its reading stumbles over is said on the import; a database that is away comes back, and the job with it."""
    try:
        yield
    except OperationalError:
        raise
    except Exception:
        intake.fail(import_id)
        raise
