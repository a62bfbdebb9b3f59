import pytest

from cartero.companies.roles import Role
from tests.factories import make_company, make_user


@pytest.fixture
def company():
    return make_company(name="Administraciones Valle Verde S.A.S.", tax_id="900377216", check_digit="7")


@pytest.fixture
def ana(company):
    return make_user(company, name="Ana Pérez")


@pytest.fixture
def bruno(company):
    """He prepares."""
    return make_user(company, Role.PREPARER, name="Bruno Díaz")


@pytest.fixture
def reader(company):
    return make_user(company, Role.READER, name="Lucía Mora")


@pytest.fixture
def carla():
    """Of another company: whatever is not hers is not there."""
    return make_user(make_company(), name="Carla Ruiz")


@pytest.fixture
def enter(client):
    """The client of a person who is in."""

    def run(user):
        client.force_login(user)
        return client

    return run
