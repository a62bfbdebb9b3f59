"""Rows of one invoice: what they agree on, and what their amounts add up to."""

import io
from datetime import date
from decimal import Decimal

import pytest

from cartero.importing.parcels import ReadInvoice
from cartero.importing.readers.rows import Options, read
from cartero.importing.refusals import Refusal
from cartero.invoices.data import PartyData
from tests.importing.workbooks import xlsx

HEAD = "Factura;NIT;Cliente;Fecha;"
ROW = "FE1;900123456;Uno;1/7/2026;"


def found(content: bytes | io.BytesIO) -> list[ReadInvoice | Refusal]:
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    options = Options(file="f", supplier=PartyData(tax_id="1", name="E"), today=date(2026, 7, 15))
    return [item for item in read(stream, options) if isinstance(item, ReadInvoice | Refusal)]


def sheet(headings: str, *rows: str) -> bytes:
    return "\n".join([HEAD + headings, *(ROW + row for row in rows)]).encode()


TOTALS = [
    # the rows add up to the total that each repeats
    ("Descripción;Cantidad;Precio;Total", ["A;1;100;300", "B;2;100;300"], "300"),
    ("Descripción;Valor renglón;IVA;Total", ["A;1000;190;3570", "B;2000;380;3570"], "3570"),
    ("Descripción;Valor renglón;IVA;Total", ["A;100;57;357", "B;200;57;357"], "357"),  # the IVA is repeated too
    ("Descripción;Cantidad;Precio;Subtotal;IVA;Total", ["A;1;100;200;38;238", "B;1;100;200;38;238"], "238"),
    ("Descripción;Valor renglón;Total", ["A;100,50;300", "B;200,75;300"], "300"),  # within what rounding may do
    # each row has a total of its own
    ("Descripción;Cantidad;Precio;Total", ["A;1;100;100", "B;2;100;200"], "300"),
    ("Descripción;Cantidad;Precio;Total", ["A;1;100;100", "B;1;100;100"], "200"),
    ("Descripción;Total", ["A;100", "B;200"], "300"),
    ("Descripción;Valor renglón;IVA;Total", ["A;1000;190;1190", "B;1000;190;1190"], "2380"),
    # the total stands in one row
    ("Descripción;Valor renglón;Total", ["A;100;300", "B;200;"], "300"),
    ("Descripción;Total", ["A;300", "B;"], "300"),
    # there is no column for it
    ("Descripción;Cantidad;Precio", ["A;1;100", "B;2;100"], "300.00"),
    ("Descripción;Cantidad;Precio;IVA", ["A;1;1000;190", "B;2;1000;380"], "3570.00"),
    ("Descripción;Cantidad;Precio", ["A;0,333333;100,555"], "33.52"),  # half to even, two decimals
    ("Subtotal;IVA", ["1000;190"], "1190.00"),
]

UNCLEAR = [
    ("Total", ["100", "100"]),  # the same row twice
    ("Total", ["100", "200"]),  # which of them?
    ("Descripción;Total", ["A;100", "B;100"]),
    ("Descripción;Subtotal;IVA;Total", ["A;1000;190;1190", "B;1000;190;1190"]),  # all of them may be the invoice's
    ("Descripción;Valor renglón;Total", ["A;100;500", "B;200;500"]),  # adds up to nothing
    ("Descripción;Valor renglón;Total", ["A;100;500", "B;200;"]),
    ("Descripción;Total", ["A;100", "B;200", "C;"]),
    ("Descripción;Total", ["A;999.999.999.999.999,00", "B;1,00"]),
]


@pytest.mark.parametrize(("headings", "rows", "total"), TOTALS)
def test_what_an_invoice_adds_up_to(headings, rows, total):
    (parcel,) = found(sheet(headings, *rows))
    assert isinstance(parcel, ReadInvoice)
    assert str(parcel.data.totals.payable) == total
    assert len(parcel.data.lines) == (len(rows) if "Desc" in headings else 0)


@pytest.mark.parametrize(("headings", "rows"), UNCLEAR)
def test_a_total_that_cannot_be_told_refuses_the_invoice(headings, rows):
    (refusal,) = found(sheet(headings, *rows))
    assert isinstance(refusal, Refusal)
    assert refusal.number == "FE1"
    assert "FE1" in refusal.what


def test_lines_keep_their_own_amounts():
    (parcel,) = found(sheet("Producto;Código producto;Cantidad;Precio;Total", "A;x;1;100;300", "B;y;2;100;300"))
    assert [(line.description, line.code, line.quantity, line.amount) for line in parcel.data.lines] == [
        ("A", "x", Decimal(1), Decimal(100)),
        ("B", "y", Decimal(2), Decimal(200)),
    ]


def test_the_lines_of_a_merged_cell_are_of_one_invoice():
    def draw(_workbook, drawn):
        for column, value in ((0, "FE1"), (1, 900123456), (2, "1/7/2026"), (5, 300)):
            drawn.merge_range(1, column, 2, column, value)

    rows = [["Factura", "NIT", "Fecha", "Producto", "Valor renglón", "Total"]]
    rows += [["", "", "", "A", 100, ""], ["", "", "", "B", 200, ""]]
    (parcel,) = found(xlsx(("F", rows), draw=draw))
    assert (parcel.data.totals.payable, len(parcel.data.lines)) == (300, 2)


CONTINUED = [
    (["A;100;300", ";;;;B;200;"], ["300"]),
    (["A;100;300", ";;;;B;200;", "FE2;900123456;Uno;1/7/2026;C;5;5"], ["300", "5"]),
    (["A;300;300", ";;;;Total;300;300"], ["300"]),  # no line, but a total
    (["A;300;300", ";;;;;200;"], ["300", "falta el número de la factura"]),  # of what?
    (["A;300;300", ";900123456;;;B;200;"], ["300", "falta el número de la factura"]),  # perhaps of another
]


@pytest.mark.parametrize(("rows", "told"), CONTINUED)
def test_what_is_of_the_whole_invoice_may_stand_in_its_first_row_alone(rows, told):
    content = "\n".join([f"{HEAD}Descripción;Valor renglón;Total", f"{ROW}{rows[0]}", *rows[1:]])
    items = found(content.encode())
    read_or_why = [str(item.data.totals.payable) if isinstance(item, ReadInvoice) else item.what for item in items]
    assert sorted(read_or_why) == sorted(told)


@pytest.mark.parametrize(
    ("balances", "balance"),
    [(["300", "300"], "300"), (["50", "50"], "50"), (["100", "200"], "300"), (["", ""], None), (["0", ""], "0")],
)
def test_the_balance_of_several_rows(balances, balance):
    rows = [f"A;100;100;{balances[0]}", f"B;200;200;{balances[1]}"]
    (parcel,) = found(sheet("Producto;Valor renglón;Total;Saldo", *rows))
    assert parcel.data.balance == (None if balance is None else Decimal(balance))


@pytest.mark.parametrize(
    ("other", "column"),
    [
        ("FE1;800197268;Uno;1/7/2026;20", "NIT"),
        ("FE1;900123456;Otro;1/7/2026;20", "Cliente"),
        ("FE1;900123456;Uno;2/7/2026;20", "Fecha"),
    ],
)
def test_rows_that_contradict_each_other_refuse_the_invoice_and_name_both(other, column):
    content = f"Factura;NIT;Cliente;Fecha;Valor renglón\n{ROW}10\n{other}\nFE2;900123456;Uno;1/7/2026;5".encode()
    refusal, parcel = found(content)
    assert (refusal.where, refusal.number) == (f"fila 3, columna {column}", "FE1")
    assert "fila 2" in refusal.what
    assert parcel.data.number == "FE2"


def test_an_invoice_does_not_come_in_without_a_row_that_could_not_be_read():
    first, whole = found(sheet("Producto;Valor renglón", "A;100", "B;x", "C;300"))
    assert (first.where, first.number) == ("fila 3, columna Valor renglón", "FE1")
    assert (whole.where, whole.number) == ("fila 2", "FE1")
    assert "fila 3" in whole.what


def test_rows_of_one_invoice_that_lie_apart_are_refused():
    content = (HEAD + "Total\n" + ROW + "5\nFE2;900123456;Uno;1/7/2026;6\n" + ROW + "7\n").encode()
    first, second, third = found(content)
    assert [first.data.number, second.data.number] == ["FE1", "FE2"]
    assert (third.where, third.number) == ("fila 4", "FE1")
    assert "más arriba" in third.what


def test_an_invoice_and_a_note_may_have_the_same_number():
    content = b"Tipo;Factura;NIT;Fecha;Total\nFactura;1;900123456;1/7/2026;5\nNC;1;900123456;1/7/2026;-5"
    assert [(parcel.data.kind, parcel.data.totals.payable) for parcel in found(content)] == [
        ("invoice", 5),
        ("credit_note", 5),
    ]


def test_numbers_that_differ_in_zeros_alone_are_two_invoices():
    content = b"Factura;NIT;Fecha;Total\nFE1;900123456;1/7/2026;5\nFE01;900123456;1/7/2026;5"
    assert [parcel.data.number for parcel in found(content)] == ["FE1", "FE01"]


def test_a_negative_total_is_warned_about():
    (parcel,) = found(sheet("Total", "(500)"))
    assert parcel.data.totals.payable == -500
    assert parcel.has_warnings
