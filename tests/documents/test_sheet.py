from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cartero.documents import countries
from cartero.documents.sheet import sheet
from cartero.invoices.data import InvoiceData, PartyData, TaxData, TotalsData
from tests.documents.samples import INVOICE, LOOK, invoice, with_lines

COLOMBIA = countries.of("co")


def drawn(data: InvoiceData, look=LOOK):
    return sheet(data, look, COLOMBIA, COLOMBIA.paper(data))


def test_the_totals_of_the_mock_up():
    assert drawn(INVOICE)["totals"] == [
        ("Subtotal", "$ 1.206.731,09"),
        ("Excluido de IVA", "$ 979.000,00"),
        ("Base IVA 19 %", "$ 227.731,09"),
        ("IVA 19 %", "$ 43.268,91"),
    ]
    assert drawn(INVOICE)["grand"] == ["Total a pagar", "$ 1.250.000,00"]


TOTALS = [
    (TotalsData(payable=Decimal(1)), []),  # what the document does not have is not made up
    (TotalsData(payable=Decimal(1), allowances=Decimal(5)), [("Descuentos", "-$ 5,00")]),
    (TotalsData(payable=Decimal(1), charges=Decimal(5)), [("Cargos", "$ 5,00")]),
    (TotalsData(payable=Decimal(1), prepaid=Decimal(5)), [("Anticipos", "$ 5,00")]),  # informs; PayableAmount stands
    (TotalsData(payable=Decimal(1), rounding=Decimal("-0.3")), [("Redondeo", "-$ 0,30")]),
    (TotalsData(payable=Decimal(1), allowances=Decimal(0), prepaid=Decimal(0)), []),
]


@pytest.mark.parametrize(("totals", "rows"), TOTALS)
def test_totals(totals, rows):
    assert drawn(invoice(totals=totals, taxes=(), lines=()))["totals"] == rows


def test_an_empty_tax_group_is_left_out_and_an_exempt_one_stays():
    empty = TaxData(code="04", name="INC", amount=Decimal(0), base=Decimal(0), percent=Decimal(0))
    exempt = TaxData(code="01", name="IVA", amount=Decimal(0), base=Decimal(1000), percent=Decimal(0))
    names = [name for name, _amount in drawn(invoice(taxes=(empty, exempt), lines=()))["totals"]]
    assert names == ["Subtotal", "Base IVA 0 %", "IVA 0 %"]


def test_the_balance_is_told_where_it_differs():
    assert drawn(invoice(balance=Decimal("1250000.00")))["after"] == []
    assert drawn(invoice(balance=Decimal(500)))["after"] == [("Saldo por pagar", "$ 500,00")]


def test_carried_totals_are_sums_of_the_lines_so_far():
    assert drawn(with_lines(3))["carried"] == ["$ 1.000,00", "$ 3.000,00", "$ 6.000,00"]


def test_the_document_speaks_before_the_company_s_own_data():
    look = replace(LOOK, email="otra@example.co", phone="1", address="Calle 1", city="Cali", trade_name="Otro")
    assert "cartera@valleverde.example.co · (604) 555 01 42" in drawn(INVOICE, look)["issuer"]["lines"]
    bare = invoice(supplier=PartyData(tax_id="900377216", name="", id_type="31"))
    issuer = drawn(bare, look)["issuer"]
    assert issuer["name"] == LOOK.legal_name
    assert issuer["lines"] == ["Otro", "NIT 900.377.216", "Calle 1, Cali", "otra@example.co · 1"]


def test_facts_in_their_order():
    data = invoice(period_start=date(2026, 6, 1), period_end=date(2026, 6, 30), order_reference="OC-9", validation=None)
    assert [fact[:2] for fact in drawn(data)["facts"]] == [
        ["Fecha de generación", "1 de julio de 2026, 7:42:10 a. m."],
        ["Vencimiento", "15 de julio de 2026"],
        ["Forma de pago", "Crédito, 14 días"],
        ["Medio de pago", "Transferencia débito bancaria"],
        ["Período", "1 jun 2026 a 30 jun 2026"],
        ["Orden de compra", "OC-9"],
    ]


@pytest.mark.parametrize(("color", "on"), [("#0a6b3d", "#ffffff"), ("#ffd400", "#000000"), ("#000000", "#ffffff")])
def test_the_initial_is_readable_on_the_company_s_colour(color, on):
    assert drawn(INVOICE, replace(LOOK, color=color))["on_color"] == on


def test_the_pdf_describes_itself():
    meta = drawn(INVOICE)["meta"]
    assert meta["title"] == "Factura electrónica de venta FE18342"
    assert meta["description"] == f"Factura electrónica de venta FE18342 {INVOICE.uuid}"
