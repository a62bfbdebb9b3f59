"""The columns of a document's lines: only those that say something, as wide as their longest figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cartero.documents.countries.country import Country
from cartero.documents.glyphs import BREAK, breakable, drawable
from cartero.invoices.data import AllowanceChargeData, InvoiceData, LineData, TaxData
from cartero.platform import formats

Cell = str | list[str]
"""A list: the first line as it is, the others small below it."""

DIGIT, THIN, LETTER, GUTTER = 1.76, 0.8, 2.1, 6.0  # millimetres at 8.6 pt
WIDEST = 44.0
LONGEST_IN_CODE, LONGEST_IN_DESCRIPTION = 14, 24
PRICE_DECIMALS = 6
TIP = "03"  # reason code of a charge


@dataclass(frozen=True, kw_only=True)
class Column:
    """`width` in millimetres; None: what the others leave."""

    name: str
    cells: Sequence[Cell]
    width: float | None
    right: bool = True


def shown(data: InvoiceData, country: Country) -> list[Column]:
    lines, currency = data.lines, data.currency
    if not lines:
        return []
    columns = (
        _column("Código", [breakable(drawable(line.code), LONGEST_IN_CODE) for line in lines], right=False),
        Column(name="Descripción", cells=[_description(line, currency) for line in lines], width=None, right=False),
        _column("Cantidad", [_quantity(line, country) for line in lines]),
        _column("Valor unitario", [_price(line, currency) for line in lines]),
        _taxes(data, country),
        _column("Total", [formats.money(line.amount, currency) for line in lines]),
    )
    return [column for column in columns if any(column.cells)]


def tax_name(tax: TaxData) -> str:
    """`IVA 19 %`; a tax by the unit has no rate."""
    name = tax.name or tax.code
    return f"{name} {formats.percent(tax.percent)}" if tax.percent is not None else name


def allowance_name(allowance: AllowanceChargeData) -> str:
    """`Descuento 10 %: Pronto pago`."""
    kind = "Cargo" if allowance.is_charge else "Descuento"
    if allowance.is_charge and allowance.reason_code == TIP:
        kind = "Propina"
    rate = f" {formats.percent(allowance.percent)}" if allowance.percent else ""
    reason = allowance.reason.strip()
    return f"{kind}{rate}: {reason}" if reason and reason.lower() != kind.lower() else f"{kind}{rate}"


def signed(allowance: AllowanceChargeData) -> Decimal:
    return allowance.amount if allowance.is_charge else -allowance.amount


def _column(name: str, cells: Sequence[Cell], *, right: bool = True) -> Column:
    texts = (cell if isinstance(cell, str) else max(cell, key=len) for cell in cells)
    longest = max([name, *texts], key=len).replace(BREAK, "")
    width = sum(DIGIT if sign.isdigit() else THIN if sign in ".,- " else LETTER for sign in longest) + GUTTER
    return Column(name=name, cells=cells, width=min(width, WIDEST), right=right)


def _description(line: LineData, currency: str) -> Cell:
    """The first line of the text, below it the others and what was taken off or put on this line alone."""
    allowances = (f"{allowance_name(each)}: {formats.money(signed(each), currency)}" for each in line.allowances)
    texts = [drawable(text) for text in (*line.description.splitlines(), *allowances)]
    return [breakable(text, LONGEST_IN_DESCRIPTION) for text in texts if text] or [""]


def _quantity(line: LineData, country: Country) -> str:
    if line.quantity is None:
        return ""
    return f"{formats.number(line.quantity)} {drawable(country.unit(line.unit))}".strip()


def _price(line: LineData, currency: str) -> str:
    return "" if line.price is None else formats.money(line.price, currency, most_decimals=PRICE_DECIMALS)


def _taxes(data: InvoiceData, country: Country) -> Column:
    """Headed by the tax where there is but one kind of it, and then only rates stand below."""
    names = sorted({tax.name or tax.code for line in data.lines for tax in line.taxes})
    alone = len(names) == 1
    untaxed = country.untaxed if names else ""
    cells: list[Cell] = [
        [_tax(tax, data.currency, named=not alone) for tax in line.taxes] if line.taxes else untaxed
        for line in data.lines
    ]
    return _column(drawable(names[0]) if alone else "Impuestos", cells)


def _tax(tax: TaxData, currency: str, *, named: bool) -> str:
    rate = formats.money(tax.amount, currency) if tax.percent is None else formats.percent(tax.percent)
    return f"{drawable(tax.name or tax.code)} {rate}" if named else rate
