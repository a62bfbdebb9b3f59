"""Runs the .sql files that stand beside the modules: `sql.run("cartero.mailings", "claim", mailing=7)`."""

from functools import cache
from importlib.resources import files
from typing import Any

import psycopg
from django.db import connection

from cartero.platform import database


@cache
def text(package: str, name: str) -> str:
    """The statement of `name`.sql in `package`."""
    return (files(package) / f"{name}.sql").read_text(encoding="utf-8")


def run(package: str, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Executes the statement with `%(named)s` parameters; its rows, empty where it returns none."""
    with connection.cursor() as cursor:
        cursor.execute(text(package, name), parameters)
        return cursor.fetchall() if cursor.description else []


def run_prepared(package: str, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """`run` for a statement that runs many times a second: PostgreSQL reads it once a session.

    Its values go apart from it, so types are those of Python's values: a list that may be empty or all None is cast.
    JSON comes as text.
    """
    if database.is_pooled():
        return run(package, name, **parameters)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(text(package, name), parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []


def changed(package: str, name: str, **parameters: Any) -> int:
    """Executes the statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(text(package, name), parameters)
        return int(cursor.rowcount)


def allow_memory(megabytes: int) -> None:
    """What a step of the transaction's statements may hold in PostgreSQL's memory before it goes to a file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [f"{megabytes}MB"])
