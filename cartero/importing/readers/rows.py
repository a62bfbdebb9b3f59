"""Spreadsheets and CSV of invoices or of terceros -> documents and people, a row at a time.

A bad row is a value and the others go on. What a person has to be asked comes first and alone: nothing was read then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeAlias

from django.utils.translation import gettext as _

from cartero.importing import columns, headings
from cartero.importing.columns import Layout, NeedsMapping, SheetKind
from cartero.importing.parcels import Begun, ReadInvoice, Resume
from cartero.importing.party_rows import PartyRow
from cartero.importing.readers import decimals, invoice_sheet, party_sheet, tables
from cartero.importing.readers.decimals import NeedsDecimal
from cartero.importing.readers.invoice_rows import Reading
from cartero.importing.readers.sheets import BrokenRow, Row, Sheet
from cartero.importing.refusals import Level, Refusal, Remark, UnreadableError
from cartero.invoices.data import PartyData

Item: TypeAlias = ReadInvoice | PartyRow | Refusal | Remark | NeedsMapping | NeedsDecimal
"""A Remark by itself is about the file: which sheet was read, which rows were no data."""
_SAID_EVERY = 20_000
Chosen: TypeAlias = list[tuple[Sheet, Layout]]


@dataclass(frozen=True, kw_only=True)
class Options:
    """`file`: its name as it came. `layout` and `decimal` (`,` or `.`) are a person's answers to the questions."""

    file: str
    supplier: PartyData
    today: date
    layout: Layout | None = None
    decimal: str = ""


def read_sheet(path: str, options: Options, resume: Resume) -> Iterator[Item | Begun]:
    """`read` for `child.run`: nothing where the file has killed a process before."""
    if resume.start == 0:
        begun = Begun(position=0, file=options.file)
        yield begun
        with Path(path).open("rb") as file:
            for count, item in enumerate(read(file, options), 1):
                yield item
                if count % _SAID_EVERY == 0:
                    yield begun  # which grants it more time


def read(file: BinaryIO, options: Options) -> Iterator[Item]:
    """Streams what the file holds; `file` has to stay open. NeedsMapping or NeedsDecimal comes alone, if at all."""
    try:
        found = tables.sheets(file)
        tops = [_top(sheet) for sheet in found]
    except UnreadableError as error:
        yield error.as_refusal(options.file)
        return
    chosen = _choose(found, tops, options.layout)
    if isinstance(chosen, NeedsMapping):
        yield chosen
        return
    if not chosen:
        yield _without_data(options.file)
        return
    decimal = decimals.decide(chosen, options.decimal)
    if isinstance(decimal, NeedsDecimal):
        yield decimal
        return
    yield from _about(found, chosen)
    has_data = False
    for item in _rows(chosen, decimal, options):
        has_data = has_data or not isinstance(item, Remark)
        yield item
    if not has_data:  # headings and nothing below them
        yield _without_data(options.file)


def _rows(chosen: Chosen, decimal: str, options: Options) -> Iterator[Item]:
    for sheet, layout in chosen:
        reading = Reading(file=options.file, sheet=sheet.name, layout=layout, decimal=decimal, today=options.today)
        if layout.kind is SheetKind.INVOICES:
            yield from invoice_sheet.read(sheet, reading, options.supplier)
        else:
            yield from party_sheet.read(sheet, reading)


def _without_data(file: str) -> Refusal:
    return Refusal(
        file=file,
        where=_("archivo"),
        what=_("no tiene datos"),
        mend=_("Suba el archivo con las facturas o los terceros."),
    )


def _top(sheet: Sheet) -> list[Row]:
    rows = islice(sheet.rows(), 2 * columns.LOOKED_AT)
    return [[] if isinstance(row, BrokenRow) else row for row in rows]


def _choose(found: list[Sheet], tops: list[list[Row]], told: Layout | None) -> Chosen | NeedsMapping:
    """Every sheet whose headings say enough, or the one a person told of; else the question."""
    names = [sheet.name for sheet in found]
    if told:
        index = names.index(told.sheet) if told.sheet in names else 0
        layout = _with_headings(replace(told, sheet=names[index]), tops[index]) if found else told
        if not layout.is_complete and found:
            return columns.question(layout, tops[index], names)
        return [(found[index], layout)] if found else []
    layouts = [columns.recognise(top, name) for top, name in zip(tops, names, strict=True)]
    complete = [(sheet, layout) for sheet, layout in zip(found, layouts, strict=True) if layout.is_complete]
    if complete or not found:
        return complete
    best = max(range(len(layouts)), key=lambda index: len(layouts[index].columns))
    return columns.question(layouts[best], tops[best], names)


def _with_headings(layout: Layout, top: list[Row]) -> Layout:
    cells = top[layout.heading_row] if 0 <= layout.heading_row < len(top) else []
    return replace(layout, headings=tuple(str(cell or "").strip() for cell in cells))


def _about(found: list[Sheet], chosen: Chosen) -> Iterable[Remark]:
    """Which sheets and columns were not read, so that nothing is left out in silence."""
    read_sheets = {sheet.name for sheet, _layout in chosen}
    for sheet in found:
        if sheet.name not in read_sheets:
            text = _("Esta hoja no se leyó: sus títulos no son de facturas ni de terceros.")
            yield Remark(where=_("hoja %(sheet)s") % {"sheet": sheet.name}, text=text, level=Level.NOTE)
    for sheet, layout in chosen:
        unused = [name for column, name in enumerate(layout.headings) if name and column not in layout.columns]
        where = _("hoja %(sheet)s") % {"sheet": sheet.name} if sheet.name else _("archivo")
        facts = {"row": layout.heading_row + 1, "read": headings.shown(dict.fromkeys(layout.columns.values()))}
        text = _("Se leyó con los títulos de la fila %(row)d: %(read)s.") % facts
        yield Remark(where=where, text=text, level=Level.NOTE)
        if unused:
            text = _("No se usaron estas columnas: %(columns)s.") % {"columns": ", ".join(unused)}
            yield Remark(where=where, text=text, level=Level.NOTE)
