"""`cartero worker`: one process that does the jobs, on this machine or on any other that reaches the database."""

import asyncio
import contextlib
import errno
import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Annotated

import psycopg
import typer
from django.db import OperationalError, connection
from django.utils.translation import gettext, ngettext
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from cartero.cli import starting, watchdog
from cartero.cli.spanish import noop as _
from cartero.platform import processors, stopping
from cartero.platform.queue import load as load_jobs
from cartero.platform.storage import StorageAway

CONCURRENCY = 4  # jobs at once, each in a thread: a company whose server hangs must not hold up the others
POLL = 1.0  # seconds between two looks for jobs that no notification told of
GRACE = 30  # seconds for mails in mid-air once it was asked to end
MAKING = "make"  # how the threads are called in which mails are made
PAUSES = (0.2, 1, 2, 4)  # seconds before it looks for a lost database again
# What asyncio says where a wait for a connection of the pool is called off in the instant in which its time is over.
LOST_LOCK = "Lock is not acquired."
GARBAGE = 20_000  # objects that pile up before cycles are looked for: some dozens of mails that are being made

app = typer.Typer()


@app.command()
def worker(
    processor: Annotated[
        int | None,
        typer.Option(help=_("Usar solo el procesador de ese número; después del último, otra vez el primero."), min=1),
    ] = None,
) -> None:
    if processor:
        processors.keep_to(processor)
    starting.open_database()
    starting.load_django()
    starting.require_migrated()
    starting.let_go_of_connections()
    starting.set_up_sessions()
    for handler in logging.getLogger().handlers:
        handler.addFilter(_tells_more)
    load_jobs()
    _spare_what_stays()
    failures = 0
    with watchdog.watching():
        while not stopping.is_asked():
            watchdog.alive()
            began = time.monotonic()
            with _until_lost():
                _hold_restored()
                asyncio.run(_work())
            failures = 0 if time.monotonic() - began > GRACE else failures + 1
            if not stopping.is_asked():
                _tell(gettext("Se perdió la conexión con la base de datos; se busca de nuevo."))
                time.sleep(PAUSES[min(failures, len(PAUSES) - 1)])

    _leave_stuck_threads()


@contextlib.contextmanager
def _until_lost() -> Iterator[None]:
    """Ends quietly when the database is lost: what was claimed has a lease."""
    try:
        yield
    except (ConnectorException, OperationalError, psycopg.OperationalError, TimeoutError):
        return
    except RuntimeError as error:
        if str(error) != LOST_LOCK:
            raise


def _spare_what_stays() -> None:
    """What is loaded by now stays for good: nobody need walk over it again and again to look for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def _leave_stuck_threads() -> None:
    """A thread in which a mail is made that never ends would keep this process for ever."""
    if any(thread.name.startswith(MAKING) for thread in threading.enumerate()):
        os._exit(1)


def _hold_restored() -> None:
    """Before the first job of it is done: a database may also be another one since it was lost."""
    try:
        held = import_module("cartero.mailings.upkeep").hold_restored()  # its models want Django first
    finally:
        connection.close()
    if held:
        words = ngettext(
            "Los datos vienen de una copia de respaldo: quedó detenido %(held)d envío.",
            "Los datos vienen de una copia de respaldo: quedaron detenidos %(held)d envíos.",
            held,
        )
        _tell(words % {"held": held})


def _tell(words: str) -> None:
    """On its log, which may be on the disk that is full: that must not end it."""
    with contextlib.suppress(OSError):
        typer.echo(words, err=True)


def _tells_more(record: logging.LogRecord) -> bool:
    """Whether it is not one more of the many ways in which a lost database is reported."""
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if _is_full(error):
        _tell(gettext("No hay espacio en el disco. Cartero sigue solo cuando lo haya."))
        return False
    if isinstance(error, StorageAway):
        _tell(error.user_text)
        return False
    return not isinstance(error, ConnectorException) and record.name != "psycopg.pool"


def _is_full(error: BaseException | None) -> bool:
    """Whether it comes of a full disk, ours or the database's."""
    while error is not None:
        if isinstance(error, psycopg.errors.DiskFull) or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
            return True
        error = error.__cause__ or error.__context__
    return False


async def _work() -> None:
    """Works until asked to end; comes back earlier when the database is lost."""
    connector = queue.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError(connector)
    database = connector.get_worker_connector()
    with queue.replace_connector(database) as ready:
        async with ready.open_async():
            work = asyncio.create_task(
                ready.run_worker_async(
                    concurrency=CONCURRENCY,
                    fetch_job_polling_interval=POLL,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE - 5,
                )
            )
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, _end, work)
            asking = asyncio.create_task(watchdog.ask(database))
            proving = asyncio.create_task(import_module("cartero.cli.proving").keep_proving())  # it wants Django first
            await asyncio.wait({work, asking}, return_when=asyncio.FIRST_COMPLETED)
            for task in (proving, asking, work):
                task.cancel()
            for task in (proving, asking, work):
                with contextlib.suppress(asyncio.CancelledError):
                    await task


def _end(work: asyncio.Task[None]) -> None:
    stopping.ask()
    work.cancel()
    signal.alarm(GRACE + 5)  # a job that does not listen ends with us all the same
