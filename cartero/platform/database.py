"""Which address of PostgreSQL this process uses. Pages may go through a pooler; everything else goes around it."""

import os

import psycopg

from cartero.platform import env

DIRECT = "CARTERO_DIRECT_DATABASE_URL"
PAGES = "CARTERO_SERVES_PAGES"  # set by `cartero web` for its own processes; not for operators
LOOKS = 5


def serve_pages() -> None:
    """From here on this process, and those it starts, are the pages."""
    os.environ[PAGES] = "1"


def is_named() -> bool:
    """Whether the operator has a server of his own."""
    return any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE", DIRECT, f"{DIRECT}_FILE"))


def is_pooled() -> bool:
    """Whether this process goes through the operator's pooler, where a session ends with each transaction."""
    return bool(env.text(DIRECT)) and env.flag(PAGES)


def url() -> str:
    """The address of the operator's server; empty where the database is our own and has not been started."""
    through, around = env.text("DATABASE_URL"), env.text(DIRECT)
    return (through or around) if env.flag(PAGES) else (around or through)


def mixes_sessions(address: str) -> bool:
    """Whether two connections at once are served by one session, as PgBouncer's transaction mode does."""
    with _plain(address) as one, _plain(address) as other:
        for _look in range(LOOKS):
            if one.execute("SELECT pg_backend_pid()").fetchone() == other.execute("SELECT pg_backend_pid()").fetchone():
                return True
    return False


def _plain(address: str) -> psycopg.Connection[tuple[int]]:
    return psycopg.connect(address, autocommit=True, prepare_threshold=None, connect_timeout=10)
