from decimal import Decimal

import pytest

from cartero.documents import columns, countries
from cartero.invoices.data import AllowanceChargeData, LineData, TaxData
from tests.documents.samples import INVOICE, invoice, iva, line

COLOMBIA = countries.of("co")
INC = TaxData(code="04", name="INC", amount=Decimal(80), percent=Decimal(8))
BAG = TaxData(code="22", name="Bolsas", amount=Decimal(70))


def shown(*lines: LineData) -> dict[str, list[columns.Cell]]:
    return {column.name: list(column.cells) for column in columns.shown(invoice(lines=lines), COLOMBIA)}


def test_the_columns_of_the_mock_up():
    names = [column.name for column in columns.shown(INVOICE, COLOMBIA)]
    assert names == ["Código", "Descripción", "Cantidad", "Valor unitario", "IVA", "Total"]


def test_a_column_that_says_nothing_is_not_there():
    bare = LineData(description="Servicio", amount=Decimal(1000))
    assert list(shown(bare)) == ["Descripción", "Total"]
    assert shown() == {}


def test_a_description_stands_over_its_details_and_its_discount():
    discount = AllowanceChargeData(is_charge=False, amount=Decimal(200), percent=Decimal(10), reason="Pronto pago")
    cells = shown(line("Arriendo\n\nN.º 112", "1000", allowances=(discount,)))["Descripción"]
    assert cells == [["Arriendo", "N.º 112", "Descuento 10 %: Pronto pago: -$ 200,00"]]


TAXES = [
    ([iva("1", "1")], "IVA", ["19 %"]),
    ([iva("1", "0", "0")], "IVA", ["0 %"]),  # exempt is not excluded
    ([INC], "INC", ["8 %"]),
    ([BAG], "Bolsas", ["$ 70,00"]),  # by the unit: no rate
    ([iva("1", "1"), INC], "Impuestos", ["IVA 19 %", "INC 8 %"]),
]


@pytest.mark.parametrize(("taxes", "heading", "cell"), TAXES)
def test_taxes(taxes, heading, cell):
    assert shown(line("a", "1", *taxes), line("b", "1"))[heading] == [cell, "Excl."]


def test_a_unit_price_keeps_its_decimals():
    cells = shown(line("a", "1", price=Decimal("0.123456"), quantity=Decimal("1234.500")))
    assert cells["Valor unitario"] == ["$ 0,123456"]
    assert cells["Cantidad"] == ["1.234,5 und"]


def test_a_column_is_as_wide_as_its_longest_figure():
    def total(amount: str) -> float:
        return columns.shown(invoice(lines=(line("a", amount),)), COLOMBIA)[-1].width

    assert total("1") < total("1000000") < total("1000000000000") < total("1" * 30) == columns.WIDEST


ALLOWANCES = [
    (AllowanceChargeData(is_charge=False, amount=Decimal(1)), "Descuento", Decimal(-1)),
    (AllowanceChargeData(is_charge=False, amount=Decimal(1), reason="descuento"), "Descuento", Decimal(-1)),
    (AllowanceChargeData(is_charge=True, amount=Decimal(1), reason="Flete"), "Cargo: Flete", Decimal(1)),
    (AllowanceChargeData(is_charge=True, amount=Decimal(1), reason_code="03"), "Propina", Decimal(1)),
]


@pytest.mark.parametrize(("allowance", "name", "signed"), ALLOWANCES)
def test_allowances(allowance, name, signed):
    assert columns.allowance_name(allowance) == name
    assert columns.signed(allowance) == signed
