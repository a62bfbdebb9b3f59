"""The template tags: what a page engineer writes, and what comes out."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

BOGOTA = ZoneInfo("America/Bogota")
CASES = [
    ('{% icon "send" %}', '<span class="icon icon--send" aria-hidden="true"></span>'),
    ('{% icon "eye" label="Ver" %}', '<span class="icon icon--eye" role="img" aria-label="Ver"></span>'),
    (
        '{% status_badge "mailing" "sending" percent=62 %}',
        '<span class="badge" data-state="sending">Enviando 62 %</span>',
    ),
    ('{% status_badge "delivery" "claimed" %}', '<span class="badge" data-state="on_the_way">En camino</span>'),
    ('{% status_badge "invoice" "delivered" %}', '<span class="badge" data-state="delivered">Entregada</span>'),
    (
        '{% status_badge "delivery" "pending" state="retry" %}',
        '<span class="badge" data-state="retry">Se reintenta</span>',
    ),
    (
        '{% status_badge "delivery" "bounced" reason="El buzón no existe" code="550 5.1.1" %}',
        (
            '<span class="state"><span class="badge" data-state="bounced">Rebotado</span>'
            '<small class="state__reason">El buzón no existe <span class="mono">(550 5.1.1)</span></small></span>'
        ),
    ),
    ("{% money amount %}", "$ 1.250.000,00"),
    ("{% nit party %}", "900.377.216-7"),
    ('{{ "tiene comillas de más"|sentence }} {{ "¿Y esto?"|sentence }}', "Tiene comillas de más. ¿Y esto?"),
    ("{{ 1185|number }} {{ 62|percent }} {{ 1363149|size }}", "1.185 62 % 1,3 MB"),
]
DATA = {"amount": Decimal("1250000"), "party": SimpleNamespace(tax_id="900377216", check_digit="7")}


class Form(forms.Form):
    email = forms.EmailField(label="Correo", help_text="Al que llegan las facturas.")
    note = forms.CharField(label="Nota", required=False)
    agreed = forms.BooleanField(label="De acuerdo", required=False)


def render(text, **context):
    request = RequestFactory().get("/facturas/?orden=-date&q=x&desde=abc")
    return engines["django"].from_string("{% load ui %}" + text).render(context, request).strip()


@pytest.mark.parametrize(("written", "shown"), CASES)
def test_a_tag(written, shown):
    assert render(written, **DATA).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_a_moment_is_told_on_the_clocks_of_the_company():
    with timezone.override(BOGOTA):
        today = datetime.now(BOGOTA).replace(hour=8, minute=35)
        assert "Hoy, 8:35" in render("{% moment at %}", at=today)
        assert ">hoy a las 8:35" in render("{% moment at within=True %}", at=today)
        assert "Ayer, 8:35" in render("{% moment at %}", at=today - timedelta(days=1))


def test_a_field_is_tied_to_its_hint_and_its_error():
    shown = render("{% field form.email %}", form=Form({"email": "sin arroba"}))
    assert '<label class="field__label" for="id_email">Correo</label>' in shown
    assert 'aria-describedby="id_email_helptext id_email_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'class="input"' in shown
    assert '<span class="field__hint" id="id_email_helptext">Al que llegan las facturas.</span>' in shown
    assert 'id="id_email_error"' in shown


def test_an_optional_field_says_so_and_a_box_has_its_label_beside_it():
    assert "(opcional)" in render("{% field form.note %}", form=Form())
    assert "(opcional)" not in render("{% field form.note optional=False %}", form=Form())
    assert 'class="choice"' in render("{% field form.agreed %}", form=Form())


def test_the_summary_counts_and_links_to_each_field():
    shown = render('{% include "ui/_errors.html" with title="No se guardó." only %}', form=Form())
    assert shown == ""
    shown = render('{% include "ui/_errors.html" with form=form title="No se guardó." only %}', form=Form({}))
    assert "No se guardó. Hay 1 dato por corregir." in shown
    assert '<a href="#id_email">Correo</a>' in shown


def test_a_column_sorts_the_other_way_and_begins_anew():
    down = render('{% column "date" "Fecha" class="num" %}')
    assert '<th scope="col" class="num" aria-sort="descending"><a class="sort" href="?orden=date&amp;q=x">' in down
    assert 'aria-sort="none"' in render('{% column "number" "Número" %}')


def test_what_a_stranger_wrote_is_escaped():
    hostile = "<script>alert(1)</script>"
    shown = render('{% badge "ok" word %}{% include "ui/_empty.html" with title=word text=word only %}', word=hostile)
    assert "<script>" not in shown
