import os
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.reliability.ledger import Ledger
from tests.reliability.machine import Machine, machine
from tests.source import ROOT

HERE = Path(__file__).parent
_ledger = Ledger(Path(os.environ["CARTERO_TESTS_HOME"]) / "ledger.jsonl")


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what has no such mark
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The quick column is the beginning of the long one."""
    for item in items if config.getoption("-m") == "long" else []:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.long)


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
    is_one_of_many = hasattr(session.config, "workerinput")
    if session.config.getoption("-m") == "long" and not is_one_of_many and _ledger.lines():
        command = shlex.join(["pytest", *session.config.invocation_params.args])
        _ledger.write(ROOT / "docs" / "reliability.md", datetime.now(UTC), command, session.testsfailed)
