"""The pages of terceros in Chromium."""

import pytest

from cartero.parties.models import AddressState, GroupKind
from tests.factories import make_address, make_group, make_invoice, make_party
from tests.pages import browsing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def party(company):
    party = make_party(company, "cartera@loscerezos.example.co", name="Inmobiliaria Los Cerezos S.A.S.")
    why = "«jjzuluaga.correo.example» no es un correo válido: le falta la arroba"
    make_address(party, "jjzuluaga.correo.example", state=AddressState.INVALID, state_reason=why)
    make_address(party, "ana@gmial.com", state=AddressState.DOUBTFUL, proposal="ana@gmail.com")
    make_address(party, "otra@loscerezos.example.co", state=AddressState.REPLACED)
    make_group(company, party)
    make_group(company, name="Torre 2", kind=GroupKind.ZONE)
    make_invoice(party)
    return party


def test_the_pages_are_whole(server, chromium, signed_in, ana, party):
    address, group = party.addresses.first(), party.groups.get()
    slip = party.addresses.get(state=AddressState.DOUBTFUL)
    paths = [
        "/terceros/",
        "/terceros/?q=nadie",
        f"/terceros/{party.pk}/",
        f"/terceros/{party.pk}/?correo={address.pk}",
        f"/terceros/{party.pk}/editar/",
        f"/terceros/{party.pk}/enviados/",
        "/terceros/nuevo/",
        "/terceros/por-corregir/",
        "/terceros/por-corregir/pegar/",
        f"/terceros/por-corregir/?correo={slip.pk}",
        "/terceros/por-corregir/?estado=bounced",
        "/terceros/grupos/",
        f"/terceros/grupos/?editar={group.pk}",
        f"/terceros/grupos/{group.pk}/borrar/",
    ]
    with browsing.window(chromium, signed_in(ana, server)) as window:
        page = window.new_page()
        for path in paths:
            browsing.check(page, server + path)


def test_an_address_is_mended_in_place(server, chromium, signed_in, ana, party):
    with browsing.window(chromium, signed_in(ana, server)) as window:
        page = window.new_page()
        page.goto(f"{server}/terceros/{party.pk}/")
        pencil, field = (
            page.get_by_label("Corregir cartera@loscerezos.example.co"),
            page.locator("[data-editing] .input"),
        )
        pencil.click()
        field.wait_for()
        page.keyboard.press("Escape")
        field.wait_for(state="detached")
        pencil.click()
        field.fill("mal")
        field.press("Enter")
        page.get_by_text("«mal» no es un correo válido: le falta la arroba").wait_for()
        field.fill("pagos@loscerezos.example.co")
        field.press("Enter")
        page.get_by_text("Correo corregido.").wait_for()
        page.get_by_role("button", name="Deshacer").click()
        page.get_by_text("El correo volvió a ser el de antes.").wait_for()
        assert set(party.addresses.values_list("email", flat=True)) >= {"cartera@loscerezos.example.co"}
        assert not party.addresses.filter(email="pagos@loscerezos.example.co").exists()
