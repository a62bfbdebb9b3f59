"""The door: what it tells, how often it may be tried, and what it takes from an address."""

import re
import runpy
import statistics
import time
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth
from django.core import checks
from django.core.cache import cache
from django.test import Client, override_settings

import cartero
from cartero.companies.roles import Role
from tests.factories import PASSWORD, make_user

WRONG = "no es esta la clave"


@pytest.fixture(autouse=True)
def no_tries_so_far(db):
    cache.clear()


@pytest.fixture
def browser(ours):
    return Client(raise_request_exception=False)


def enter(browser, login, password, **more):
    return browser.post("/entrar/", {"login": login, "password": password}, **more)


def words(answer):
    """What is read, without what she typed, the token and the fingerprint of the page."""
    page = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", page)


def test_nobody_learns_who_has_an_account(ours, browser):
    known, gone = ours.users[Role.READER], make_user(ours.company, Role.SENDER, is_active=False)
    wrong = enter(browser, known.email, WRONG)
    unknown = enter(browser, "nadie@valle.example.co", WRONG)
    inactive_wrong = enter(browser, gone.email, WRONG)
    inactive = enter(browser, gone.email, PASSWORD)
    answers = [wrong, unknown, inactive_wrong, inactive]
    assert {answer.status_code for answer in answers} == {wrong.status_code}
    assert {words(answer) for answer in answers} == {words(wrong)}
    assert "El correo o la contraseña no coinciden." in words(wrong)


def test_nor_by_the_clock(ours, browser):
    """The hash is computed for who is not there, too. What it costs, for the clock of a busy machine tells nothing."""
    gone = make_user(ours.company, Role.SENDER, is_active=False)

    def seconds(login, password):
        cache.clear()
        began = time.process_time()
        enter(browser, login, password)
        return time.process_time() - began

    known = (ours.users[Role.READER].email, WRONG)
    others = [("nadie@valle.example.co", WRONG), (gone.email, WRONG), (gone.email, PASSWORD)]
    spent = {who: statistics.median(seconds(*who) for _time in range(7)) for who in (known, *others)}
    assert [who for who in others if not 0.8 < spent[who] / spent[known] < 1.25] == []


def test_forgetting_a_password_tells_nothing_either(ours, browser):
    known = browser.post("/clave/", {"email": ours.users[Role.READER].email}, follow=True)
    unknown = browser.post("/clave/", {"email": "nadie@valle.example.co"}, follow=True)
    assert words(known) == words(unknown)


def test_after_many_failures_it_waits(ours, browser):
    email = ours.users[Role.READER].email
    for _time in range(10):
        enter(browser, email, WRONG)
    refused = enter(browser, email, PASSWORD)
    assert refused.status_code != 302
    assert "Demasiados intentos" in words(refused)


def test_who_fails_pushes_nothing_out_of_what_is_counted(ours, browser):
    email = ours.users[Role.READER].email
    for _time in range(10):
        enter(browser, email, WRONG)
    cache.set_many({f"another-{n}": n for n in range(320)})  # more than Django keeps unless told
    assert "Demasiados intentos" in words(enter(browser, email, PASSWORD))


def test_who_fails_is_in_the_log_but_for_what_she_typed(ours, browser, caplog):
    enter(browser, ours.users[Role.READER].email, WRONG)
    assert "wrong password" in caplog.text
    assert WRONG not in caplog.text


def test_the_right_person_comes_in_from_elsewhere(ours, browser):
    """Who tries passwords from one address must not lock her out at hers."""
    email = ours.users[Role.READER].email
    for _time in range(10):
        enter(browser, email, WRONG, REMOTE_ADDR="203.0.113.9")
    assert enter(browser, email, PASSWORD, REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.parametrize(
    ("tried", "comes", "status"),
    [
        ("203.0.113.9", "198.51.100.7", 302),
        ("203.0.113.9", "203.0.113.9", 200),
        ("198.51.100.7, 203.0.113.9", "198.51.100.7", 302),  # what stands before the proxy's own word is not believed
        ("203.0.113.9", "198.51.100.7, 203.0.113.9", 200),
    ],
)
def test_behind_a_proxy_she_is_known_by_her_own_address(ours, browser, settings, tried, comes, status):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    email = ours.users[Role.READER].email
    for _time in range(10):
        enter(browser, email, WRONG, HTTP_X_FORWARDED_FOR=tried)
    assert enter(browser, email, PASSWORD, HTTP_X_FORWARDED_FOR=comes).status_code == status


def test_a_second_factor_is_asked_for_and_a_code_serves_once(ours, browser, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # half a minute may end between two lines
    user, secret = ours.users[Role.SENDER], auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    over_her_shoulder = Client()
    for who in (browser, over_her_shoulder):
        assert enter(who, user.email, PASSWORD).url == "/entrar/segundo-factor/"
        assert who.get("/facturas/").status_code == 302
    code = auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))
    for who, status in ((browser, 200), (over_her_shoulder, 302)):
        who.post("/entrar/segundo-factor/", {"code": code})
        assert who.get("/facturas/").status_code == status


def test_a_session_that_was_given_to_her_is_not_the_one_she_gets(ours, browser):
    browser.get("/entrar/")
    browser.session.save()
    before = browser.session.session_key
    enter(browser, ours.users[Role.READER].email, PASSWORD)
    assert browser.session.session_key != before
    inside = browser.session.session_key
    browser.post("/salir/")
    stolen = Client()
    stolen.cookies[next(iter(browser.cookies))] = inside
    assert stolen.get("/facturas/").status_code == 302


NEXT = [
    ("https://elsewhere.example.com/", "/"),
    ("//elsewhere.example.com/", "/"),
    ("/\\elsewhere.example.com", "/"),
    ("http:///elsewhere.example.com", "/"),
    ("javascript:alert(1)", "/"),
    ("/facturas/?q=x", "/facturas/?q=x"),
]


@pytest.mark.parametrize(("asked", "led"), NEXT)
def test_next_leads_within(asked, led, ours, browser):
    answer = browser.post(
        "/entrar/", {"login": ours.users[Role.READER].email, "password": PASSWORD, "next": asked}, follow=False
    )
    assert (answer.status_code, answer.url) == (302, led)


@pytest.mark.parametrize("host", ["elsewhere.example.com", "localhost.elsewhere.example.com", "a b", "[::1"])
def test_a_host_that_is_not_ours_is_refused(host, ours):
    with override_settings(ALLOWED_HOSTS=["127.0.0.1", "localhost"]):
        for path in ("/entrar/", "/facturas/", "/nada/"):
            answer = ours.clients[Role.READER].get(path, headers={"Host": host})
            assert answer.status_code == 400
            assert "elsewhere" not in answer.content.decode()


def test_a_forwarded_host_changes_no_link(ours, browser, mailoutbox):
    browser.post(
        "/clave/", {"email": ours.users[Role.READER].email}, headers={"X-Forwarded-Host": "elsewhere.example.com"}
    )
    assert "elsewhere" not in "".join(message.body for message in mailoutbox)


PASSWORDS = [
    ("corta", "less than 12 characters"),
    ("password1234", "common"),
    ("consulta nuestra", "her own name"),
    ("x" * 5_000, "hashing it would keep us busy"),
]


@pytest.mark.parametrize(("fresh", "why"), PASSWORDS, ids=[why for _fresh, why in PASSWORDS])
def test_a_poor_password_is_refused(fresh, why, ours):
    fields = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    answer = ours.clients[Role.READER].post("/cuenta/clave/", fields)
    assert answer.status_code == 200
    ours.users[Role.READER].refresh_from_db()
    assert ours.users[Role.READER].check_password(PASSWORD)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://cartero.example.co"])
def test_the_check_of_a_deployment_finds_nothing(address, monkeypatch):
    monkeypatch.setenv("CARTERO_PUBLIC_URL", address)
    read = runpy.run_path(str(Path(cartero.__file__).parent / "settings.py"))
    names = (
        "SESSION_",
        "CSRF_",
        "SECURE_",
        "UNDER_TLS",
        "ALLOWED_HOSTS",
        "X_FRAME",
        "DEBUG",
        "SILENCED_",
        "SECRET_KEY",
    )
    with override_settings(**{name: value for name, value in read.items() if name.startswith(names)}):
        found = checks.run_checks(include_deployment_checks=True)
    assert [issue for issue in found if not issue.is_silenced()] == []


def test_keys_are_made_at_random_and_read_by_us_alone(tmp_path, monkeypatch):
    made = set()
    for home in ("one", "two"):
        monkeypatch.setenv("CARTERO_HOME", str(tmp_path / home))
        monkeypatch.delenv("CARTERO_SECRET_KEY", raising=False)
        read = runpy.run_path(str(Path(cartero.__file__).parent / "settings.py"))
        assert read["DEBUG"] is False
        assert len(read["SECRET_KEY"]) >= 50
        made |= {read["SECRET_KEY"], *read["ENCRYPTION_KEYS"]}
        for name in ("secret-key", "encryption-keys"):
            assert (tmp_path / home / name).stat().st_mode & 0o077 == 0
    assert len(made) == 4
