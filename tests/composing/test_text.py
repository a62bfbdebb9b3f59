from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from lxml import html as lxml_html

from cartero.composing import mime
from tests.composing.examples import SENDER, credit_note, document, frame, letter

WHOLE = """\
Valle Verde

Buenos días, Inmobiliaria Los Cerezos S.A.S.:

Le compartimos la factura FE18342 por $ 1.250.000,00, que vence el 15 de julio de 2026.

- Pague por PSE.
- O escríbanos.

- FE18342 · Factura de venta, vence el 15 jul 2026 · $ 1.250.000,00

Total a pagar: $ 1.250.000,00

Ver la factura: https://ver.example.co/f/8Jx2

Adjunto: z090037721600026000047a6.zip, 22 KB

--
Administraciones Valle Verde S.A.S. · NIT 900.377.216-7 · Carrera 43 A n.º 18 Sur-135, Medellín · 604 322 10 00
Acuse de recibo, aceptación o reclamo: responda a este correo o escriba a cartera@valleverde.example.co.
"""


def test_a_letter_reads_well_as_text():
    assert mime.text_of(mime.prepare(frame(legal=True)), letter()).rstrip() == WHOLE.rstrip()


LETTERS = [
    (frame(legal=True), letter()),
    (frame(legal=True, payable=True), letter(not_mine_url="https://ver.example.co/no/1")),
    (frame(unsubscribe=True), letter(unsubscribe_url="https://ver.example.co/baja/1")),
    (
        frame(message_html="<h2>{{ documentos.cantidad }} documentos</h2><p>Por {{ documentos.total }} &amp; más</p>"),
        letter(
            document("FE1", "1000", balance=Decimal("400")),
            document("FE2", "20.5", balance=Decimal("20.5"), due_date=None),
            document("EXP7", "14024.07", currency="USD", due_date=date(2026, 8, 1)),
            credit_note("NC1", "100"),
        ),
    ),
    (frame(sender=replace(SENDER, phone="", address="", reply_to="")), letter(attachments=(), view_url="")),
]


@pytest.mark.parametrize(("a_frame", "a_letter"), LETTERS)
def test_text_and_html_say_the_same(a_frame, a_letter):
    prepared = mime.prepare(a_frame)
    text = mime.text_of(prepared, a_letter)
    body = lxml_html.fromstring(mime.html_of(prepared, a_letter)).find("body")
    hidden = body[0]  # the preheader, which a list of mails shows
    hidden.getparent().remove(hidden)
    for link in body.xpath("//a"):
        link.tail = f" {link.get('href')} {link.tail or ''}"
    said = words(" ".join(body.itertext()))
    assert said == words(text) | ({"Documento", "Total"} & said)  # the heads of columns, which the text does not have


def words(text):
    return {word.strip(".,:;·()-") for word in text.split()} - {""}


def test_credit_notes_and_balances_are_told():
    text = mime.text_of(mime.prepare(LETTERS[3][0]), LETTERS[3][1])
    assert "- FE1 · Factura de venta, vence el 15 jul 2026 · $ 1.000,00 · Saldo: $ 400,00\n" in text
    assert "- FE2 · Factura de venta · $ 20,50\n" in text
    assert "- NC1 · Nota crédito · -$ 100,00\n" in text
    assert "\nTotal: $ 920,50\nTotal: USD 14.024,07\nSaldo por pagar: $ 420,50\n" in text
