"""The two worlds are built once, in a transaction that each test only nests in."""

from collections.abc import Iterator
from decimal import Decimal
from http.cookies import SimpleCookie

import pytest
from django.db import transaction

from tests.pages.conftest import static_files
from tests.security.crawling import snapshot
from tests.security.worlds import World, make_world

__all__ = ["static_files"]


@pytest.fixture(scope="package")
def worlds(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, World]]:
    """Ours and the other one, equal but for what they are called."""
    with django_db_blocker.unblock(), transaction.atomic():
        files = tmp_path_factory.mktemp("files")
        yield make_world("Nuestra", files), make_world("Ajena", files)
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def as_built(worlds, django_db_blocker) -> dict[str, tuple[int, Decimal]]:
    """What all tables hold as each test begins."""
    with django_db_blocker.unblock():
        return snapshot()


@pytest.fixture
def ours(db, worlds) -> Iterator[World]:
    """A session that a test ends or changes is the same again for the next."""
    clients = [*worlds[0].clients.values(), worlds[0].careful, worlds[0].stranger]
    before = [{name: cookie.value for name, cookie in client.cookies.items()} for client in clients]
    yield worlds[0]
    for client, cookies in zip(clients, before, strict=True):
        client.cookies = SimpleCookie(cookies)


@pytest.fixture
def other(db, worlds) -> World:
    return worlds[1]


@pytest.fixture(autouse=True)
def files(worlds, settings):
    settings.FILES = str(worlds[0].files)
    settings.MAILBOX_PORT = 1  # the pages of a demonstration are there, too; nobody listens
