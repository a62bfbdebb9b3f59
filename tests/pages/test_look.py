"""The pages of the frame in Chromium, wide and light, narrow and dark: accessible, nothing cut off, nothing blocked."""

from datetime import date

import pytest

from cartero.invoices.states import MailStatus
from tests.factories import make_account, make_company, make_invoice, make_party, make_user
from tests.pages import browsing

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
    cookies = [] if name in ANONYMOUS else signed_in(request.getfixturevalue("yuliana"), server)
    with browsing.window(chromium, cookies) as window:
        page = window.new_page()
        complaints = browsing.heard(page)
        answer = page.goto(server + ADDRESSES[name])
        assert answer.status < 500
        if name == "bad":
            page.get_by_label("Correo").fill("yuliana.restrepo@valleverde.example.co")
            page.get_by_label("Contraseña").fill("no es esta clave")
            page.get_by_role("button", name="Entrar").click()
            page.get_by_role("alert").wait_for()
        browsing.look(page, name)
        expected = {"nothing": "404"}.get(name, "nothing else")
        assert [text for text in complaints if expected not in text] == []
