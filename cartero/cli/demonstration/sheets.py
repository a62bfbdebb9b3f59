"""The spreadsheets of the demonstration's accounting program: its terceros, what it bills on paper, what is owed."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter

from cartero.cli.demonstration.cast import Tercero
from cartero.cli.demonstration.sales import Sale
from cartero.documents.countries.co import FINAL_CONSUMER
from cartero.platform import formats

_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001  a workbook knows no zones
_PARTIES = ("NIT", "DV", "Razón social", "Correo facturación", "Correo copia", "Teléfono", "Ciudad", "Grupo", "Zona",
            "Forma de entrega")  # fmt: skip
_ROWS = ("Factura", "Fecha emisión", "Fecha vencimiento", "NIT", "Razón social", "Correo", "Concepto", "Total", "Saldo")
_BALANCES = ("Factura", "Fecha emisión", "NIT", "Cliente", "Total factura", "Saldo")

Cell = str | Decimal


def parties(cast: Sequence[Tercero]) -> bytes:
    """XLSX of everyone who is billed, with class, zone and how each wants his documents."""
    return _workbook("Terceros", _PARTIES, (_party(each) for each in cast if each.data.tax_id != FINAL_CONSUMER))


def rows(sales: Iterable[Sale]) -> bytes:
    """XLSX of what is billed without an electronic document: there is no file of it, Cartero draws the PDF."""
    return _workbook("Facturas", _ROWS, (_row(sale) for sale in sales if not sale.is_electronic))


def balances(sales: Iterable[Sale]) -> bytes:
    """CSV as Excel writes it in Colombia (semicolons, Windows-1252) of what is owed of electronic documents."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_BALANCES)
    for data in (sale.data for sale in sales if sale.is_electronic and sale.data.balance is not None):
        writer.writerow(
            (
                data.number,
                f"{data.issue_date:%d/%m/%Y}",
                data.customer.tax_id,
                data.customer.name,
                _typed(data.totals.payable),
                _typed(data.balance or Decimal(0)),
            )
        )
    return text.getvalue().encode("cp1252")


def _party(tercero: Tercero) -> tuple[Cell, ...]:
    data = tercero.data
    first, copy = (*data.emails, "", "")[:2]
    form = "Solo PDF" if tercero.is_pdf_alone else "XML y PDF"
    return (
        data.tax_id, data.check_digit, data.name, first, copy, data.phone, data.address.city, tercero.group,
        tercero.zone, form,
    )  # fmt: skip


def _row(sale: Sale) -> tuple[Cell, ...]:
    data = sale.data
    return (
        data.number,
        f"{data.issue_date:%d/%m/%Y}",
        f"{data.due_date:%d/%m/%Y}",
        data.customer.tax_id,
        data.customer.name,
        "; ".join(data.customer.emails),
        data.lines[0].description,
        data.totals.payable,
        data.balance or Decimal(0),
    )


def _typed(amount: Decimal) -> str:
    return formats.money(amount).removeprefix("$").strip()


def _workbook(name: str, headings: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, headings)
        for at, line in enumerate(lines, 1):
            for column, cell in enumerate(line):
                if isinstance(cell, Decimal):
                    sheet.write_number(at, column, cell)
                else:
                    sheet.write_string(at, column, cell)
    return stream.getvalue()
