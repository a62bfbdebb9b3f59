"""CSV as programs and people save it -> one sheet of texts, a row at a time, whatever its size.

The encoding is never guessed by statistics: a BOM, else UTF-8 if it is sound, else Windows-1252.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from cartero.importing import columns
from cartero.importing.readers.sheets import LONGEST_CELL, BrokenRow, Row, Sheet
from cartero.importing.refusals import UnreadableError

LARGEST_FILE = 100 * 1024**2
MOST_ROWS = 1_000_000
DELIMITERS = (";", "\t", ",", "|")
_CHUNK = 1024**2
_SNIFFED = 200  # rows that are looked at to find the delimiter
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")  # \x1a: end of file, in what DOS programs write

# The library's own limit, of the whole process; no other part reads CSV.
csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    encoding: str
    delimiter: str
    has_sep_line: bool
    """The first row is `sep=;`: told to Excel, not a row."""


def read(file: BinaryIO) -> list[Sheet]:
    """One sheet. `file` has to stay open while its rows are read. Raises UnreadableError for what is no table."""
    size = file.seek(0, 2)
    if size > LARGEST_FILE:
        raise _refused(
            _("pesa %(size)d MB; el máximo es 100 MB") % {"size": -(-size // 1024**2)},
            _("Divídalo en varios archivos, por ejemplo uno por mes."),
        )
    encoding, line_breaks = _encoding(file)
    first_line, delimiter = _delimiter(file, encoding)
    dialect = Dialect(encoding=encoding, delimiter=delimiter, has_sep_line=first_line)
    if line_breaks > MOST_ROWS and sum(1 for row in _rows(file, dialect) if row) > MOST_ROWS:
        raise _refused(
            _("tiene más de %(limit)d filas") % {"limit": MOST_ROWS},
            _("Divídalo en varios archivos, por ejemplo uno por mes."),
        )
    return [Sheet(name="", rows=partial(_rows, file, dialect))]


def _refused(what: str, mend: str) -> UnreadableError:
    return UnreadableError(_("archivo CSV"), what, mend)


def _encoding(file: BinaryIO) -> tuple[str, int]:
    """The encoding, and how many lines there are at least as many as rows. Reads the file once."""
    file.seek(0)
    head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", _check_text(file, "utf-16")
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", _check_text(file, "utf-8-sig")
    try:
        return "utf-8", _check_text(file, "utf-8")
    except UnicodeDecodeError:
        return "cp1252", _check_text(file, "cp1252")


def _check_text(file: BinaryIO, encoding: str) -> int:
    """Counts the line breaks. Raises UnreadableError where it is no text, UnicodeDecodeError where it is no UTF-8."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line_breaks = 0
    while chunk := file.read(_CHUNK):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            if encoding == "utf-8":
                raise
            raise _undecodable(line_breaks + chunk[: error.start].count(b"\n") + 1) from error
        line_breaks += text.count("\n") + (0 if "\n" in text else text.count("\r"))
        if _NO_TEXT.search(text):
            raise _refused(
                _("no es un archivo de texto"), _("Suba un archivo .csv, .xlsx, .xls u .ods con las facturas.")
            )
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            raise
        raise _undecodable(line_breaks + 1) from error
    return line_breaks


def _undecodable(line: int) -> UnreadableError:
    return _refused(
        _("tiene letras que no se pueden leer en la línea %(line)d") % {"line": line},
        _("Ábralo en Excel y guárdelo como «CSV UTF-8 (delimitado por comas)», o como .xlsx."),
    )


def _open(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """A text of its own over the file, from its start; closing it leaves the file open."""
    file.seek(0)
    return io.TextIOWrapper(io.BufferedReader(_Raw(file), _CHUNK), encoding, newline="")


class _Raw(io.RawIOBase):
    """Keeps its own position, so that two readers of one file do not disturb each other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what io.RawIOBase hands over
        self._file.seek(self._at)
        chunk = self._file.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._at += len(chunk)
        return len(chunk)


def _delimiter(file: BinaryIO, encoding: str) -> tuple[bool, str]:
    """(whether the first line says so, the delimiter)."""
    with _open(file, encoding) as text:
        first = text.readline(LONGEST_CELL)
        told = first.strip("\r\n").strip('"')
        if told[:4].lower() == "sep=" and len(told) == 5:
            return True, told[4]
        sample = first + text.read(_CHUNK)
    return False, max(DELIMITERS, key=lambda delimiter: _score(sample, delimiter))


def _score(sample: str, delimiter: str) -> tuple[int, int]:
    """How many headings it makes readable; then how many rows it parts alike, and into how many columns."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    with suppress(csv.Error):  # the last row of the sample may be cut inside its quotes
        rows += islice(reader, _SNIFFED)
    widths = Counter(len(row) for row in rows)
    return len(columns.recognise(rows).columns), max(
        ((count * (width - 1)) for width, count in widths.items()), default=0
    )


def _rows(file: BinaryIO, dialect: Dialect) -> Iterator[Row | BrokenRow]:
    with _open(file, dialect.encoding) as text:
        reader = csv.reader(text, delimiter=dialect.delimiter, strict=True)
        if dialect.has_sep_line:
            next(reader, None)
            yield []
        while True:
            try:
                yield from reader
                return
            except csv.Error as error:
                yield _broken(str(error), reader.line_num)


def _broken(error: str, line: int) -> BrokenRow:
    """What the csv library could not do, told by its own words for it."""
    if error.startswith("unexpected end"):
        return BrokenRow(
            what=_("abre unas comillas que no se cierran: de ahí al final del archivo no se leyó nada"),
            mend=_('Quite esas comillas o escríbalas dos veces ("").'),
        )
    if error.startswith("field larger"):
        return BrokenRow(
            what=_("tiene un texto de más de %(limit)d letras, que termina en la línea %(line)d")
            % {"limit": LONGEST_CELL, "line": line},
            mend=_("Acorte ese texto; si no es tan largo, revise que las comillas se cierren."),
        )
    return BrokenRow(
        what=_("tiene comillas en medio de un texto entre comillas, en la línea %(line)d") % {"line": line},
        mend=_('Quite esas comillas o escríbalas dos veces ("").'),
    )
