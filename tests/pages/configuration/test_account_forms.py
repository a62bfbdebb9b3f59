"""The other ways than SMTP with a password: leave of an authority, and the API of a provider."""

import pytest

from cartero.companies.models import AuditEntry
from cartero.transport import tokens
from cartero.transport.granting import Tokens
from cartero.transport.models import Grant, MailAccount
from cartero.transport.ways import Way
from tests.factories import make_account

pytestmark = pytest.mark.django_db
PATH = "/configuracion/cuentas/"
KEY = "llave-de-api-muy-secreta-7719"
CLIENT = {"client_id": "cartero", "client_secret": "s", "authorize_url": "", "token_url": "", "device_url": ""}


def fields(**changed):
    own = {"name": "Facturación", "from_address": "facturas@valle.example.co", "connections": "4", "max_mb": "10"}
    return own | changed


@pytest.fixture(autouse=True)
def registered(settings):
    settings.OAUTH_CLIENTS = {"google": CLIENT, "microsoft": CLIENT | {"client_id": ""}}


@pytest.fixture
def ana(client, people):
    client.force_login(people.ana)
    return client


def test_a_way_is_offered_where_the_operator_has_registered_cartero(ana):
    assert "forma=google" in ana.get(f"{PATH}nueva/?proveedor=gmail").content.decode()
    assert "forma=microsoft" not in ana.get(f"{PATH}nueva/?proveedor=microsoft_365").content.decode()
    assert "forma=postmark" in ana.get(f"{PATH}nueva/?proveedor=postmark").content.decode()
    page = ana.get(f"{PATH}nueva/?proveedor=microsoft_365&forma=microsoft").content.decode()
    assert 'name="password"' in page  # what is not offered is not to be had by its address


def test_an_account_by_leave_asks_no_password_and_knows_its_server(ana, people):
    page = ana.get(f"{PATH}nueva/?proveedor=gmail&forma=google").content.decode()
    assert 'name="password"' not in page
    assert 'name="host"' not in page
    sent = fields(username="facturas@valle.example.co", host="10.0.0.1", password=KEY)
    assert ana.post(f"{PATH}nueva/?proveedor=gmail&forma=google", sent).url == PATH
    account = MailAccount.objects.get()
    assert (account.way, account.host, account.port, account.security) == (
        Way.GOOGLE, "smtp.gmail.com", 587, "starttls",
    )  # fmt: skip
    assert account.password_sealed == ""
    listed = ana.get(PATH).content.decode()
    assert f"{PATH}{account.pk}/conectar/" in listed
    assert "Sin conectar" in listed


def test_an_account_by_api_keeps_its_key_sealed_and_shows_it_nowhere(ana):
    url = f"{PATH}nueva/?proveedor=ses&forma=ses"
    assert "Access key ID" in ana.get(url).content.decode()
    assert ana.post(url, fields(username="AKIA123", region="sa-east-1", password=KEY)).url == PATH
    account = MailAccount.objects.get()
    assert (account.way, account.host, account.port) == (Way.SES, "email.sa-east-1.amazonaws.com", 443)
    assert (account.username, account.region, account.password) == ("AKIA123", "sa-east-1", KEY)
    assert KEY not in account.password_sealed
    shown = [ana.get(path).content.decode() for path in (PATH, f"{PATH}{account.pk}/")]
    assert not [page for page in shown if KEY in page]
    assert KEY not in str(list(AuditEntry.objects.values_list("facts", flat=True)))
    ana.post(f"{PATH}{account.pk}/", fields(name="Otra", username="AKIA123", region="sa-east-1"))
    account.refresh_from_db()
    assert (account.name, account.password) == ("Otra", KEY)


WRONG = [
    ("ses", {"username": "A", "password": KEY, "region": "x.evil.example.com/"}),  # it becomes part of a host
    ("ses", {"username": "A", "region": "us-east-1"}),
    ("postmark", {"password": ""}),
    ("postmark", {"password": "llave\r\nHost: x"}),
    ("postmark", {"password": "llavé"}),
    ("mailgun", {"password": KEY, "region": "eu"}),  # no domain
    ("mailgun", {"password": KEY, "region": "mars", "username": "mg.example.co"}),
]


@pytest.mark.parametrize(("way", "given"), WRONG)
def test_what_cannot_be_is_refused(ana, way, given):
    answer = ana.post(f"{PATH}nueva/?proveedor={way}&forma={way}", fields(**given))
    assert answer.status_code == 422
    assert not MailAccount.objects.exists()
    assert KEY not in answer.content.decode()


def test_a_key_is_not_for_another_region(ana, people):
    account = make_account(
        people.company, way=Way.SES, host="email.us-east-1.amazonaws.com", port=443, region="us-east-1", username="A"
    )
    account.password = KEY
    account.save()
    moved = fields(username="A", region="sa-east-1")
    assert ana.post(f"{PATH}{account.pk}/", moved).status_code == 422
    assert ana.post(f"{PATH}{account.pk}/", moved | {"password": KEY}).status_code == 302


def test_another_way_takes_its_secrets_with_it(ana, people):
    """A password is never sent to an API, nor leave for one mailbox used for another."""
    account = make_account(people.company, host="smtp.gmail.com", port=587, username="yo@valle.example.co")
    account.password, account.private_allowed = KEY, False
    account.save()
    sent = fields(username="yo@valle.example.co")
    assert ana.post(f"{PATH}{account.pk}/?forma=google", sent).url == PATH
    account.refresh_from_db()
    assert (account.way, account.password_sealed) == (Way.GOOGLE, "")
    tokens.keep(account, Tokens(access="a", refresh="r"), None)
    assert "conectada desde" in ana.get(PATH).content.decode()
    ana.post(f"{PATH}{account.pk}/", sent | {"name": "Otra"})
    assert Grant.objects.exists()
    ana.post(f"{PATH}{account.pk}/", sent | {"username": "otra@valle.example.co"})
    assert not Grant.objects.exists()


def test_where_the_operator_has_put_it_it_stays(ana, people):
    account = make_account(people.company, way=Way.GOOGLE, username="yo@valle.example.co", port=2526)
    ana.post(f"{PATH}{account.pk}/", fields(username="yo@valle.example.co"))
    account.refresh_from_db()
    assert (account.host, account.port, account.private_allowed) == ("127.0.0.1", 2526, True)
