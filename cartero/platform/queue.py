"""The queue as the parts below the doors see it: jobs are deferred by name, in the transaction of their rows."""

import json
from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from cartero.platform import sql

CATALOGUE = "cartero.jobs"


class UnknownJob(LookupError):
    """No task of that name is in cartero/jobs.py."""


def load() -> None:
    """Knows all jobs from now on; it takes half a second, which nobody should hold a row locked for."""
    import_module(CATALOGUE)


def defer(name: str, *, at: datetime | None = None, once: str | None = None, **ids: Any) -> None:
    """Puts the job `name` into the queue; while one waits under the name `once`, a second is not added.

    Raises UnknownJob for a name that the catalogue does not hold.
    """
    job = _task(name).configure(schedule_at=at, queueing_lock=once)
    try:
        with transaction.atomic():  # a refused lock must not spoil the caller's transaction
            job.defer(**ids)
    except AlreadyEnqueued:
        return


def defer_many(name: str, each: Iterable[dict[str, Any]]) -> None:
    """Puts a job for each of the given sets of ids into the queue, in one statement."""
    _task(name).batch_defer(*each)


def has_waiting(name: str) -> bool:
    """Whether a job `name` waits that nobody has begun."""
    ((waits,),) = sql.run(__package__, "waiting", task=name)
    return bool(waits)


def running(name: str) -> list[tuple[int, dict[str, Any]]]:
    """Id and ids of each job `name` that a worker is at; that of a dead one for up to ten seconds more."""
    return [(job, json.loads(ids)) for job, ids in sql.run(__package__, "running", task=name)]


def is_first(name: str, job: int) -> bool:
    """Whether `job` is the oldest `name` that a worker is at: those that one at a time must do let it do them."""
    return all(job <= other for other, _ids in running(name))


def workers() -> int:
    """How many workers are alive, on all machines, by their heartbeats."""
    ((alive,),) = sql.run(__package__, "workers")
    return int(alive)


def _task(name: str) -> Task[Any, Any, Any]:
    if name not in app.tasks:
        load()  # at its first use
    if name not in app.tasks:
        raise UnknownJob(name)
    return app.tasks[name]
