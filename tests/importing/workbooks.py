"""Workbooks for tests: as Excel writes them, and by hand where no program would write them so."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import xlsxwriter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(*sheets: tuple[str, Iterable[Sequence[object]]], draw: Callable[..., None] | None = None) -> io.BytesIO:
    """Each sheet by name and rows; dates are real date cells. `draw(workbook, sheet)` may add what rows cannot say."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets:
        sheet = workbook.add_worksheet(name)
        for index, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(index, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001  # a cell has no zone
                elif isinstance(cell, str) and cell:
                    sheet.write_string(index, column, cell)
                elif cell not in ("", None):
                    sheet.write(index, column, cell)
        if draw:
            draw(workbook, sheet)
    workbook.close()
    stream.seek(0)
    return stream


def raw_xlsx(rows: str, before: str = "") -> io.BytesIO:
    """A workbook of one sheet whose `<sheetData>` is given."""
    sheet = f'<?xml version="1.0"?>{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return packed(
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
            '<sheets><sheet name="Hoja1" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def ods(rows: str) -> io.BytesIO:
    """A LibreOffice workbook of one table, *Hoja1*, whose `<table:table-row>`s are given."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
            f'<office:spreadsheet><table:table table:name="Hoja1">{rows}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        }
    )


def packed(parts: dict[str, str]) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    stream.seek(0)
    return stream
