"""A plugin of the suite, loaded before Django reads its settings: a data folder and a real PostgreSQL of its own."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_IS_FIRST = "CARTERO_TESTS_HOME" not in os.environ
_HOME = Path(os.environ.setdefault("CARTERO_TESTS_HOME", tempfile.mkdtemp(prefix="cartero-tests-", dir="/tmp")))
os.environ["CARTERO_HOME"] = str(_HOME)

from cartero.platform import postgres  # noqa: E402  the home must be named first

os.environ["DATABASE_URL"] = postgres.ensure(_HOME, dies_with_us=True).url


def pytest_unconfigure(config: pytest.Config) -> None:
    postgres.stop(_HOME)
    if _IS_FIRST:
        shutil.rmtree(_HOME, ignore_errors=True)
