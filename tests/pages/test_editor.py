import pytest
from django import forms
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from cartero.pages.editor import MessageField, SubjectField
from tests.pages.browsing import PICTURES, assert_accessible

PAGE = """{% extends "alone.html" %}{% load ui %}
{% block title %}Editor{% endblock %}{% block head %}{% form_media form %}{% endblock %}
{% block content %}<h1>Mensaje</h1><form method="post" action="/editor/">{% csrf_token %}{% field form.subject %}
{% field form.message %}
<button type="submit">Guardar</button></form>{% endblock %}"""


class Form(forms.Form):
    subject = SubjectField(label="Asunto")
    message = MessageField(label="Mensaje")


def edit(request):
    form = Form(request.POST or None, initial={"message": "<p>Hola, {{ tercero.nombre }}: {{ factura.nro }}</p>"})
    if request.method == "POST" and form.is_valid():
        return HttpResponse(
            f"{form.cleaned_data['subject']}|{form.cleaned_data['message']}", content_type="text/plain; charset=utf-8"
        )
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


urlpatterns = [path("editor/", edit), path("", include("cartero.pages.urls"))]

CLEANED = [
    (
        "Hola, {{ tercero.nombre }}\n\nAdiós",
        "<p>Hola, {{ tercero.nombre }}</p><p>Adiós</p>",
    ),  # typed without the editor
    ('<p onclick="x()">Hola<script>x()</script></p>', "<p>Hola</p>"),
]
REFUSED = [
    ("<p>{{ factura.nro }}</p>", "No existe «factura.nro» (línea 1, letra 1). ¿Quiso decir «factura.numero»?"),
    (
        "<p>{{ settings.SECRET_KEY }}</p>",
        "No existe el comodín «settings.SECRET_KEY» (línea 1, letra 1). Elíjalo de la lista.",
    ),
    ("<p>Total }}</p>", "Sobra «}}» (línea 1, letra 7). Las llaves son solo para comodines."),
    ("<p>&nbsp;</p>", "Este campo es obligatorio."),
]


@pytest.mark.parametrize(("typed", "stored"), CLEANED)
def test_a_message_is_stored_clean(typed, stored):
    assert MessageField().clean(typed) == stored


@pytest.mark.parametrize(("typed", "said"), REFUSED)
def test_a_message_is_refused_in_words(typed, said):
    with pytest.raises(forms.ValidationError) as refused:
        MessageField().clean(typed)
    assert refused.value.messages == [said]


def test_an_unknown_field_in_the_subject_is_refused():
    with pytest.raises(forms.ValidationError):
        SubjectField().clean("Factura {{ factura.num }}")


@pytest.mark.urls(__name__)
def test_fields_are_inserted_into_the_message_and_the_subject(server, chromium):
    context = chromium.new_context(locale="es-CO")
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{server}/editor/")
    message = page.get_by_role("textbox", name="Mensaje")
    message.click()
    message.press("Control+End")
    page.keyboard.type(" por ")
    page.get_by_role("button", name="Total de la factura").first.click()
    page.keyboard.type(" y {{")
    page.locator("[data-all] .menu__list").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Asunto").fill("Documento ")
    page.get_by_role("button", name="Número de la factura").first.click()
    assert page.get_by_label("Asunto").input_value() == "Documento {{ factura.numero }}"
    assert message.inner_text().strip() == (
        "Hola, {{ tercero.nombre }}: {{ factura.nro }} por {{ factura.total }} y {{ tercero.nit }}"
    )
    assert page.evaluate("CSS.highlights.get('merge').size") == 3
    assert page.evaluate("CSS.highlights.get('merge-unknown').size") == 1
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/editor.png")
    assert_accessible(page, "editor")
    page.get_by_role("button", name="Guardar").click()
    assert "¿Quiso decir «factura.numero»?" in page.locator(".field__error").inner_text()
    assert [text for text in complaints if "422" not in text] == []
    context.close()


@pytest.mark.urls(__name__)
def test_without_script_it_is_a_text_area(server, chromium):
    context = chromium.new_context(locale="es-CO", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/editor/")
    page.get_by_label("Asunto").fill("Recordatorio")
    page.get_by_label("Mensaje").fill("Buenos días, {{ tercero.nombre }}:\n\nle debemos una respuesta.")
    page.get_by_role("button", name="Guardar").click()
    assert page.locator("pre").inner_text() == (
        "Recordatorio|<p>Buenos días, {{ tercero.nombre }}:</p><p>le debemos una respuesta.</p>"
    )
    context.close()
