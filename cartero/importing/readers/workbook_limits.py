"""What a workbook may hold, seen before the library opens it: it makes room for every cell between the outermost two.

Two legal cells at opposite corners of a 2 KB file would make it ask for hundreds of gigabytes, and abort the process.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from cartero.importing.refusals import UnreadableError

LARGEST_FILE = 20 * 1024**2
MOST_UNPACKED = 400 * 1024**2
MOST_ENTRIES = 10_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 20_000_000
"""Of the rectangle around all cells: 32 bytes each, so 640 MB of the gigabyte that reading may take."""
_CHUNK = 1024**2
_LONGEST_TAG = 256 * 1024

# First a quick look that may see too much; what seems far is looked at again.
_NAMES = re.compile(rb"r=[\"']([A-Z]{1,3})\d")
_FAR = re.compile(rb"r=[\"'][A-Z]{1,3}\d{6,7}[\"']")
# A cell that has a style but no value is closed at once, and takes no room.
_COLUMNS = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br=["\']([A-Z]{1,3})\d+["\'][^>]*(?<!/)>')
_FAR_ROWS = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br=["\'][A-Z]{1,3}(\d{6,7})["\'][^>]*(?<!/)>')
_BARE_CELLS = (b"<c>", b"<c t=", b"<c s=")
_ROWS = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br=["\'](\d{6,7})["\']')
_ODS_TAGS = re.compile(rb"<table:(table-row|table-cell)\b([^>]*)>")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')


def check_size(file: BinaryIO) -> None:
    """Raises UnreadableError past 20 MB."""
    size = file.seek(0, 2)
    file.seek(0)
    if size > LARGEST_FILE:
        raise refused(
            _("pesa %(size)d MB; el máximo es 20 MB") % {"size": -(-size // 1024**2)},
            _("Divídalo en varios archivos o guárdelo como CSV, que puede pesar hasta 100 MB."),
        )


def check_zipped(file: BinaryIO) -> str:
    """Which workbook a ZIP is, `xlsx` or `ods`, after all that it unpacks to was counted. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(file) as opened:
            kind = _kind(opened)
            _check_parts(opened, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise damaged() from error
    file.seek(0)
    return kind


def refused(what: str, mend: str) -> UnreadableError:
    return UnreadableError(_("libro de Excel"), what, mend)


def damaged() -> UnreadableError:
    return refused(_("está dañado o incompleto"), _("Ábralo en Excel, guárdelo otra vez como .xlsx y súbalo de nuevo."))


def too_many_rows() -> UnreadableError:
    return refused(
        _("tiene más de %(limit)d filas con datos") % {"limit": MOST_ROWS},
        _("Divídalo en varios archivos o guárdelo como CSV, que puede tener hasta un millón de filas."),
    )


def too_many_columns(count: int) -> UnreadableError:
    return refused(
        _("tiene %(count)d columnas; el máximo es %(limit)d") % {"count": count, "limit": MOST_COLUMNS},
        _("Borre las columnas que no son de las facturas, también las que están lejos a la derecha."),
    )


def _kind(opened: zipfile.ZipFile) -> str:
    entries = opened.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _unpacks_to_too_much()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise protected()
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    if "xl/workbook.bin" in names:
        raise refused(_("es un libro binario (.xlsb)"), _("Ábralo en Excel y guárdelo como .xlsx."))
    # Excel finds the workbook through its relations, wherever it lies
    if "[Content_Types].xml" in names and any(name.endswith("workbook.xml") for name in names):
        return "xlsx"
    raise refused(
        _("no es un libro de Excel ni de LibreOffice"), _("Suba un archivo .xlsx, .xls, .ods o .csv con las facturas.")
    )


def protected() -> UnreadableError:
    return refused(_("está protegido con contraseña"), _("Ábralo, quítele la contraseña y guárdelo otra vez."))


def _unpacks_to_too_much() -> UnreadableError:
    return refused(
        _("pesa más de 400 MB descomprimido"), _("Revise de dónde viene el archivo, o divídalo en varios más pequeños.")
    )


def _check_parts(opened: zipfile.ZipFile, kind: str) -> None:
    """Declared sizes lie, so everything the library will unpack is counted as it comes out."""
    unpacked = 0
    for entry in opened.infolist():
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        is_sheet = "worksheets/" in entry.filename
        bounds = _OdsBounds() if kind == "ods" and entry.filename == "content.xml" else _Bounds() if is_sheet else None
        for piece in _pieces(opened, entry):
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED:
                raise _unpacks_to_too_much()
            if b"<!DOCTYPE" in piece:
                raise refused(
                    _("trae una declaración DTD, que un libro de Excel nunca lleva"),
                    _("Ábralo en Excel, guárdelo otra vez como .xlsx y súbalo de nuevo."),
                )
            if bounds:
                bounds.take(piece)
        if bounds:
            bounds.check()


def _pieces(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry in pieces that end before a tag begins, so that none is cut in two."""
    rest = b""
    with opened.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            end = piece.rfind(b"<")
            if end <= 0:
                end = len(piece)
            rest = piece[end:]
            if len(rest) > _LONGEST_TAG:
                yield rest
                rest = b""
            yield piece[:end]
    yield rest


class _Bounds:
    """The outermost cells of a sheet of Excel that have a value."""

    def __init__(self) -> None:
        self.columns: set[bytes] = set()
        self.last_row = 0

    def take(self, piece: bytes) -> None:
        columns = set(_NAMES.findall(piece))
        if max(map(_column, columns), default=0) > MOST_COLUMNS:
            columns = set(_COLUMNS.findall(piece))
        self.columns |= columns
        far = _FAR_ROWS.findall(piece) if _FAR.search(piece) else []
        if not far and any(
            bare in piece for bare in _BARE_CELLS
        ):  # cells without a name stand in the row that is named
            far = _ROWS.findall(piece)
        if far:
            self.last_row = max(self.last_row, *map(int, far))

    def check(self) -> None:
        width = max(map(_column, self.columns), default=0)
        if width > MOST_COLUMNS:
            raise too_many_columns(width)
        _check_rectangle(max(width, 1), self.last_row)


class _OdsBounds:
    """The same of LibreOffice's, which says how often a row or cell is repeated instead of naming it."""

    def __init__(self) -> None:
        self.row = self.column = self.width = self.last_row = self.content_rows = 0
        self.repeats = 0  # before the first row there is none to end
        self.has_content = False

    def take(self, piece: bytes) -> None:
        for tag, attributes in _ODS_TAGS.findall(piece):
            repeated = _REPEATED.search(attributes)
            times = int(repeated[1]) if repeated else 1
            if tag == b"table-row":
                self._end_row()
                self.column, self.repeats = 0, times
                continue
            self.column += times
            if not attributes.rstrip().endswith(b"/"):
                self.width, self.has_content = max(self.width, self.column), True

    def _end_row(self) -> None:
        self.row += self.repeats
        if self.has_content:
            self.last_row = max(self.last_row, self.row)
            self.content_rows += self.repeats
        self.has_content = False

    def check(self) -> None:
        self._end_row()
        if self.width > MOST_COLUMNS:
            raise too_many_columns(self.width)
        if self.content_rows > MOST_ROWS:
            raise too_many_rows()
        _check_rectangle(max(self.width, 1), self.last_row)


def _check_rectangle(width: int, height: int) -> None:
    if width * height > MOST_CELLS:
        raise refused(
            _("tiene celdas sueltas muy lejos de las demás: hasta la fila %(row)d") % {"row": height},
            _("Borre las filas y columnas que están lejos de los datos, o copie los datos a un libro nuevo."),
        )


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
