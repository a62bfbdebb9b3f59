from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core import signing
from django.test import Client

from cartero.companies.roles import Role
from cartero.transport.models import Grant, MailAccount
from cartero.transport.ways import Way
from tests.authority import CLIENT_ID, AuthorityServer
from tests.factories import make_account, make_user
from tests.pages.browsing import PICTURES, check, window

pytestmark = pytest.mark.django_db
PATH = "/configuracion/cuentas/"


@pytest.fixture
def authority():
    server = AuthorityServer().start()
    yield server
    server.stop()


@pytest.fixture
def account(people, authority, settings):
    settings.OAUTH_CLIENTS = {"google": authority.client(), "microsoft": authority.client()}
    return make_account(people.company, way=Way.GOOGLE, username=authority.mailbox, name="Facturas")


def set_out(client, account):
    """To the authority's page."""
    answer = client.get(f"{PATH}{account.pk}/conectar/")
    assert answer.status_code == 302
    return answer.url


def say_yes(page):
    """What the authority's page sends her back to."""
    back = urlsplit(requests.get(page, allow_redirects=False, timeout=5).headers["Location"])
    return f"{back.path}?{back.query}"


def test_she_says_yes_and_the_account_is_connected(client, people, account, authority):
    client.force_login(people.ana)
    page = set_out(client, account)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
    assert page.startswith(f"{authority.url}/authorize?")
    assert asked["client_id"] == CLIENT_ID
    assert asked["redirect_uri"] == f"http://testserver{PATH}conectada/"
    assert (asked["scope"], asked["access_type"], asked["login_hint"]) == (
        "https://mail.google.com/", "offline", authority.mailbox,
    )  # fmt: skip
    MailAccount.objects.update(stopped_reason="leave_ended", stopped_reply="400")
    assert client.get(say_yes(page)).url == PATH
    assert Grant.objects.get().account == account
    assert MailAccount.objects.get().stopped_reason == ""
    listed = client.get(PATH).content.decode()
    assert "La cuenta Facturas quedó conectada" in listed
    assert "Volver a conectar con Google" in listed
    assert "secret" not in listed


def test_the_verifier_and_the_secret_are_in_no_address(client, people, account, authority):
    client.force_login(people.ana)
    page = set_out(client, account)
    assert "code_verifier" not in page
    assert "secret" not in page


def test_an_answer_is_good_for_the_session_that_asked_alone(client, people, account, authority):
    """Else a stranger could have her send with his mailbox, or he with hers."""
    client.force_login(people.ana)
    back = say_yes(set_out(client, account))
    other = Client()
    other.force_login(make_user(people.company, Role.ADMIN))
    assert other.get(back).status_code == 409
    stranger = Client()
    stranger.force_login(people.carla)
    assert stranger.get(back).status_code == 409
    assert authority.counts["authorization_code"] == 0
    assert not Grant.objects.exists()


BAD_STATES = [
    lambda state: state[:-1] + ("A" if state[-1] != "A" else "B"),
    lambda state: signing.dumps({"account": 1, "session": "x"}, salt="otra"),
]


@pytest.mark.parametrize("change", BAD_STATES)
def test_a_state_that_is_not_ours_asks_nobody(client, people, account, authority, change):
    client.force_login(people.ana)
    state = parse_qs(urlsplit(say_yes(set_out(client, account))).query)["state"][0]
    answer = client.get(f"{PATH}conectada/", {"code": "codigo-1", "state": change(state)})
    assert answer.status_code == 409
    assert "pulse Conectar otra vez" in answer.content.decode()
    assert authority.counts["authorization_code"] == 0


def test_nobody_comes_back_without_a_state(client, people, account):
    client.force_login(people.ana)
    assert client.get(f"{PATH}conectada/", {"code": "codigo-1"}).status_code == 404


def test_a_code_that_was_taken_out_of_another_answer_is_refused(client, people, account, authority):
    """PKCE: the code is bound to the verifier of its own state."""
    client.force_login(people.ana)
    mine, other = say_yes(set_out(client, account)), say_yes(set_out(client, account))
    code = parse_qs(urlsplit(other).query)["code"][0]
    state = parse_qs(urlsplit(mine).query)["state"][0]
    answer = client.get(f"{PATH}conectada/", {"code": code, "state": state})
    assert answer.status_code == 409
    assert "Token has been expired or revoked." in answer.content.decode()
    assert not Grant.objects.exists()


def test_she_says_no(client, people, account):
    client.force_login(people.ana)
    state = parse_qs(urlsplit(set_out(client, account)).query)["state"][0]
    answer = client.get(f"{PATH}conectada/", {"error": "access_denied", "error_description": "<b>", "state": state})
    assert answer.status_code == 409
    assert "&lt;b&gt;" in answer.content.decode()


def test_she_unticks_what_sending_needs(client, people, account, authority):
    authority.scope = "openid email"
    client.force_login(people.ana)
    answer = client.get(say_yes(set_out(client, account)))
    assert answer.status_code == 409
    assert "deje marcadas todas las casillas" in answer.content.decode()


def test_a_password_account_and_a_strangers_are_not_connected(client, people, account):
    client.force_login(people.carla)
    assert client.get(f"{PATH}{account.pk}/conectar/").status_code == 404
    client.force_login(people.ana)
    MailAccount.objects.update(way=Way.PASSWORD)
    assert client.get(f"{PATH}{account.pk}/conectar/").status_code == 404


def test_without_a_registration_it_says_so(client, people, account, settings):
    settings.OAUTH_CLIENTS["google"]["client_id"] = ""
    client.force_login(people.ana)
    answer = client.get(f"{PATH}{account.pk}/conectar/")
    assert answer.status_code == 409
    assert "no está registrado con Google" in answer.content.decode()


def test_whoever_does_not_administer_is_kept_out(client, preparer, account):
    client.force_login(preparer)
    for path in (f"{account.pk}/conectar/", "conectada/"):
        assert client.get(f"{PATH}{path}").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_in_a_browser_she_is_led_there_and_back(server, chromium, signed_in, people, account, authority):
    """Nothing of it is blocked, and each page on the way is whole."""
    other = make_account(people.company, host="smtp.gmail.com", port=587, name="Otra")
    with window(chromium, signed_in(people.ana, server)) as context:
        page = context.new_page()
        check(page, f"{server}{PATH}{other.pk}/?forma=google")
        picture(page, "form")
        check(page, f"{server}{PATH}nueva/?proveedor=ses&forma=ses")
        picture(page, "api")
        check(page, f"{server}{PATH}")
        page.get_by_role("link", name="onectar con Google").first.click()
        page.get_by_text("quedó conectada").wait_for()
        picture(page, "connected")
    assert Grant.objects.get().account == account


def picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
