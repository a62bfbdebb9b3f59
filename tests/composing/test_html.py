import re
from dataclasses import replace
from html import escape

import pytest
from lxml import html as lxml_html

from cartero.composing import html, mime
from tests.composing.examples import MESSAGE, RECIPIENT, SENDER, document, frame, letter, png


def page(a_frame, a_letter):
    return mime.html_of(mime.prepare(a_frame), a_letter)


def test_every_piece_of_a_letter_is_there():
    """mrml drops a tag it does not know without a word, so each piece is looked for."""
    links = {"not_mine_url": "https://ver.example.co/no/1", "unsubscribe_url": "https://ver.example.co/baja/1"}
    shown = page(frame(unsubscribe=True, payable=True, sender=replace(SENDER, logo=png())), letter(**links))
    for piece in (
        "$ 1.250.000,00, vence el 15 de julio de 2026.",  # preheader
        "Valle Verde",
        "Buenos días, Inmobiliaria Los Cerezos S.A.S.:",
        "<strong>FE18342</strong>",
        "Pague por PSE.",
        "Factura de venta",
        "15 jul 2026",
        "$ 1.250.000,00",
        "Total a pagar",
        "Ver y pagar la factura",
        'href="https://ver.example.co/f/8Jx2"',
        "Adjunto: z090037721600026000047a6.zip, 22 KB",
        "NIT 900.377.216-7",
        "Carrera 43 A n.º 18 Sur-135, Medellín",
        "cartera@valleverde.example.co",
        'href="https://ver.example.co/no/1"',
        'href="https://ver.example.co/baja/1"',
        'src="data:image/png;base64,',
        'name="color-scheme" content="light dark"',
        "prefers-color-scheme: dark",
        "max-width:560px",
    ):
        assert piece in shown.replace("&nbsp;", " "), piece
    assert "@@" not in shown
    assert "<mj-" not in shown
    assert "{{" not in shown


def test_it_asks_for_nothing_from_elsewhere():
    shown = page(frame(sender=replace(SENDER, logo=png())), letter())
    tree = lxml_html.fromstring(shown)
    assert [source for source in tree.xpath("//@src") if not source.startswith("data:")] == []
    assert tree.xpath("//link|//script|//iframe|//object") == []
    assert "@import" not in shown
    assert "url(" not in shown
    assert "googleapis" not in shown


def test_the_pixel_is_one_image_that_says_nothing():
    shown = lxml_html.fromstring(page(frame(), letter(pixel_url="https://ver.example.co/v/1/p.gif")))
    (image,) = shown.xpath("//img")
    assert (image.get("src"), image.get("alt")) == ("https://ver.example.co/v/1/p.gif", "")
    assert (image.get("width"), image.get("height")) == ("1", "1")


def test_what_has_no_value_leaves_no_trace():
    shown = page(frame(), letter(view_url="", attachments=()))
    for piece in ("Ver la factura", "Adjunto", "avísenos", "dese de baja", "<img"):
        assert piece not in shown


def test_an_unsubscribe_link_needs_the_frame_that_allows_it():
    assert "dese de baja" not in page(frame(), letter(unsubscribe_url="https://ver.example.co/baja/1"))


HOSTILE = "\"><script>alert(1)</script><img src=x onerror=y>'&amp;@@message@@{{ empresa.nit }}"


def test_hostile_text_is_only_text():
    sender = replace(SENDER, name=HOSTILE, trade_name=HOSTILE, phone=HOSTILE, city=HOSTILE, reply_to="a@e.example.co")
    row = document(number=HOSTILE, kind_label=HOSTILE, currency="<b>")
    the_letter = letter(row, recipient=replace(RECIPIENT, name=HOSTILE))
    tree = lxml_html.fromstring(page(frame(sender=sender), the_letter))
    assert tree.xpath("//script|//img|//*[@onerror]") == []
    assert tree.text_content().count("{{ empresa.nit }}") >= 6
    assert escape(HOSTILE) in page(frame(sender=sender), the_letter)


def test_the_message_is_cleaned_again():
    shown = page(frame(message_html='<p onclick="x">a<script>b</script><a href="javascript:c">d</a></p>'), letter())
    assert "onclick" not in shown
    assert "<script" not in shown
    assert "javascript:" not in shown


def test_each_tag_of_the_message_carries_its_style():
    pieces = html.message('<p style="text-align:center">a</p><h2>b</h2><a href="https://e.example.co/>x">c</a><br>')
    assert "".join(pieces) == (
        '<p style="margin:0 0 14px;text-align:center">a</p>'
        '<h2 style="margin:20px 0 10px;font-size:19px;line-height:26px;font-weight:600;color:#1b2030;">b</h2>'
        '<a href="https://e.example.co/&gt;x" rel="noopener noreferrer" '
        'style="color:#2548b0;text-decoration:underline;">c</a><br>'
    )


@pytest.mark.parametrize(
    ("color", "ink"),
    [("#2548b0", "#ffffff"), ("#000000", "#ffffff"), ("#ffcc00", "#1b2030"), ("#ffffff", "#1b2030")],
)
def test_the_button_can_be_read_on_any_colour(color, ink):
    assert html.ink_on(color) == ink
    shown = page(frame(sender=replace(SENDER, color=color)), letter())
    assert re.search(rf"background:{color};color:{ink};", shown)


@pytest.mark.parametrize("color", ["", "red", "#fff", '#000000;"><script>', "#00000g"])
def test_a_colour_that_is_none_is_ours(color):
    assert "background:#2548b0;color:#ffffff;" in page(frame(sender=replace(SENDER, color=color)), letter())


def test_a_message_without_comodines_is_one_piece():
    assert len(html.message("<p>Hola</p>")) == 1
    assert len(html.message(MESSAGE)) == 9
