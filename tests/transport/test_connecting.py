import pytest

from cartero.transport import connecting
from cartero.transport.presets import Security
from cartero.transport.server import ApiServer
from cartero.transport.ways import Way
from tests.factories import make_account, make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = make_account(make_company(), host="smtp.valle.example.co", port=587, security=Security.STARTTLS)
    account.username, account.password, account.private_allowed = "ana", "secreta", False
    account.save()
    return account


def test_an_account_says_where_its_mail_goes(account):
    server = connecting.server_of(account)
    assert (server.host, server.port, server.security) == ("smtp.valle.example.co", 587, Security.STARTTLS)
    assert (server.username, server.password, server.private_allowed) == ("ana", "secreta", False)


def test_in_a_demonstration_every_account_leads_to_its_mailbox(account, settings):
    """Whatever a person writes on the page of accounts: nothing leaves, and no password is said to anybody."""
    settings.MAILBOX_PORT = 40025
    server = connecting.server_of(account)
    assert (server.host, server.port, server.security) == ("127.0.0.1", 40025, Security.NONE)
    assert (server.username, server.password) == ("", "")


def test_by_an_api_it_leads_to_the_provider_and_to_the_operators_own_address(account, settings):
    account.way, account.host, account.region = Way.SES, "email.sa-east-1.amazonaws.com", "sa-east-1"
    server = connecting.server_of(account)
    assert isinstance(server, ApiServer)
    assert (server.way, server.region, server.username, server.key) == (Way.SES, "sa-east-1", "ana", "secreta")
    assert (server.url, server.private_allowed) == ("", False)
    assert "secreta" not in repr(server)
    settings.PROVIDER_URLS = {"ses": "http://127.0.0.1:4566"}
    assert connecting.server_of(account).private_allowed


@pytest.mark.parametrize("way", list(Way))
def test_in_a_demonstration_no_way_leads_out(account, settings, way):
    settings.MAILBOX_PORT, account.way = 40025, way
    server = connecting.server_of(account)
    assert (server.host, server.port, server.bearer) == ("127.0.0.1", 40025, None)
