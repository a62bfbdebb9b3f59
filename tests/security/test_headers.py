"""What stands in the headers of every answer, what an unsafe method needs, and that looking changes nothing."""

import runpy
from pathlib import Path

import pytest
from django.test import Client, override_settings

import cartero
from cartero.companies.roles import Role
from tests.factories import PASSWORD
from tests.security.crawling import HTMX, KEPT_APART, addresses, changed

OURS = [address for address in addresses() if address.is_ours]
STATIC = {"default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"}
# Shown in a frame of ours; and of these and others a stranger's bytes, in which nothing may run or load.
FRAMED = {
    "invoice_pdf", "mailing_pdf", "mailing_mail", "conflict_file", "conflict_file_here", "kept_mail_html",
    "company_mail", "company_pdf", "message_template_mail", "attestation_pdf", "recipient_pdf",
}  # fmt: skip
SEALED = {
    "invoice_zip", "invoice_file", "kept_mail_html", "mailing_mail", "sent_mail", "company_mail",
    "message_template_mail",
}  # fmt: skip

SECRET = {
    "confirm_attestation",
    "recipient",
    "recipient_see",
    "recipient_pdf",
    "recipient_pixel",
    "recipient_download",
    "recipient_answer",
    "unsubscribe",
}  # whoever has the address has it confirmed: no other page learns it


def policy(answer):
    return {directive.strip() for directive in answer.headers["Content-Security-Policy"].split(";")}


def check(answer, *, name="", is_in=True):
    """What holds of every answer whatever it says."""
    directives = policy(answer)
    assert any(directive.startswith("default-src ") for directive in directives)
    assert not [d for d in directives if "unsafe-eval" in d or ("unsafe-inline" in d and name not in SEALED)]
    assert not [d for d in directives if "*" in d or "http:" in d or "https:" in d]
    if name in FRAMED and answer.status_code == 200:
        assert "frame-ancestors 'self'" in directives
    elif name not in FRAMED:
        assert "frame-ancestors 'none'" in directives or "sandbox" in directives
    if name not in SEALED:
        assert directives >= STATIC
        (scripts,) = [d for d in directives if d.startswith("script-src ")]
        assert set(scripts.split()[1:]) == {"'self'"} or scripts.startswith("script-src 'self' 'nonce-")
    elif answer.status_code == 200:
        assert "default-src 'none'" in directives
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == ("no-referrer" if name in SECRET else "same-origin")
    assert answer.headers["X-Frame-Options"] in {"SAMEORIGIN", "DENY"}
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if is_in:
        assert "no-store" in answer.headers["Cache-Control"]
    for cookie in answer.cookies.values():
        assert cookie["samesite"] == "Lax"
        assert cookie["httponly"] or cookie.key.startswith(("csrf", "__Host-csrf"))
        assert cookie["path"] == "/"
        assert not cookie["domain"]


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_every_answer_has_the_headers(address, ours, other):
    client, url = ours.clients[Role.ADMIN], address.url(ours)
    check(client.get(url), name=address.name)
    check(client.get(url, headers=HTMX), name=address.name)
    check(ours.stranger.get(url), name=address.name, is_in=False)
    if address.owned:
        check(client.get(address.url(ours, other, *address.owned)), name=address.name)  # 404


@pytest.mark.parametrize("address", [a for a in addresses() if not a.is_ours], ids=lambda a: a.name)
def test_so_has_every_page_of_the_login(address, ours):
    check(ours.clients[Role.ADMIN].get(address.url(ours)))
    check(ours.stranger.get(address.url(ours)), is_in=False)


def test_so_have_the_pages_of_errors(ours):
    check(ours.clients[Role.READER].get("/terceros/nuevo/"))  # 403
    check(ours.clients[Role.READER].get("/nada/"))  # 404
    check(ours.clients[Role.READER].delete("/facturas/"))  # 405
    check(Client(enforce_csrf_checks=True).post("/entrar/"), is_in=False)  # 403, without its token


def test_htmx_runs_no_code_and_asks_nobody_else(ours):
    page = ours.clients[Role.ADMIN].get("/facturas/").content.decode().replace(" ", "")
    assert '"allowEval":false' in page
    assert '"selfRequestsOnly":true' in page


# Over TLS.


@pytest.fixture
def under_tls(monkeypatch):
    """The settings of a Cartero that is reached at an https address, as they are read from the environment."""
    monkeypatch.setenv("CARTERO_PUBLIC_URL", "https://cartero.example.co")
    read = runpy.run_path(str(Path(cartero.__file__).parent / "settings.py"))
    names = ("SESSION_", "CSRF_", "SECURE_", "UNDER_TLS", "ALLOWED_HOSTS", "X_FRAME")
    with override_settings(**{name: value for name, value in read.items() if name.startswith(names)}):
        yield read


def test_over_tls_the_browser_is_told_to_keep_to_it(under_tls, ours):
    answer = Client().get("/entrar/", secure=True, headers={"Host": "cartero.example.co"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    check(answer, is_in=False)


def test_over_tls_cookies_are_of_this_host_alone(under_tls, ours):
    client = Client(headers={"Host": "cartero.example.co"})
    user = ours.users[Role.READER]
    client.get("/entrar/", secure=True)
    answer = client.post("/entrar/", {"login": user.email, "password": PASSWORD}, secure=True)
    assert {*client.cookies} == {"__Host-csrf", "__Host-sesion"}
    for cookie in (*client.cookies.values(), *answer.cookies.values()):
        assert cookie["secure"]
        assert cookie["path"] == "/"
        assert not cookie["domain"]


# What an unsafe method needs, but for programs, which prove who they are in another way.
OF_PROGRAMS = {"provider_webhook", "stop_notices"}
OF_PEOPLE = [address for address in addresses() if address.name not in OF_PROGRAMS]


@pytest.mark.parametrize(
    "address", [a for a in addresses() if a.name not in OF_PROGRAMS], ids=lambda address: address.name
)
def test_a_post_without_its_token_is_refused(address, ours, as_built):
    """By the token, or before it by the method."""
    answer = ours.careful.post(address.url(ours), {"x": "1"})
    assert answer.status_code in {403, 405}
    if answer.status_code == 403:
        assert "El formulario venció" in answer.content.decode()
    assert not changed(as_built, *KEPT_APART)


def token_of(client):
    client.get("/terceros/nuevo/")
    return next(cookie.value for name, cookie in client.cookies.items() if name.startswith("csrf"))


def test_a_token_of_elsewhere_is_refused(ours):
    client, token = ours.careful, token_of(ours.careful)
    send = {"csrfmiddlewaretoken": token}
    assert client.post("/terceros/nuevo/", send).status_code == 422
    elsewhere = client.post("/terceros/nuevo/", send, headers={"Origin": "https://elsewhere.example.com"})
    assert elsewhere.status_code == 403


def test_the_token_is_taken_from_a_header_too(ours):
    client, token = ours.careful, token_of(ours.careful)
    assert client.post("/terceros/nuevo/", {"name": ""}, headers={"X-CSRFToken": token}).status_code == 422


# Looking.


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.name)
def test_looking_changes_nothing(address, ours, as_built):
    """In any status of a sending, by link, by htmx and by those who look before a person does."""
    client, url = ours.clients[Role.ADMIN], address.url(ours)
    urls = {url.replace(f"/envios/{ours.mailing.pk}/", f"/envios/{each.pk}/") for each in ours.mailings.values()}
    for each in sorted(urls):
        assert client.get(each).status_code < 500 or address.name == "health", each  # 503: nothing works here
    client.get(url, headers=HTMX | {"HX-Target": "progress"})
    client.head(url)
    client.options(url)
    trail = ["companies_auditentry"] if "xlsx" in address.route else []  # that she took it
    assert not changed(as_built, *KEPT_APART, *trail)
