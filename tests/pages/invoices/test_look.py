"""The pages of invoices in Chromium."""

import pytest

from cartero.invoices.states import MailStatus
from tests.factories import make_invoice, make_party
from tests.pages import browsing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invoices(company):
    cerezos = make_party(company, name="Inmobiliaria Los Cerezos", search_key="inmobiliaria los cerezos")
    without = make_party(company, email=None, name="Asociación de Copropietarios del Conjunto Mirador", search_key="a")
    rows = [make_invoice(party, mail_status=status) for status in MailStatus for party in (cerezos, without)]
    return [*rows, make_invoice(cerezos, mail_status=MailStatus.IN_DOUBT, mail_reason="worker_died")]


def test_the_pages_are_whole(server, chromium, signed_in, ana, invoices):
    with browsing.window(chromium, signed_in(ana, server)) as window:
        page = window.new_page()
        for path in (
            "/facturas/",
            "/facturas/?q=nada",
            f"/facturas/{invoices[-1].pk}/",
            f"/facturas/{invoices[-1].pk}/?ver=xml",
        ):
            browsing.check(page, server + path)


def test_filtering_leaves_a_way_back_and_ticks_lead_to_a_sending(server, chromium, signed_in, ana, invoices):
    with browsing.window(chromium, signed_in(ana, server)) as window:
        page = window.new_page()
        page.goto(f"{server}/facturas/")
        page.locator(".filters input[type=search]").press_sequentially("cerezos")
        page.wait_for_url("**q=cerezos**")
        page.get_by_text("9 documentos por $ 1.071.000,00").wait_for()
        page.go_back()
        page.get_by_text("17 documentos por").wait_for()
        for box in page.locator("tbody .pick input").all()[:2]:
            box.check()
        page.get_by_text("Seleccionadas: 2, por $ 238.000,00").wait_for()
        page.get_by_role("button", name="Enviar por Email solo estas").click()
        page.wait_for_url("**/envios/registrar/?factura=*&factura=*")
