from dataclasses import replace
from datetime import date
from decimal import Decimal

from cartero.composing.fields import NAMES
from cartero.composing.values import values_for
from tests.composing.examples import RECIPIENT, SENDER, credit_note, document


def values(*documents):
    return values_for(documents, recipient=RECIPIENT, sender=SENDER, period="julio de 2026")


def test_one_invoice_speaks_of_itself():
    found = values(document(balance=Decimal("850000")))
    assert found["tercero.nombre"] == "Inmobiliaria Los Cerezos S.A.S."
    assert found["factura.numero"] == "FE18342"
    assert found["factura.tipo"] == "Factura de venta"
    assert found["factura.total"] == "$ 1.250.000,00"
    assert found["factura.saldo"] == "$ 850.000,00"
    assert found["factura.fecha"] == "1 de julio de 2026"
    assert found["factura.vencimiento"] == "15 de julio de 2026"
    assert found["factura.periodo"] == "julio de 2026"
    assert found["documentos.cantidad"] == "1"
    assert found["empresa.nombre"] == "Valle Verde"


def test_every_field_of_the_menu_has_a_value():
    assert set(values(document())) == NAMES


def test_several_invoices_are_spoken_of_together():
    found = values(
        document("FE1", "1000", due_date=date(2026, 8, 1)),
        document("FE2", "500.50", issue_date=date(2026, 7, 3), period="junio de 2026"),
        document("FE3", "1"),
    )
    assert found["factura.numero"] == "FE1, FE2 y FE3"
    assert found["factura.tipo"] == "Facturas de venta"
    assert found["factura.total"] == found["documentos.total"] == "$ 1.501,50"
    assert found["factura.fecha"] == "1 de julio de 2026 a 3 de julio de 2026"
    assert found["factura.vencimiento"] == "15 de julio de 2026"  # the earliest
    assert found["factura.periodo"] == "julio de 2026 y junio de 2026"
    assert found["documentos.cantidad"] == "3"


def test_kinds_that_differ_are_documents():
    assert values(document("FE1"), credit_note("NC1", "1"))["factura.tipo"] == "Documentos"


def test_what_is_not_known_is_empty():
    found = values(document(due_date=None, period=""))
    assert (found["factura.vencimiento"], found["factura.saldo"], found["factura.periodo"]) == ("", "", "")


def test_replies_go_to_the_sender_where_no_other_address_is_named():
    found = values_for((), recipient=RECIPIENT, sender=replace(SENDER, reply_to="", trade_name=""))
    assert found["empresa.correo"] == SENDER.from_address
    assert found["empresa.nombre"] == SENDER.name
