"""The pages of the frame in Chromium, wide and light, narrow and dark: accessible, nothing cut off, nothing blocked."""

import os
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from cartero.invoices.states import MailStatus
from tests.factories import make_account, make_company, make_invoice, make_party, make_user

PAGES = [
    "home",
    "welcome",
    "search",
    "nothing",
    "login",
    "reset",
    "password",
    "second",
    "activate",
    "choose",
    "first",
    "bad",
]
ADDRESSES = {
    "home": "/",
    "welcome": "/",
    "search": "/buscar/?q=cerezos",
    "nothing": "/nada/",
    "login": "/entrar/",
    "reset": "/clave/",
    "password": "/cuenta/clave/",
    "second": "/cuenta/segundo-factor/",
    "activate": "/cuenta/segundo-factor/activar/",
    "choose": "/empresa/",
    "first": "/empezar/",
    "bad": "/entrar/",
}
ANONYMOUS = {"login", "reset", "first", "bad"}
LOOKS = [(1440, "light"), (360, "dark")]
PICTURES = os.environ.get("CARTERO_PICTURES")  # a folder, to look at what was tested


@pytest.fixture
def company(transactional_db):
    return make_company(name="Administraciones Valle Verde S.A.S.", tax_id="900377216", check_digit="7")


@pytest.fixture
def yuliana(company):
    return make_user(company, name="Yuliana Restrepo", email="yuliana.restrepo@valleverde.example.co")


def fill(company):
    """A month of documents in all states, and a few of the months before."""
    cerezos = make_party(company, name="Inmobiliaria Los Cerezos S.A.S.", search_key="inmobiliaria los cerezos s.a.s.")
    without = make_party(company, email=None, name="Jhon Jairo Zuluaga Peña")
    for month in range(2, 8):
        period = date(2026, month, 1)
        for n in range(12 + month):
            status = MailStatus.DELIVERED if n > 1 else MailStatus.BOUNCED
            make_invoice(cerezos, period=period, mail_status=status, search_key=f"fe{n} inmobiliaria los cerezos")
    for status in (MailStatus.UNSENT, MailStatus.QUEUED, MailStatus.FAILED, MailStatus.ACCEPTED):
        make_invoice(cerezos, period=date(2026, 7, 1), mail_status=status)
    make_invoice(without, period=date(2026, 7, 1))
    make_account(company, per_day=10_000, per_minute=120)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(name, server, chromium, signed_in, request):
    if name != "first":
        request.getfixturevalue("yuliana")
    if name in {"home", "search"}:
        fill(request.getfixturevalue("company"))
    for width, scheme in LOOKS:
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width > 400 else 800}, color_scheme=scheme, has_touch=width < 400
        )
        context.set_default_timeout(5000)
        if name not in ANONYMOUS:
            context.add_cookies(signed_in(request.getfixturevalue("yuliana"), server))
        look(context, name, server, f"{name}-{width}-{scheme}.png")
        context.close()


def look(context, name, server, picture):
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(server + ADDRESSES[name])
    assert answer.status < 500
    if name == "bad":
        page.get_by_label("Correo").fill("yuliana.restrepo@valleverde.example.co")
        page.get_by_label("Contraseña").fill("no es esta clave")
        page.get_by_role("button", name="Entrar").click()
        page.get_by_role("alert").wait_for()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / picture)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expected = {"nothing": "404"}.get(name, "nothing else")
    assert [text for text in complaints if expected not in text] == []
