from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from cartero.mailings import rehearsing, sending, upkeep
from cartero.mailings.models import Mailing
from tests.database import MIGRATED
from tests.smtp import SmtpServer

WAITING = ("/tests/reliability/", "/tests/browser/", "/tests/machines/")  # they wait more than they compute


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that the processes of the suite end together."""
    items.sort(key=lambda item: not any(folder in str(item.path) for folder in WAITING))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The database of each process is a copy of one whose tables are made."""
    connection.settings_dict["TEST"].update(TEMPLATE=MIGRATED, MIGRATE=False)


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A real SMTP server on loopback that answers as the test says."""
    server = SmtpServer().start()
    yield server
    server.stop()


@pytest.fixture
def send_all() -> Callable[[Mailing], None]:
    """Does what workers do, until nothing of the mailing is due."""

    def run(mailing: Mailing) -> None:
        while sending.send_some(mailing.pk):
            pass
        upkeep.keep_going()
        mailing.refresh_from_db()

    return run


@pytest.fixture
def rehearse_all() -> Callable[[Mailing], None]:
    def run(mailing: Mailing) -> None:
        while rehearsing.rehearse_some(mailing.pk):
            pass
        mailing.refresh_from_db()

    return run
