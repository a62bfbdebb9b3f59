"""Tables as files: XLSX, row by row, in constant memory."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cartero.companies import audit
from cartero.pages.http import CompanyRequest

Cell = str | int | Decimal | date | datetime | None

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_A_SHEET = 1_000_000  # Excel takes 1.048.576
WIDEST = 60
_SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def export(
    request: CompanyRequest, name: str, headings: Sequence[str], lines: Iterable[Sequence[Cell]]
) -> FileResponse:
    """A workbook of what the company holds; that she took it is in the audit trail."""
    audit.record(request.company, "export", request.user, file=name)
    return xlsx(name, headings, lines)


def xlsx(name: str, headings: Sequence[str], lines: Iterable[Sequence[Cell]]) -> FileResponse:
    """A workbook to save as `name`. Text stays text, also where it begins with `=`, `+`, `-` or `@`."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    with xlsxwriter.Workbook(file, _SAFE) as book:
        _fill(book, headings, lines)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA_TYPE)


def _fill(book: xlsxwriter.Workbook, headings: Sequence[str], lines: Iterable[Sequence[Cell]]) -> None:
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = _sheet(book, headings, bold)
    at = 0
    for line in lines:
        at += 1
        if at > ROWS_A_SHEET:
            sheet, at = _sheet(book, headings, bold), 1
        for column, cell in enumerate(line):
            _write(sheet, (at, column), cell, moment if isinstance(cell, datetime) else day)


def _sheet(book: xlsxwriter.Workbook, headings: Sequence[str], bold: Format) -> Worksheet:
    sheet: Worksheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, min(WIDEST, max(14, len(heading) + 2)))
        sheet.write_string(0, column, heading, bold)
    return sheet


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, dated: Format) -> None:
    if isinstance(cell, datetime):  # Excel knows no zones: the hour is the company's
        sheet.write_datetime(*place, timezone.make_naive(cell), dated)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, dated)
    elif isinstance(cell, int | Decimal):
        sheet.write_number(*place, cell)
    elif cell:
        sheet.write_string(*place, cell[:32_767])
