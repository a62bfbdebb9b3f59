from dataclasses import replace
from decimal import Decimal

import pytest

from cartero.composing import wording
from cartero.composing.errors import BadLink
from cartero.invoices.data import Document
from tests.composing.examples import SENDER, credit_note, document, frame, letter


def said(a_letter, **fields):
    return wording.of_letter(wording.phrases(frame(**fields)), a_letter)


PREHEADERS = [
    (letter(), "$ 1.250.000,00, vence el 15 de julio de 2026."),
    (letter(document(due_date=None)), "$ 1.250.000,00"),
    (letter(document("A", "1"), document("B", "2", currency="USD")), "2 documentos: $ 1,00 y USD 2,00."),
]


@pytest.mark.parametrize(("a_letter", "text"), PREHEADERS)
def test_the_preheader_says_how_much_and_until_when(a_letter, text):
    assert said(a_letter)["preheader"] == text


BUTTONS = [
    (letter(), False, "Ver la factura"),
    (letter(), True, "Ver y pagar la factura"),
    (letter(document("A"), document("B")), True, "Ver y pagar los documentos"),
    (letter(document("A"), document("B")), False, "Ver los documentos"),
    (letter(credit_note("N", "1")), True, "Ver el documento"),  # nobody pays a credit note
]


@pytest.mark.parametrize(("a_letter", "payable", "text"), BUTTONS)
def test_the_button_says_what_it_does(a_letter, payable, text):
    assert said(a_letter, payable=payable)["button"] == text


TOTALS = [
    (letter(), [("Total a pagar", "$ 1.250.000,00")]),
    (letter(document(balance=Decimal("1250000"))), [("Total a pagar", "$ 1.250.000,00")]),
    (letter(document(balance=Decimal("5"))), [("Total", "$ 1.250.000,00"), ("Saldo por pagar", "$ 5,00")]),
    (letter(credit_note("N", "10")), [("Total", "$ 10,00")]),
    (letter(document("A", "9"), credit_note("N", "10")), [("Total", "-$ 1,00")]),
]


@pytest.mark.parametrize(("a_letter", "lines"), TOTALS)
def test_totals(a_letter, lines):
    assert [(line["label"], line["amount"]) for line in said(a_letter)["totals"]] == lines


def test_a_legal_delivery_names_where_events_go():
    """Annex 1.9, 9.1: the body names the address for acuse, claims and acceptance."""
    reply = wording.of_frame(frame(legal=True))["reply"]
    assert "Acuse de recibo, aceptación o reclamo" in reply
    assert "cartera@valleverde.example.co" in reply
    assert "facturas@" in wording.of_frame(frame(legal=True, sender=replace(SENDER, reply_to="")))["reply"]


def test_the_name_of_an_attachment_is_the_one_it_goes_out_with():
    pdf = Document(name="../año.pdf", media_type="application/pdf", content=b"x" * 2048)
    assert said(letter(attachments=(pdf,)))["attachments"] == [{"attachment": "Adjunto: _año.pdf, 2 KB"}]


@pytest.mark.parametrize("link", ["view_url", "not_mine_url", "unsubscribe_url", "pixel_url"])
def test_a_link_that_runs_something_is_refused(link):
    with pytest.raises(BadLink):
        said(letter(**{link: "javascript:x()"}))
