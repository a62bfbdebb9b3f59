"""What every command needs before it can work: a database to talk to, Django, and rows in their newest shape."""

import atexit
import hashlib
import os
import time
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from cartero.platform import database, datafolder, postgres, schema
from cartero.platform.errors import CarteroError

CONNECT_TIMEOUT = 10  # seconds
MIGRATING = 7_083_001  # the number of the lock that all Carteros of one database agree on


class MigrationsMissing(CarteroError):
    """The database is older than this program."""

    text = _("La base de datos no está al día con esta versión de Cartero. Ejecute «cartero migrate».")


class MadeApart(CarteroError):
    """The database and this program come from one beginning and went different ways: no migration joins them."""

    text = _(
        "Otro Cartero hizo esta base de datos: tiene cambios que este no conoce y le faltan los de este. No se le hizo"
        " nada. Ábrala con el que la hizo, o empiece con una base de datos nueva."
    )


class DatabaseUnreachable(CarteroError):
    """The operator's own server does not answer."""

    text = _(
        "No se puede hablar con la base de datos: %(reason)s. Revise DATABASE_URL y que el servidor esté encendido."
    )


def is_embedded() -> bool:
    """Whether the database is our own: the operator named none."""
    return not database.is_named()


def open_database(*, dies_with_us: bool = False) -> bool:
    """Starts the embedded server, or attaches to it, and names it to Django.

    Where the operator has his own: False, and DatabaseUnreachable when it does not answer.
    """
    if not is_embedded():
        _try_out(database.url())
        return False
    home = datafolder.home()
    os.environ["DATABASE_URL"] = postgres.ensure(home, dies_with_us=dies_with_us).url
    atexit.register(postgres.stop, home)  # the last who uses it stops it
    return True


def _try_out(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT).close()
    except psycopg.Error as error:
        raise DatabaseUnreachable(reason=str(error).strip().splitlines()[0]) from error


def restart_database() -> None:
    """After its server died: the same address, so that whoever reconnects finds it."""
    postgres.ensure(datafolder.home(), dies_with_us=True)


def open_all(*, only_help: bool) -> None:
    """Everything for a short command. Our own tables are brought up to date; the operator's are his to change."""
    embedded = False if only_help else open_database()
    load_django()
    if embedded and not is_migrated():
        migrate()
    if not only_help:
        require_migrated()


def load_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cartero.settings")
    datafolder.folder("files")  # before the storage makes it, open to all
    django.setup()


def is_migrated() -> bool:
    return not schema.missing()


def require_migrated() -> None:
    """Raises MigrationsMissing."""
    if not is_migrated():
        raise MigrationsMissing()


def migrate() -> None:
    """Brings the tables up to date; of several Carteros that start at once, one works and the others wait.

    Raises MadeApart and leaves the tables as they are where they are not an earlier shape of its own.
    """
    with connection.cursor() as cursor:
        # Asked again and again: who waits inside a statement would hold up an index that is built concurrently.
        while not _is_ours(cursor):
            time.sleep(0.1)
        try:
            if schema.is_apart():
                raise MadeApart()
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def _is_ours(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATING])
    return bool(cursor.fetchone()[0])


def collect_static() -> None:
    """Lays out what pages load, unless this very content lies there already."""
    seen = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            seen.update(f"{name} {storage.get_modified_time(name).timestamp()}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".contents"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == seen.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(seen.hexdigest(), encoding="utf-8")


def let_go_of_connections() -> None:
    """Closes this process' own connections, pool and all: whoever only watches over others needs none."""
    connections.close_all()
    for each in connections.all():
        if isinstance(each, DatabaseWrapper):
            each.close_pool()


def set_up_sessions() -> None:
    """From here on the database ends a transaction of this process that rests for as long as a lease lasts, and keeps
    the plan of what is prepared.

    A process that was frozen, or whose machine is gone, would keep its locks, and everybody would wait for it. A
    worker's short lists of ids would be planned anew each time, which takes longer than what is to be done with them.
    """
    connection_created.connect(_set_up_session, dispatch_uid="set_up_sessions")


def _set_up_session(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    with connection.cursor() as cursor:
        limit = f"{settings.LEASE_SECONDS * 1000:.0f}ms"
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, false),"
            " set_config('plan_cache_mode', 'force_generic_plan', false)",
            [limit],
        )
