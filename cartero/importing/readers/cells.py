"""Cells -> texts, numbers of documents, ids, kinds, currencies: as typed, or UnreadableError with what to do."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from cartero.importing import headings
from cartero.importing.columns import Cell
from cartero.importing.readers import values
from cartero.importing.readers.sheets import LONGEST_CELL, unreadable
from cartero.importing.refusals import UnreadableError
from cartero.invoices import kinds
from cartero.invoices.states import InvoiceKind

LONGEST_NUMBER = 60
LONGEST_PREFIX = 20
LONGEST_ID = 40
LONGEST_SEQUENCE = 18

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#¡VALOR!", "#DIV/0!", "#¡DIV/0!", "#NAME?", "#¿NOMBRE?", "#NUM!"})
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE]\+?\d+")
_GAPS = re.compile(r"[\s\-–—_]+")
_PLAIN = re.compile(r"([A-Z]{0,4})(\d{1,15})")
_LABEL = re.compile(r"(?:N[OU]?M?[.°º]\s*|#\s*)(?=[A-Z0-9])")
_DIGITS_BEHIND = re.compile(r"\d+$")
_POINT_ZERO = re.compile(r"(\d{5,})[.,]0{1,2}")
_PLAIN_ID = re.compile(r"[1-9]\d{3,14}")
_ID_LABEL = re.compile(r"([A-Za-z][A-Za-z. ]{0,8}?)[\s:.#-]*(?=\d)")
_WITH_DIGIT = re.compile(r"(\d[\d.,\s]*?)\s*[-–—]\s*(\d)")
_DIGITS = re.compile(r"\d{3,15}")
_OTHER_IDS = re.compile(r"(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z0-9-]{3,40}")
_NO_DIGITS = re.compile(r"[.,\s]")
_NOTHING = frozenset({"", "-", "--", ".", "N/A", "NA", "NINGUNO"})


class Number(NamedTuple):
    number: str
    prefix: str
    sequence: int | None


class Identity(NamedTuple):
    """`right_digit` is set where the typed check digit is not the one of the id; `is_parted`: it was glued to it."""

    tax_id: str
    id_type: str
    check_digit: str
    right_digit: str
    is_parted: bool = False


def text(cell: Cell, limit: int = LONGEST_CELL) -> str:
    """On one line. Raises UnreadableError past `limit` letters."""
    if isinstance(cell, str):
        read = cell if cell.isprintable() and "  " not in cell else values.one_line(cell)
        read = read.strip()
        if len(read) > limit:
            raise unreadable(
                _("tiene %(length)d letras; el máximo es %(limit)d") % {"length": len(read), "limit": limit},
                _("Acorte el texto."),
            )
        return read
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def number(cell: Cell, prefix_cell: Cell = "") -> Number:
    """`FE-1234`, `FE 1234` and the prefix FE beside 1234 are FE1234; the sequence is its last digits."""
    if not prefix_cell and isinstance(cell, str) and (plain := _PLAIN.fullmatch(cell)):
        return Number(cell, plain[1], int(plain[2]))
    typed = text(cell).upper().removeprefix("'")
    if not typed:
        raise unreadable(_("falta el número de la factura"), _("Escríbalo en esa celda."))
    if isinstance(cell, date) or typed in _ERRORS or _SCIENTIFIC.fullmatch(typed):
        raise _no_number(typed)
    typed = _LABEL.sub("", typed, count=1) if not typed[0].isdigit() else typed.removesuffix(".0")
    parts = [part for part in _GAPS.split(typed) if part]
    whole = "".join(parts)
    prefix = _GAPS.sub("", text(prefix_cell).upper()).removesuffix(".0") if prefix_cell else ""
    prefix = "" if prefix in _NOTHING else prefix
    if prefix and not (whole.startswith(prefix) and not prefix.isdigit()):
        whole, parts = prefix + whole, [prefix, *parts]
    digits = _DIGITS_BEHIND.search(parts[-1] if parts else "")
    if not whole.isascii() or not any(map(str.isdigit, whole)) or " " in whole or len(whole) > LONGEST_NUMBER:
        raise _no_number(typed)
    if not digits or len(digits[0]) > LONGEST_SEQUENCE:
        return Number(whole, prefix[:LONGEST_PREFIX], None)
    before = prefix or whole[: len(whole) - len(digits[0])]
    return Number(whole, before.rstrip("./")[:LONGEST_PREFIX], int(digits[0]))


def _no_number(typed: str) -> UnreadableError:
    return unreadable(
        _("«%(text)s» no es un número de factura") % {"text": typed[:60]},
        _("Escríbalo como aparece en la factura, por ejemplo FE1234, con formato de texto."),
    )


def identity(cell: Cell, type_cell: Cell = "", digit_cell: Cell = "") -> Identity:
    """NIT, cédula or another id, without points; its check digit where a hyphen or its own column parts it, or where
    a company's NIT can only end in it.
    """
    typed = text(cell).removeprefix("'")
    return _identity(typed, text(type_cell) if type_cell else "", text(digit_cell) if digit_cell != "" else "")


def check_id_type(cell: Cell) -> None:
    """Raises UnreadableError for what is no type of id; an empty cell is none, and right."""
    typed = text(cell)
    if typed and not headings.id_type(typed):
        raise unreadable(
            _("«%(text)s» no es un tipo de identificación") % {"text": typed[:60]},
            _("Escriba NIT, CC, CE, TI, pasaporte o el código de la DIAN (31, 13…)."),
        )


@lru_cache(maxsize=20_000)  # terceros repeat from row to row
def _identity(typed: str, typed_type: str, typed_digit: str) -> Identity:
    id_type = headings.id_type(typed_type) if typed_type else ""
    digit = typed_digit if len(typed_digit) == 1 and typed_digit.isdigit() else ""
    if _PLAIN_ID.fullmatch(typed):
        return _checked(typed, id_type, digit)
    if not typed or typed in _ERRORS:
        raise unreadable(_("falta el NIT o la cédula"), _("Escríbalo en esa celda."))
    label = _ID_LABEL.match(typed)
    if label and headings.id_type(label[1]):
        id_type, typed = id_type or headings.id_type(label[1]), typed[label.end() :]
    parted = _WITH_DIGIT.fullmatch(typed)
    if parted:
        typed, digit = parted[1], digit or parted[2]
    compact = _NO_DIGITS.sub("", _POINT_ZERO.sub(r"\1", typed)).upper()
    if _DIGITS.fullmatch(compact) and compact.isascii() and compact.strip("0"):
        return _checked(compact.lstrip("0"), id_type, digit)
    if _OTHER_IDS.fullmatch(compact) and not _SCIENTIFIC.fullmatch(typed):
        return Identity(compact, id_type, "", "")
    if _SCIENTIFIC.fullmatch(typed):
        raise unreadable(
            _("«%(text)s» perdió cifras: Excel lo escribió en notación científica") % {"text": typed},
            _("Dé a la columna formato de número sin decimales y guarde otra vez el archivo."),
        )
    raise unreadable(
        _("«%(text)s» no es un NIT ni una cédula") % {"text": typed[:60]},
        _("Escríbalo como 900123456 o 900.123.456-8."),
    )


def _checked(tax_id: str, id_type: str, digit: str) -> Identity:
    """Only a NIT has a check digit; a wrong one is kept as typed."""
    if id_type not in ("", values.NIT):
        return Identity(tax_id, id_type, "", "")
    if values.ends_in_its_digit(tax_id, digit):
        return Identity(tax_id[:-1], id_type, tax_id[-1], "", is_parted=True)
    if not digit:
        return Identity(tax_id, id_type, "", "")
    right = values.check_digit_of(tax_id)
    return Identity(tax_id, id_type, digit, "" if right == digit else right)


_PURCHASES = frozenset({"compra", "compras", "purchase"})


@lru_cache(maxsize=256)
def kind(typed: str) -> InvoiceKind:
    """`Factura de venta`, `Nota crédito`, `NC`, `91`, `Recibo de caja`… Raises UnreadableError for what is none."""
    words = headings.key(typed)
    found = None if words & _PURCHASES else kinds.read(words)
    if found is None:
        raise unreadable(
            _("«%(text)s» no es un documento que Cartero envíe") % {"text": typed[:60]},
            _("Escriba factura, nota crédito, nota débito, equivalente o recibo; de lo demás importe el PDF."),
        )
    return found


_CURRENCIES = {
    **dict.fromkeys(("COP", "$", "COL$", "PESO", "PESOS", "PESO COLOMBIANO", "PESOS COLOMBIANOS", "COL"), "COP"),
    **dict.fromkeys(("USD", "US$", "U$", "DOLAR", "DÓLAR", "DOLARES", "DÓLARES", "DOLLAR", "US"), "USD"),
    **dict.fromkeys(("EUR", "€", "EURO", "EUROS"), "EUR"),
}
_CODE = re.compile(r"[A-Z]{3}")
_NAMED_CODE = re.compile(r"\b(?:COP|USD|EUR)\b")  # `Peso colombiano (COP)`


@lru_cache(maxsize=256)
def currency(typed: str) -> str:
    """Its ISO code; pesos where nothing is typed. Raises UnreadableError."""
    name = typed.upper()
    named = _NAMED_CODE.search(name)
    code = _CURRENCIES.get(name) or (named[0] if named else name) or "COP"
    if _CODE.fullmatch(code):
        return code
    raise unreadable(
        _("«%(text)s» no es una moneda") % {"text": typed[:60]}, _("Escriba su código, como COP, USD o EUR.")
    )


@lru_cache(maxsize=256)
def delivery_form(typed: str) -> str:
    """A value of `parties.models.DeliveryForm`; nothing where nothing is typed. Raises UnreadableError."""
    words = headings.key(typed) if typed else frozenset()
    if not words:
        return ""
    if words & {"xml", "zip", "container", "contenedor", "electronico"}:
        return "container"
    if "pdf" in words:
        return "pdf"
    raise unreadable(
        _("«%(text)s» no es una forma de entrega") % {"text": typed[:60]}, _("Escriba «PDF» o «XML y PDF».")
    )
