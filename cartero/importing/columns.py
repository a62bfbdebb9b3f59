"""Which column of a sheet is what: found from its headings, or told by the person who imports."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from cartero.importing import headings
from cartero.importing.headings import Field
from cartero.importing.refusals import Refusal

Cell: TypeAlias = str | int | float | date | time | timedelta | None
"""Text, number (or truth), date or hour; `""` or None where there is nothing."""

LOOKED_AT = 60
"""Rows at the top of a sheet among which the headings are looked for."""
SAMPLE = 8
_MOST_SHOWN = 60
_RATES = frozenset({"0", "5", "8", "16", "19", "0.05", "0.08", "0.16", "0.19", "5.0", "19.0", "5.00", "19.00", "0.00"})
_TYPE = re.compile(r"[A-Za-z]{1,4}(?:[\s-]?\d{1,2})?")
_IDS = re.compile(r"\d[\d., ]{4,18}(?:\s?-\s?\d)?")


class SheetKind(StrEnum):
    INVOICES = "invoices"
    PARTIES = "parties"


_OF_PARTIES = frozenset(
    {
        *(Field.TAX_ID, Field.CHECK_DIGIT, Field.ID_TYPE, Field.NAME, Field.GIVEN_NAME, Field.MIDDLE_NAME),
        *(Field.SURNAME, Field.SECOND_SURNAME, Field.TRADE_NAME, Field.EMAIL, Field.EMAIL_RECEIVABLES),
        *(Field.EMAIL_COPY, Field.PHONE, Field.ADDRESS, Field.CITY, Field.GROUP, Field.ZONE, Field.DELIVERY_FORM),
    }
)
_OF_INVOICES_ALONE = frozenset(Field) - _OF_PARTIES
FIELDS = {
    SheetKind.INVOICES: frozenset(Field) - {Field.DELIVERY_FORM, Field.GROUP, Field.ZONE},
    SheetKind.PARTIES: _OF_PARTIES,
}
SEVERAL = frozenset({Field.EMAIL, Field.EMAIL_RECEIVABLES, Field.EMAIL_COPY, Field.GROUP, Field.ZONE})
"""More than one column may be these."""
NAMES = frozenset({Field.NAME, Field.GIVEN_NAME, Field.SURNAME})
EMAILS = frozenset({Field.EMAIL, Field.EMAIL_RECEIVABLES, Field.EMAIL_COPY})
_AMOUNTS_OF_LINES = frozenset({Field.LINE_TOTAL, Field.SUBTOTAL})


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What each column of a sheet is. Data begin behind `heading_row`, which counts from 0; -1 where there is none."""

    kind: SheetKind
    sheet: str = ""
    heading_row: int
    columns: Mapping[int, Field]
    headings: tuple[str, ...] = ()
    doubtful: tuple[Field, ...] = ()
    """Fields for which two columns are equally good: somebody has to choose."""

    @property
    def missing(self) -> tuple[Field, ...]:
        """What no column is and nothing can be imported without."""
        found = set(self.columns.values())
        wanted = [Field.TAX_ID]
        if self.kind is SheetKind.PARTIES:
            wanted += [] if found & (NAMES | EMAILS) else [Field.NAME]
        else:
            has_amount = found & _AMOUNTS_OF_LINES or {Field.QUANTITY, Field.UNIT_PRICE} <= found
            wanted += [Field.NUMBER, Field.ISSUE_DATE, *([] if has_amount else [Field.TOTAL])]
        return tuple(name for name in wanted if name not in found)

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.doubtful

    def of(self, *fields: Field) -> tuple[int, ...]:
        """The columns that are one of these."""
        return tuple(column for column, known in sorted(self.columns.items()) if known in fields)

    def first(self, known: Field) -> int:
        """The column of a field; -1 where there is none, which in a row that ends with an empty cell is that one."""
        return next(iter(self.of(known)), -1)

    def heading(self, column: int) -> str:
        """Its heading as typed, for the words of a place; empty where it has none."""
        return self.headings[column] if 0 <= column < len(self.headings) else ""

    def as_json(self) -> dict[str, Any]:
        """For an import's options; `layout_from_json` reads it."""
        return {
            "kind": self.kind.value,
            "sheet": self.sheet,
            "heading_row": self.heading_row,
            "columns": {str(column): known.value for column, known in self.columns.items()},
        }


@dataclass(frozen=True, kw_only=True)
class NeedsMapping:
    """The question for the mapping page: no sheet says by its headings what Cartero cannot do without.

    `proposal` is what was recognised; its headings and `sample` (the rows behind them, as text) are shown beside it.
    """

    proposal: Layout
    sheets: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "asks": "mapping",
            **self.proposal.as_json(),
            "sheets": list(self.sheets),
            "headings": list(self.proposal.headings),
            "sample": [list(row) for row in self.sample],
            "missing": [known.value for known in self.proposal.missing],
            "doubtful": [known.value for known in self.proposal.doubtful],
        }

    def as_refusal(self, file: str) -> Refusal:
        """The same where nobody can be asked."""
        missing, doubtful = headings.shown(self.proposal.missing), headings.shown(self.proposal.doubtful)
        if missing:
            what = _("no se reconocieron sus columnas; falta: %(fields)s") % {"fields": missing}
        else:
            what = _("no se sabe cuál de dos columnas es: %(fields)s") % {"fields": doubtful}
        mend = _("Póngale a cada columna su título, o impórtelo solo en la página Importar, que pregunta por ellas.")
        return Refusal(file=file, where=_("archivo"), what=what, mend=mend)


def layout_from_json(told: Mapping[str, Any]) -> Layout:
    """What a person told. Raises ValueError, KeyError or TypeError where it is no mapping."""
    columns = {int(column): Field(known) for column, known in dict(told["columns"]).items() if known}
    known = [name for name in columns.values() if name not in SEVERAL]
    if len(known) != len(set(known)) or min(columns, default=0) < 0:
        raise ValueError(columns)
    heading_row = int(told.get("heading_row", 0))
    return Layout(
        kind=SheetKind(told["kind"]), sheet=str(told.get("sheet", "")), heading_row=heading_row, columns=columns
    )


@dataclass(kw_only=True)
class _Candidate:
    heading_row: int
    cells: list[str]
    layouts: dict[SheetKind, Layout] = field(default_factory=dict)

    @property
    def score(self) -> int:
        return max(_score(layout) for layout in self.layouts.values())


def recognise(rows: Sequence[Sequence[Cell]], sheet: str = "") -> Layout:
    """What the first rows of a sheet say of its columns; `missing` and `doubtful` tell whether that is enough.

    Titles above the headings, blank rows and headings on two lines (a group over its parts) are seen for what they are.
    """
    candidates = []
    texts = [_texts(row) for row in rows[:LOOKED_AT]]
    for index, cells in enumerate(texts):
        for heading_row, read in _readings(texts, index, cells):
            candidate = _Candidate(heading_row=heading_row, cells=read)
            sample = rows[heading_row + 1 : heading_row + 1 + LOOKED_AT]
            for kind in SheetKind:
                columns, doubtful = _assign(read, sample, kind)
                candidate.layouts[kind] = Layout(
                    kind=kind,
                    sheet=sheet,
                    heading_row=heading_row,
                    columns=columns,
                    headings=tuple(read),
                    doubtful=doubtful,
                )
            candidates.append(candidate)
    best = max(candidates, key=lambda candidate: candidate.score, default=None)
    if best is None or best.score < 2:
        first = next((cells for cells in texts if any(cells)), [])
        row = texts.index(first) if first else 0
        return Layout(kind=SheetKind.INVOICES, sheet=sheet, heading_row=row, columns={}, headings=tuple(first))
    return best.layouts[_kind(best.layouts)]


def question(layout: Layout, rows: Sequence[Sequence[Cell]], sheets: Iterable[str]) -> NeedsMapping:
    """What to ask where `layout` is not complete."""
    behind = [row for row in rows[layout.heading_row + 1 :] if any(_shown(cell) for cell in row)][:SAMPLE]
    sample = tuple(tuple(_shown(cell) for cell in row) for row in behind)
    return NeedsMapping(proposal=layout, sheets=tuple(sheets), sample=sample)


def _kind(layouts: Mapping[SheetKind, Layout]) -> SheetKind:
    """Invoices where a column can only be theirs; a balance alone does not turn a list of terceros into one."""
    found = set(layouts[SheetKind.INVOICES].columns.values())
    marks = found & {
        Field.NUMBER,
        Field.PREFIX,
        Field.ISSUE_DATE,
        Field.DUE_DATE,
        Field.TOTAL,
        Field.SUBTOTAL,
        Field.CUFE,
    }
    is_whole_list = layouts[SheetKind.PARTIES].is_complete and Field.NUMBER not in found
    if not marks or (is_whole_list and len(marks) == 1):
        return SheetKind.PARTIES
    return SheetKind.INVOICES


def _readings(texts: list[list[str]], index: int, cells: list[str]) -> list[tuple[int, list[str]]]:
    """A row alone, and with the row below it: a cell that is merged over both stands in the upper one."""
    if not any(cells):
        return []
    readings = [(index, cells)]
    below = texts[index + 1] if index + 1 < len(texts) else []
    if sum(1 for cell in below if headings.meanings(cell)) >= 2:
        width = max(len(cells), len(below))
        upper, lower = cells + [""] * (width - len(cells)), below + [""] * (width - len(below))
        readings.append((index + 1, [low or high for high, low in zip(upper, lower, strict=True)]))
    return readings


def _score(layout: Layout) -> int:
    return len(set(layout.columns.values())) + len(layout.doubtful)


def _assign(
    cells: list[str], sample: Sequence[Sequence[Cell]], kind: SheetKind
) -> tuple[dict[int, Field], tuple[Field, ...]]:
    """The surest column gets the field; one that comes too late falls back on what else it may be."""
    wanted: list[tuple[int, int, Field]] = []
    has_rates = False
    numbers = sum(1 for cell in cells if any(known is Field.NUMBER for _rank, known in headings.meanings(cell)))
    for column, cell in enumerate(cells):
        options = [(rank, known) for rank, known in headings.meanings(cell) if known in FIELDS[kind]] if cell else []
        values = [row[column] for row in sample if column < len(row) and row[column] not in ("", None)]
        if options and options[0][1] is Field.VAT and _are_rates(values):
            has_rates = True
            continue
        if numbers > 1 and _are_types(values) and any(known is Field.PREFIX for _rank, known in options):
            options = [(rank, known) for rank, known in options if known is Field.PREFIX]
        if len(options) > 1:
            options = [option for option in options if _fits(option[1], values)] or options
        wanted += [(rank, column, known) for rank, known in options]
    columns: dict[int, Field] = {}
    ranks: dict[Field, int] = {}
    doubtful: list[Field] = []
    for rank, column, known in sorted(wanted):
        if column in columns:
            continue
        if known not in ranks or known in SEVERAL:
            columns[column] = known
            ranks.setdefault(known, rank)
        elif ranks[known] == rank and known in _DECISIVE and known not in doubtful:
            doubtful.append(known)
    if has_rates and Field.TOTAL not in ranks:
        doubtful.append(Field.TOTAL)  # it cannot be reckoned without the amounts of the tax
    return columns, tuple(doubtful)


_DECISIVE = frozenset({Field.NUMBER, Field.TAX_ID, Field.TOTAL, Field.ISSUE_DATE})


def _fits(known: Field, values: list[Cell]) -> bool:
    """Whether the values agree: *Tercero* may be a name or an id, *Tipo documento* a kind or a type of id."""
    if not values or known not in (Field.NAME, Field.TAX_ID, Field.ID_TYPE, Field.KIND):
        return True
    if known in (Field.ID_TYPE, Field.KIND):
        return all(headings.id_type(_shown(value)) for value in values) is (known is Field.ID_TYPE)
    ids = sum(1 for value in values if _IDS.fullmatch(_shown(value)))
    return (ids * 2 > len(values)) is (known is Field.TAX_ID)


def _are_rates(values: list[Cell]) -> bool:
    """Whether a column of IVA holds its percentage (`19`, `0.19`, `19%`), not its amount."""
    shown = {_shown(value).replace(" ", "").replace(",", ".").removesuffix("%") for value in values}
    return bool(shown - {"0"}) and shown <= _RATES


def _are_types(values: list[Cell]) -> bool:
    """Whether a column of *Comprobante* holds types of document (`FV`, `FV-1`), as Siigo writes beside the number."""
    return bool(values) and all(_TYPE.fullmatch(_shown(value)) for value in values)


def _texts(row: Sequence[Cell]) -> list[str]:
    return [" ".join(cell.split())[:200] if isinstance(cell, str) else "" for cell in row]


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())[:_MOST_SHOWN]
