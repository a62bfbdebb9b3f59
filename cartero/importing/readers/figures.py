"""Amounts as people type them (`1.234.567,89`, `$ 1,234.50`, `(500)`) -> Decimal.

A lone mark with three digits behind it (`1.234`) says nothing by itself: other values of the file decide, or a person.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext as _

from cartero.importing.columns import Cell
from cartero.importing.readers.sheets import unreadable
from cartero.importing.refusals import UnreadableError

MOST = Decimal(10) ** 15
_MOST_OF_FLOATS = 1e15
SMALLEST = Decimal("0.000001")
EITHER = "?"
"""The mark may part thousands or decimals."""

_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d\d?)?")
_MONEY = r"(?:COP|COL|USD|US|EUR|pesos)"
# What nearly every typed amount is: decimals that speak for themselves, at most a peso sign before.
_CLEAR = re.compile(
    r"(-?)\$?\s?(?:(\d{1,3}(?:\.\d{3})+|\d{1,15}),(\d\d?)"
    r"|(\d{1,3}(?:,\d{3})+)\.(\d\d?))"
)
_SHAPE = re.compile(
    rf"(?P<before>[-−–+(\s]*(?:{_MONEY})?[$€\s]*[-−–+(\s]*)(?P<body>[.,]?\d[\d.,\s'’´]*?)"
    rf"(?P<after>[\s)]*(?:{_MONEY}|[$€])?[\s)]*[-−–]?)\s*",
    re.IGNORECASE,
)
_MINUS = frozenset("-−–(")
_NOTHING = re.compile(r"[$\s]*[-−–]+\s*")  # how a zero looks in Excel's accounting format
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_BAD_GAP = re.compile(r"[\s'’´](?!\d{3}(?!\d))")
_GAPS = re.compile(r"[\s'’´]+")
_MILLIONS = re.compile(r"['’´](?=\d{3}([.,])\d{3})")
_GROUPED = {mark: re.compile(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+") for mark in ",."}
_CURRENCIES = {"USD": "USD", "US": "USD", "EUR": "EUR", "COP": "COP", "COL": "COP", "PESOS": "COP"}
_OTHER = {",": ".", ".": ","}


def decimal_mark(cell: Cell) -> str:
    """Which mark this value shows to part decimals: `,`, `.` or EITHER; nothing where it shows none."""
    if not isinstance(cell, str) or cell.isdigit():
        return ""
    found = _SHAPE.fullmatch(cell.strip())
    return _mark(_without_gaps(found["body"])) if found else ""


def amount(cell: Cell, decimal: str, currency: str = "COP") -> Decimal | None:
    """None for an empty cell. `decimal` decides what is EITHER. At most 15 digits; 6 decimals (half to even).

    Raises UnreadableError for what is no amount, or one in another currency.
    """
    if isinstance(cell, float):
        if -_MOST_OF_FLOATS < cell < _MOST_OF_FLOATS:
            return Decimal(int(cell)) if cell.is_integer() else _of_fraction(cell)
        raise _too_long(cell)
    if isinstance(cell, str):
        value = _of_text(cell, decimal, currency)
    elif isinstance(cell, int) and not isinstance(cell, bool):
        value = Decimal(cell)
    elif cell is None:
        return None
    else:
        raise _no_amount(str(cell))
    if value is None or -MOST < value < MOST:
        return value
    raise _too_long(cell)


def _too_long(cell: Cell) -> UnreadableError:
    return unreadable(_("«%(text)s» tiene más de 15 cifras") % {"text": _cut(str(cell))}, _("Revise el valor."))


def _of_text(cell: str, decimal: str, currency: str) -> Decimal | None:
    if _PLAIN.fullmatch(cell):
        return Decimal(cell)
    clear = _CLEAR.fullmatch(cell)
    if not clear:
        return _typed(cell.strip(), decimal, currency)
    minus, dotted, cents, with_commas, hundredths = clear.groups()
    if dotted:
        return Decimal(f"{minus}{dotted.replace('.', '')}.{cents}")
    return Decimal(f"{minus}{with_commas.replace(',', '')}.{hundredths}")


def _of_fraction(cell: float) -> Decimal:
    """As Excel shows it: 15 significant digits, so 0.1 + 0.2 is 0.3."""
    return rounded(Decimal(f"{cell:.15g}"))


def rounded(value: Decimal) -> Decimal:
    """To six decimals, half to even, where it has more."""
    exponent = value.as_tuple().exponent
    is_longer = isinstance(exponent, int) and exponent < -6 and -MOST < value < MOST
    return value.quantize(SMALLEST, ROUND_HALF_EVEN) if is_longer else value


def _typed(text: str, decimal: str, currency: str) -> Decimal | None:
    if not text:
        return None
    found = _SHAPE.fullmatch(text)
    if not found:
        if _NOTHING.fullmatch(text):
            return Decimal(0)
        raise _no_amount(text)
    _check_currency(text, f"{found['before']}{found['after']}".upper(), currency)
    body = _without_gaps(found["body"])
    mark = _mark(body)
    mark = decimal if mark == EITHER else mark
    signs = sum(1 for sign in found["before"] + found["after"] if sign in _MINUS)
    is_cut = signs > 0 and body[-1] in ".,"  # `1.250,-`: no cents, or a minus?
    if signs > 1 or is_cut or _BAD_GAP.search(found["body"].strip()) or not (mark or body.isdigit()):
        raise _no_amount(text)
    digits = body.replace(_OTHER[mark], "").replace(",", ".") if mark else body
    value = rounded(Decimal(digits))
    return -value if signs else value


def _mark(body: str) -> str:
    """Nothing for whole numbers, nor for what is badly grouped (`1.23.456`): that is not all digits either."""
    commas, dots = body.count(","), body.count(".")
    if not commas and not dots:
        return ""
    last = "," if body.rfind(",") > body.rfind(".") else "."
    head, _last, tail = body.rpartition(last)
    if commas and dots:
        is_grouped = _GROUPED[_OTHER[last]].fullmatch(head)
        return last if is_grouped else ""
    if commas + dots > 1:
        return _OTHER[last] if _GROUPED[last].fullmatch(body) else ""
    if len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0"):
        return EITHER
    return last


def _without_gaps(body: str) -> str:
    """`1'234.567,89`, as millions are written by hand, is `1.234.567,89`."""
    return _GAPS.sub("", _MILLIONS.sub(r"\1", body))


def _check_currency(text: str, around: str, currency: str) -> None:
    named = next((code for sign, code in _CURRENCIES.items() if sign in around), "EUR" if "€" in around else "")
    if named and named != currency:
        raise unreadable(
            _("«%(text)s» está en %(named)s y la factura en %(currency)s")
            % {"text": _cut(text), "named": named, "currency": currency},
            _("Agregue una columna «Moneda» con la de cada factura."),
        )


def _no_amount(text: str) -> UnreadableError:
    if _SCIENTIFIC.fullmatch(text):
        return unreadable(
            _("«%(text)s» perdió cifras: Excel lo escribió en notación científica") % {"text": _cut(text)},
            _("Dé a la columna formato de número y guarde otra vez el archivo."),
        )
    return unreadable(
        _("«%(text)s» no es un valor") % {"text": _cut(text)}, _("Escriba solo el número, como 1.234.567,89.")
    )


def _cut(text: str) -> str:
    return " ".join(text.split())[:60]
