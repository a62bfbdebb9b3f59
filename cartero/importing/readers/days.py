"""Dates and months as people type them, day first -> date; also serials of spreadsheets and real dates."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from cartero.importing.columns import Cell
from cartero.importing.readers.sheets import unreadable
from cartero.importing.refusals import UnreadableError

FIRST_YEAR = 1990
YEARS_AHEAD = 6  # next year and five more
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet, for every day after February 1900
_SERIALS = range(32_874, 80_000)  # 1990 to 2119
_COMPACT = range(19_900_101, 21_000_000)

_SPANISH = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_MONTHS = dict(zip(_SPANISH, range(1, 13), strict=True)) | {"jan": 1, "apr": 4, "aug": 8, "set": 9, "dec": 12}
_WHOLE_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "setiembre", "octubre"),
    *("noviembre", "diciembre", "january", "february", "march", "april", "june", "july", "august", "september"),
    *("october", "november", "december", "sept"),
)
_HOUR = re.compile(r"(?:\s+|t|,\s*)\d{1,2}:\d{2}.*$")
_WEEKDAY = re.compile(
    r"^(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s*,?\s*"
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})")
_WORDS = re.compile(r"(\d{1,2})[º°]?(?:\s*(?:de|[-/.,\s])\s*)([a-z]{3,10})\.?(?:\s*(?:del?|[-/,\s])\s*)(\d{4}|\d{2})")
_MONTH_BEFORE = re.compile(r"([a-z]{3,10})\.?\s+(\d{1,2})(?:\s*(?:del?|,)\s*|\s+)(\d{4})")
_PERIOD_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/. ]?\s*(\d{1,2})")
_PERIOD_MONTH_FIRST = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})")
_PERIOD_WORDS = re.compile(r"(?:mes\s+(?:de\s+)?)?([a-z]{3,10})\.?(?:\s*(?:del?|[-/,\s])\s*)(\d{4}|\d{2})")
_PERIOD_MONTH = re.compile(r"(?:mes\s+(?:de\s+)?)?([a-z]{3,10})\.?")
_AT_ONCE = frozenset(
    {
        *("contado", "de contado", "al contado", "pago de contado", "pago al contado", "inmediato", "de inmediato"),
        *("pago inmediato", "a la vista", "due on receipt", "immediate", "cash"),
    }
)
_UNTIL = re.compile(r"\s+(?:-|–|al?|hasta)\s+")


class Day(NamedTuple):
    """`is_short`: the year was typed with two digits, or the day was no date at all but a serial number."""

    value: date
    is_short: bool


class Span(NamedTuple):
    """`is_short`: part of it was not typed, and was taken from the document's date."""

    start: date
    end: date
    is_short: bool


@lru_cache(maxsize=8192)  # the dates of a file repeat from row to row
def day(cell: Cell, today: date) -> Day | None:
    """None for an empty cell. Raises UnreadableError for what is no day, or one before 1990 or too far ahead."""
    if isinstance(cell, str):
        text = cell.strip()
        if not text:
            return None
        read = _read(text)
        if read is None:
            raise _no_day(text)
    elif isinstance(cell, datetime):
        read = Day(cell.date(), is_short=False)
    elif isinstance(cell, date):
        read = Day(cell, is_short=False)
    elif cell is None:
        return None
    else:
        read = _of_number(cell)
        if read is None:
            raise _no_day(str(cell))
    if FIRST_YEAR <= read.value.year <= today.year + YEARS_AHEAD:
        return read
    raise unreadable(
        _("la fecha «%(text)s» no está entre %(first)d y %(last)d")
        % {"text": _cut(str(cell)), "first": FIRST_YEAR, "last": today.year + YEARS_AHEAD},
        _("Corrija el año."),
    )


def due(cell: Cell, issued: date, today: date) -> Day | None:
    """When it has to be paid: a day, or the day of issue where a word says that it is paid at once. Raises as `day`."""
    if isinstance(cell, str) and _plain(cell).rstrip(".") in _AT_ONCE:
        return Day(issued, is_short=False)
    return day(cell, today)


@lru_cache(maxsize=8192)
def period(cell: Cell, issued: date, today: date) -> Span | None:
    """The days that are billed: a month, or from one day to another. Raises UnreadableError for what is neither.

    A month without a year is the one nearest to the date of issue.
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        text = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and cell in range(199_001, 210_013):
        text = str(int(cell))
    else:
        first = day(cell, today)
        text = first.value.isoformat() if first else ""
    span = _span(text, issued)
    if span is None or not FIRST_YEAR <= span.start.year <= today.year + YEARS_AHEAD:
        raise unreadable(
            _("«%(text)s» no es un período") % {"text": _cut(str(cell))},
            _("Escriba el mes, como 2026-07 o julio de 2026."),
        )
    return span


def _read(text: str) -> Day | None:
    plain = _WEEKDAY.sub("", _HOUR.sub("", _plain(text.removeprefix("'"))))
    if found := _DAY_FIRST.fullmatch(plain):
        return _made(found[3], found[2], found[1])
    if found := _YEAR_FIRST.fullmatch(plain):
        return _made(found[1], found[2], found[3])
    if found := _WORDS.fullmatch(plain):
        return _made(found[3], found[2], found[1])
    if found := _MONTH_BEFORE.fullmatch(plain):
        return _made(found[3], found[1], found[2])
    try:
        return _of_number(float(plain)) if plain.isascii() else None
    except ValueError:
        return None


def _span(text: str, issued: date) -> Span | None:
    plain = _plain(text)
    bounds = _UNTIL.split(plain)
    ends = [_read(bound) for bound in bounds] if len(bounds) == 2 else []
    if len(ends) == 2 and ends[0] and ends[1] and ends[0].value <= ends[1].value:
        return Span(ends[0].value, ends[1].value, is_short=False)
    first = _month(plain, issued)
    if first is None:
        return None
    start = first.value.replace(day=1)
    return Span(start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1), first.is_short)


def _month(plain: str, issued: date) -> Day | None:
    if found := _PERIOD_YEAR_FIRST.fullmatch(plain):
        return _made(found[1], found[2], "1")
    if found := _PERIOD_MONTH_FIRST.fullmatch(plain):
        return _made(found[2], found[1], "1")
    if found := _PERIOD_WORDS.fullmatch(plain):
        return _made(found[2], found[1], "1")
    found = _PERIOD_MONTH.fullmatch(plain)
    named = _made(str(issued.year), found[1], "1") if found else None
    if named:
        near = (named.value.replace(year=issued.year + years) for years in (-1, 0, 1))
        return Day(min(near, key=lambda month: abs(month - issued.replace(day=1))), is_short=True)
    return _read(plain)


def _made(year: str, month: str, number: str) -> Day | None:
    whole_year = int(year) + 2000 if len(year) == 2 else int(year)
    try:
        month_number = int(month) if month.isdigit() else _month_number(month)
        return Day(date(whole_year, month_number, int(number)), is_short=len(year) == 2)
    except ValueError:
        return None


def _month_number(name: str) -> int:
    """Raises ValueError for a word that is no month."""
    if name in _MONTHS or name in _WHOLE_MONTHS:
        return _MONTHS[name[:3]]
    raise ValueError(name)


def _of_number(cell: object) -> Day | None:
    """A serial of a spreadsheet, or a day written as 20260724."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    if int(cell) in _SERIALS:
        return Day(_EPOCH + timedelta(days=int(cell)), is_short=True)
    text = str(int(cell)) if cell in _COMPACT else ""
    return _made(text[:4], text[4:6], text[6:]) if text else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _no_day(text: str) -> UnreadableError:
    return unreadable(
        _("«%(text)s» no es una fecha (se lee día, mes, año)") % {"text": _cut(text)},
        _("Escríbala como 24/11/2026."),
    )


def _cut(text: str) -> str:
    return " ".join(text.split())[:60]
