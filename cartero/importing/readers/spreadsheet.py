"""Workbooks of Excel (.xlsx, .xls) and LibreOffice (.ods) -> sheets of cells, by python-calamine.

It holds a whole sheet in memory, and a hostile one may still kill the process: call it in a child with limits.
"""

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from cartero.importing.columns import Cell
from cartero.importing.readers import workbook_limits as limits
from cartero.importing.readers.sheets import BrokenRow, Row, Sheet

_ZIP = b"PK\x03\x04"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(head: bytes) -> bool:
    """Whether a file that begins so is for this reader."""
    return head.startswith((_ZIP, _COMPOUND_FILE))


def read(file: BinaryIO) -> list[Sheet]:
    """The visible sheets that hold anything, in their order. Raises UnreadableError for what cannot be opened."""
    limits.check_size(file)
    head = file.read(8)
    file.seek(0)
    if head.startswith(_ZIP):
        limits.check_zipped(file)
    elif _ENCRYPTED in file.read():
        raise limits.protected()
    file.seek(0)
    try:
        workbook = load_workbook(file)
        return list(_sheets(workbook))
    except PasswordError as error:
        raise limits.protected() from error
    except (CalamineError, OSError, ValueError) as error:
        raise limits.damaged() from error


def _sheets(workbook: CalamineWorkbook) -> Iterator[Sheet]:
    for index, about in enumerate(workbook.sheets_metadata):
        if about.typ is not SheetTypeEnum.WorkSheet or about.visible is not SheetVisibleEnum.Visible:
            continue
        sheet = workbook.get_sheet_by_index(index)
        if sheet.start is None or sheet.end is None:
            continue
        if sheet.end[1] >= limits.MOST_COLUMNS:
            raise limits.too_many_columns(sheet.end[1] + 1)
        if sheet.height > limits.MOST_ROWS and sum(1 for row in sheet.iter_rows() if any(row)) > limits.MOST_ROWS:
            raise limits.too_many_rows()
        yield Sheet(name=about.name, rows=partial(_rows, sheet, sheet.start[1], _merged_down(sheet)))


Merged = dict[int, list[tuple[int, int]]]
"""First row -> (last row, column) of what is merged downwards."""


def _merged_down(sheet: CalamineSheet) -> Merged:
    merged: Merged = {}
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        if bottom > top:
            merged.setdefault(top, []).append((bottom, left))
    return merged


def _rows(sheet: CalamineSheet, left: int, merged: Merged) -> Iterator[Row | BrokenRow]:
    """With the columns before the first one filled up, and a cell that is merged downwards in each of its rows."""
    if not left and not merged:
        yield from sheet.iter_rows()
        return
    margin: list[Cell] = [""] * left
    held: dict[int, tuple[int, Cell]] = {}  # column -> last row and value of the merged cell that holds it
    for index, cells in enumerate(sheet.iter_rows()):
        row: list[Cell] = [*margin, *cells]
        for column, (last, value) in list(held.items()):
            if index > last:
                del held[column]
            elif column < len(row):
                row[column] = value
        for last, column in merged.get(index, ()):
            if column < len(row):
                held[column] = (last, row[column])
        yield row
