"""A table as it was typed: rows of cells that can be read again from the start, and the words for a place in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.translation import gettext as _

from cartero.importing.columns import Cell
from cartero.importing.refusals import UnreadableError

Row: TypeAlias = Sequence[Cell]
LONGEST_CELL = 32_768
ALPHABET = 26


@dataclass(frozen=True, kw_only=True)
class BrokenRow:
    """A row of a CSV that cannot be taken apart; the rows behind it can."""

    what: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """`name` is empty for a CSV, which has but one. Each call of `rows` starts over."""

    name: str
    rows: Callable[[], Iterator[Row | BrokenRow]]


def place(sheet: str, row: int, column: str = "") -> str:
    """`hoja Facturas, fila 12, columna Correo`."""
    named = {"sheet": sheet, "row": row, "column": column}
    if sheet and column:
        return _("hoja %(sheet)s, fila %(row)d, columna %(column)s") % named
    if sheet:
        return _("hoja %(sheet)s, fila %(row)d") % named
    if column:
        return _("fila %(row)d, columna %(column)s") % named
    return _("fila %(row)d") % named


def letters(column: int) -> str:
    """The name of a column that has no heading: 0 is A, 27 is AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, ALPHABET)
        name = chr(ord("A") + rest) + name
    return name


def unreadable(what: str, mend: str) -> UnreadableError:
    """For one who knows the cell but not its place; the reader of the row says where."""
    return UnreadableError("", what, mend)
