"""Three people around the configuration of a company: Ana administers it, Bruno reads in it, Carla is of another."""

import pytest

from cartero.companies.roles import Role
from tests.dovecot import Dovecot
from tests.factories import make_user


@pytest.fixture(scope="module")
def dovecot():
    server = Dovecot().start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")


@pytest.fixture
def preparer(people):
    return make_user(people.company, Role.PREPARER, name="Diana Díaz")
