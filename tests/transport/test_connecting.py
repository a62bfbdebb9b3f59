import pytest

from cartero.transport import connecting
from cartero.transport.presets import Security
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
