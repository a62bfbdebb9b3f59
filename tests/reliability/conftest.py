import shlex
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.reliability.ledger import Ledger
from tests.reliability.machine import Machine, machine
from tests.source import ROOT

_ledger = Ledger()


@pytest.fixture(scope="session")
def prepared() -> Iterator[Machine]:
    """One machine for all of this folder: its documents are imported once."""
    with machine() as here:
        yield here


@pytest.fixture
def here(prepared: Machine) -> Iterator[Machine]:
    """The machine without workers, servers or sendings of other tests."""
    yield prepared
    prepared.lay_off()


@pytest.fixture
def ledger() -> Ledger:
    """What this run has tried, for docs/reliability.md."""
    return _ledger


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("-m") == "long" and _ledger.lines and not session.testsfailed:
        _ledger.write(
            ROOT / "docs" / "reliability.md",
            datetime.now(UTC),
            shlex.join(["pytest", *session.config.invocation_params.args]),
        )
