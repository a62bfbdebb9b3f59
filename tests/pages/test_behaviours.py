"""What the scripts add, in Chromium; each page works without them (see test_without_scripts)."""

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from playwright.sync_api import expect

from cartero.pages import http
from cartero.pages.access import public
from tests.factories import make_company, make_user
from tests.pages.browsing import PICTURES, assert_accessible

pytestmark = pytest.mark.urls(__name__)

PAGE = """{% extends "base.html" %}{% load ui %}
{% block title %}Prueba{% endblock %}
{% block heading %}<div class="page-head"><div class="page-head__text"><h1>Prueba</h1></div>
<div class="page-head__actions"><a class="btn btn--primary" href="/prueba/confirmar/" data-dialog>Iniciar el envío</a></div></div>{% endblock %}
{% block content %}<div class="stack">
<div class="table-box" role="radiogroup" aria-label="Envíos" data-opens="#abrir"><table class="table table--list"><tbody>
{% for n in numbers %}<tr><td class="pick at-pick"><label><input type="radio" name="envio" value="{{ n }}" aria-label="Envío {{ n }}"></label></td>
<th scope="row" class="at-main">Envío {{ n }}</th></tr>{% endfor %}</tbody></table></div>
<a class="btn" id="abrir" href="/prueba/?abierto">Ver relación</a>
<button class="btn" type="button" id="parar" aria-disabled="true" aria-describedby="parar-nota">Detener</button><small id="parar-nota">Solo mientras esté enviando.</small>
<div class="table-box" data-rows><table class="table"><thead><tr><td class="pick"><label><input type="checkbox" aria-label="Todas"></label></td><th scope="col">Número</th></tr></thead><tbody>
{% for n in numbers %}<tr><td class="pick"><label><input type="checkbox" aria-label="FE{{ n }}" data-amount="1000.50" data-currency="{% if n == 46 %}USD{% else %}COP{% endif %}"></label></td><th scope="row">FE{{ n }}</th></tr>{% endfor %}</tbody></table>
<div class="bulk"><span data-count>0</span> facturas por <span data-sum></span></div></div>
<form method="post" action="/prueba/hecho/">{% csrf_token %}<div class="field"><label for="nota">Nota</label><textarea class="input" id="nota" name="nota"></textarea></div>
<div class="upload" data-upload>{% icon "upload" size="large" %}<label for="archivos">Archivos</label><input id="archivos" type="file" name="archivos" multiple><ul class="upload__files" data-files></ul></div>
<button class="btn" type="submit">Guardar</button></form>
<div id="vivo" hx-get="/prueba/" hx-trigger="preguntar" hx-target="#vivo">vivo</div>
<a href="/prueba/confirmar/">Otra</a><nav class="segments" aria-label="Informes">{% for n in numbers %}<a href="/prueba/">De los envíos {{ n }}</a>{% endfor %}<a href="/prueba/" aria-current="true">El que se ve</a></nav>
</div>{% endblock %}"""  # noqa: E501
CONFIRM = """{% extends "base.html" %}{% block title %}Confirmar{% endblock %}{% block content %}<h1 class="for-screen-reader">Confirmar</h1>
{% include "ui/_dialog.html" with title="¿Enviar 137 correos a 133 terceros?" action="/prueba/hecho/" back="/prueba/" accept="Aceptar" note="Si pulsa dos veces, sale una sola vez." body="ui/_mark.html" csrf_token=csrf_token only %}{% endblock %}"""  # noqa: E501


@public
def try_it(request):
    return HttpResponse(engines["django"].from_string(PAGE).render({"numbers": [47, 46, 45]}, request))


@public
def confirm(request):
    return HttpResponse(engines["django"].from_string(CONFIRM).render({}, request))


@public
def did_it(request):
    if request.method != "POST":
        return redirect("/prueba/")
    return http.done(request, "/prueba/", "Envío iniciado.", undo="/prueba/hecho/")


urlpatterns = [
    path("prueba/", try_it),
    path("prueba/confirmar/", confirm),
    path("prueba/hecho/", did_it),
    path("", include("cartero.pages.urls")),
]


@pytest.fixture
def page(server, chromium, signed_in):
    context = chromium.new_context(locale="es-CO", viewport={"width": 1200, "height": 800})
    context.set_default_timeout(5_000)
    context.add_cookies(signed_in(make_user(make_company(name="Valle Verde S.A.S."), name="Ana Arango"), server))
    page = context.new_page()
    page.goto(f"{server}/prueba/")
    yield page
    context.close()


def picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim() || document.activeElement.value")


def armed(page):
    """The toast, once its script has it: a slow machine shows it before."""
    toast = page.locator("[data-toast][data-armed]")
    toast.wait_for()
    return toast


def test_a_confirmation_opens_over_the_page_and_enter_alone_sends_nothing(page):
    opener = page.get_by_role("link", name="Iniciar el envío")
    opener.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    assert focused(page) == "¿Enviar 137 correos a 133 terceros?"
    picture(page, "dialog")
    assert_accessible(page, "dialog")
    page.keyboard.press("Enter")
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert focused(page) == "Iniciar el envío", "the focus goes back to what opened it"
    opener.click()
    page.get_by_role("link", name="Cancelar").click()
    expect(dialog).to_have_count(0)


def test_a_toast_says_what_was_done_and_takes_it_back(page):
    page.get_by_role("link", name="Iniciar el envío").click()
    page.get_by_role("button", name="Aceptar").click()
    toast = armed(page)
    picture(page, "toast")
    assert "Envío iniciado." in toast.inner_text()
    assert page.locator("#toasts").get_attribute("role") == "status"
    toast.get_by_role("button", name="Quitar el aviso").click()
    expect(toast).to_have_count(0)


def test_a_toast_goes_by_itself_but_not_under_the_pointer(page):
    page.get_by_role("button", name="Guardar").click()
    toast = armed(page)
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Guardar").click()
    armed(page).hover()
    page.clock.run_for(30_000)
    expect(toast).to_have_count(1)
    page.mouse.move(5, 5)
    page.clock.run_for(11_000)
    expect(toast).to_have_count(0)


def test_keys_search_send_move_and_open(page):
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "buscar"
    page.get_by_role("radio", name="Envío 47").check()
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("radio", name="Envío 46").is_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/prueba/?abierto")
    page.get_by_label("Nota").fill("hola / hola")
    page.keyboard.press("Control+Enter")
    page.locator("[data-toast]").wait_for()


def test_what_is_off_takes_the_focus_and_does_nothing(page):
    off = page.get_by_role("button", name="Detener")
    off.focus()
    assert focused(page) == "Detener"
    page.evaluate("document.querySelector('#parar').addEventListener('click', () => { document.title = 'hecho' })")
    page.keyboard.press("Enter")
    assert page.title() != "hecho"


def test_ticked_rows_are_counted_and_summed(page):
    rows = page.locator("[data-rows]")
    assert not rows.locator(".bulk").is_visible()
    rows.get_by_label("FE47").check()
    rows.get_by_label("FE45").click(modifiers=["Shift"])
    assert rows.locator("[data-count]").inner_text() == "3"
    assert rows.locator("[data-sum]").inner_text() == "$ 2.001,00 + USD 1.000,50"
    assert rows.get_by_label("Todas").is_checked()
    rows.get_by_label("Todas").uncheck()
    assert not rows.locator(".bulk").is_visible()


def test_chosen_files_are_listed(page):
    page.get_by_label("Archivos").set_input_files(
        [{"name": "facturas.zip", "mimeType": "application/zip", "buffer": b"x" * 3_000}]
    )
    assert page.locator("[data-files] li").inner_text().split() == ["facturas.zip", "3", "KB"]


def test_the_menu_closes_with_escape_and_gives_the_focus_back(page):
    summary = page.locator("summary.account")
    summary.click()
    assert page.get_by_role("button", name="Salir").is_visible()
    picture(page, "menu")
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Salir").is_visible()
    summary.click()
    page.locator("h1").click()
    assert not page.get_by_role("button", name="Salir").is_visible()


def test_a_lost_connection_is_said_and_mends_itself(page):
    bar = page.locator("#lost")
    assert not bar.is_visible()
    page.context.set_offline(True)
    page.evaluate("htmx.trigger('#vivo', 'preguntar')")
    bar.wait_for()
    picture(page, "lost")
    assert "Los envíos siguen saliendo. Reintentamos en" in bar.inner_text()
    page.context.set_offline(False)
    page.get_by_role("button", name="Reintentar ya").click()
    bar.wait_for(state="hidden")


def test_the_back_arrow_leads_to_where_the_list_was_scrolled(page):
    page.set_viewport_size({"width": 360, "height": 300})
    page.evaluate("scrollTo(0, 150)")
    page.get_by_role("link", name="Otra").focus()
    there = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirmar/")
    page.evaluate("document.querySelector('h1').outerHTML = '<a href=\"/prueba/\" data-back>Volver</a>'")
    page.get_by_role("link", name="Volver").click()
    page.wait_for_url("**/prueba/")
    page.wait_for_function(f"scrollY === {there} && scrollY > 0")


def test_without_scripts_a_dialog_is_a_page_and_the_form_is_sent(server, chromium, signed_in):
    context = chromium.new_context(locale="es-CO", java_script_enabled=False)
    context.set_default_timeout(5_000)
    context.add_cookies(signed_in(make_user(make_company()), server))
    page = context.new_page()
    page.goto(f"{server}/prueba/")
    page.get_by_role("link", name="Iniciar el envío").click()
    page.wait_for_url("**/prueba/confirmar/")
    page.get_by_role("button", name="Aceptar").click()
    page.wait_for_url("**/prueba/")
    assert "Envío iniciado." in page.locator("#toasts").inner_text()
    assert not page.get_by_role("button", name="Quitar el aviso").is_visible(), "nothing would take it away"
    page.locator("summary.account").click()
    page.get_by_role("button", name="Salir").click()
    page.wait_for_url("**/entrar/")
    context.close()


def test_a_strip_of_choices_shows_the_current_one_on_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 780})
    page.reload()
    page.get_by_role("navigation", name="Informes").scroll_into_view_if_needed()
    expect(page.get_by_role("link", name="El que se ve")).to_be_in_viewport(ratio=1)
