import pytest

from cartero.composing import fields, richtext
from cartero.composing.fields import FIELDS, Unknown

VALUES = {"tercero.nombre": "Ana <b> & Cía", "factura.numero": "FE 1/2", "empresa.telefono": "uno\ndos"}


def test_a_comodin_becomes_its_value():
    assert fields.fill("Hola {{ tercero.nombre }}", {"tercero.nombre": "Ana"}) == "Hola Ana"


@pytest.mark.parametrize(
    "written",
    [
        "{{ tercero.nombre }}",
        "{{tercero.nombre}}",
        "{{   tercero.nombre\t}}",
        "{{\N{NO-BREAK SPACE}tercero.nombre\N{NO-BREAK SPACE}}}",
        "{{ Tercero.Nombre }}",  # phones begin a word with a capital
        "{{ tercero .nombre }}",
    ],
)
def test_spaces_and_capitals_are_forgiven(written):
    assert fields.unknown(written) == []
    assert fields.fill(written, {"tercero.nombre": "Ana"}) == "Ana"


@pytest.mark.parametrize(
    "written",
    [
        "<p>{{&nbsp;tercero.nombre&nbsp;}}</p>",
        "<p>&#123;&#123; tercero.nombre &#125;&#125;</p>",
        "<p>&lbrace;&lcub; tercero.nombre &rbrace;}</p>",
        "<p>{{ <strong>tercero</strong>.nombre }}</p>",  # half of it in bold
        "<p><strong>{{ tercero</strong>.nombre }}</p>",
    ],
)
def test_what_the_editor_makes_of_a_comodin_is_understood(written):
    assert fields.unknown_html(written) == []
    filled = fields.fill_html(richtext.clean(written), {"tercero.nombre": "Ana"})
    assert richtext.to_text(filled) == "Ana"
    assert filled.count("<strong>") == filled.count("</strong>")


@pytest.mark.parametrize(
    "written",
    [
        "{{ settings.SECRET_KEY }}",
        "{% debug %}",
        "{0.__class__}",
        "{# nota #}",
        "{{ tercero.nombre|safe }}",
        "{{ tercero }}",
        "{ tercero.nombre }",
        "{{ tercero.nombre }",
        "{{{ tercero.nombre }}}",
        "{{ }}",
        "{",
        "}}",
    ],
)
def test_anything_else_in_braces_is_refused_at_saving(written):
    assert [found.name for found in fields.unknown(f"Hola {written}")] == [written]
    assert [found.name for found in fields.unknown_html(f"<p>Hola {written}</p>")] == [written]
    assert fields.fill(written, VALUES) == written  # and never reaches anything that would run it


def test_an_unknown_comodin_says_where_it_stands():
    text = "Hola {{ tercero.nombre }}\nsu {{ factura.color }} y {%x%}"
    assert fields.unknown(text) == [
        Unknown(name="{{ factura.color }}", position=4, line=2),
        Unknown(name="{%x%}", position=26, line=2),
    ]
    html = "<p>Hola {{ tercero.nombre }}</p><p>su {{ factura.color }}</p>"
    assert fields.unknown_html(html) == [Unknown(name="{{ factura.color }}", position=4, line=2)]


def test_a_value_is_escaped_in_html_and_keeps_its_line_breaks():
    html = fields.fill_html("<p>{{ tercero.nombre }} {{ empresa.telefono }}</p>", VALUES)
    assert html == "<p>Ana &lt;b&gt; &amp; Cía uno<br>dos</p>"


def test_a_value_is_never_read_as_a_comodin():
    values = {"tercero.nombre": "{{ empresa.nit }} @@message@@ {% debug %}", "empresa.nit": "secreto"}
    assert fields.fill("{{ tercero.nombre }}", values) == "{{ empresa.nit }} @@message@@ {% debug %}"


def test_inside_an_address_a_value_is_percent_encoded():
    html = richtext.clean('<p><a href="https://e.example.co/?n={{ factura.numero }}&x=1">{{ factura.numero }}</a></p>')
    filled = fields.fill_html(html, VALUES)
    assert 'href="https://e.example.co/?n=FE%201%2F2&amp;x=1"' in filled
    assert ">FE 1/2<" in filled
    assert fields.fill("https://e.example.co/{{factura.numero}}-{{factura.numero}} {{factura.numero}}", VALUES) == (
        "https://e.example.co/FE%201%2F2-FE%201%2F2 FE 1/2"
    )


def test_a_quote_in_a_value_does_not_leave_its_attribute():
    html = richtext.clean('<p><a href="https://e.example.co/{{ tercero.nombre }}">x</a></p>')
    assert '"https://e.example.co/%22%20onclick%3D%22x"' in fields.fill_html(html, {"tercero.nombre": '" onclick="x'})


def test_control_characters_and_turned_text_do_not_pass():
    assert fields.fill("{{ tercero.nombre }}", {"tercero.nombre": "A\0\x1b\u202eB\x85\r\nC\tD"}) == "AB\nC D"


def test_an_amount_stays_on_one_line():
    assert fields.fill_html("{{ factura.total }}", {"factura.total": "$ 1.000,00"}) == "$&nbsp;1.000,00"


def test_every_field_of_the_menu_has_label_and_example():
    assert len({field.name for field in FIELDS}) == len(FIELDS)
    assert all(str(field.label) and str(field.group) and field.example for field in FIELDS)
