"""A plugin of the suite, loaded before Django reads its settings: a data folder and a real PostgreSQL of its own."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_IS_FIRST = "CARTERO_TESTS_HOME" not in os.environ
_HOME = Path(os.environ.setdefault("CARTERO_TESTS_HOME", tempfile.mkdtemp(prefix="cartero-tests-", dir="/tmp")))
os.environ["CARTERO_HOME"] = str(_HOME)
os.environ["CARTERO_ASK_MAIL_DOMAINS"] = "0"  # the name server of whoever runs them is not asked

import psycopg  # noqa: E402  the home must be named first
from django.conf import settings  # noqa: E402

from cartero.platform import postgres  # noqa: E402
from tests import prepared  # noqa: E402

MIGRATED = "migrated"  # the database that those of the suite's processes are copies of


def _begin() -> str:
    """Its address; the first process of the suite makes it."""
    is_new = not (_HOME / "postgres").exists()
    if is_new:
        prepared.seed(_HOME)
    address = postgres.ensure(_HOME, dies_with_us=True)
    if is_new:
        with psycopg.connect(address.url_of(role=postgres.SUPERUSER, database="postgres"), autocommit=True) as link:
            link.execute(f"ALTER DATABASE {postgres.DATABASE} RENAME TO {MIGRATED}")
            link.execute(f"GRANT SET ON PARAMETER session_replication_role TO {postgres.ROLE}")  # see tests/emptying
    return postgres.ensure(_HOME).url


os.environ["DATABASE_URL"] = _begin()
os.environ["DJANGO_SETTINGS_MODULE"] = "cartero.settings"
settings.DATABASES["default"]["ENGINE"] = "tests.emptying"


def pytest_unconfigure(config: pytest.Config) -> None:
    postgres.stop(_HOME)
    if _IS_FIRST:
        shutil.rmtree(_HOME, ignore_errors=True)
