"""What a worker writes down, again and again, of what all machines must share, so that `cartero doctor` can compare."""

import asyncio
import os
import socket
import time
from contextlib import suppress
from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models.functions import Now

from cartero.platform import database, fingerprints, schema, storage
from cartero.platform.models import WorkerProof
from cartero.platform.storage import StorageAway

EVERY = 15.0  # seconds between two looks
FRESH = timedelta(seconds=3 * EVERY)  # an older look is that of a worker that is gone
KEPT = timedelta(days=1)


async def keep_proving() -> None:
    """Until cancelled. A database that is away is somebody else's to find out."""
    is_pooled: bool | None = None
    while True:
        with suppress(OperationalError, psycopg.OperationalError):
            if is_pooled is None:
                is_pooled = await asyncio.to_thread(database.mixes_sessions, settings.DATABASE_URL)
            await asyncio.to_thread(_prove_in_thread, is_pooled=is_pooled)
        await asyncio.sleep(EVERY)


def prove(*, is_pooled: bool) -> None:
    seen = {
        "seen_at": Now(),
        "secret": fingerprints.of_secret(),
        "keys": fingerprints.of_keys(),
        "marker": _marker(),
        "files": settings.FILES,
        "behind": len(schema.unknown()),
        "skew": skew(),
        "is_pooled": is_pooled,
    }
    WorkerProof.objects.update_or_create(worker=f"{socket.gethostname()} {os.getpid()}", defaults=seen)
    WorkerProof.objects.filter(seen_at__lt=Now() - KEPT).delete()


def _prove_in_thread(*, is_pooled: bool) -> None:
    try:
        prove(is_pooled=is_pooled)
    finally:
        connection.close()  # a thread of its own each time


def skew() -> float:
    """Seconds that this machine's clock is ahead of the database's; what the question took is not held against it."""
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        theirs = float(cursor.fetchone()[0])
    after = time.time()
    return before - theirs if before > theirs else min(after - theirs, 0.0)


def _marker() -> str:
    try:
        storage.try_out()
        return storage.remember()
    except StorageAway:
        return ""
