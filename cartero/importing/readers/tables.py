"""Any file of a table -> its sheets, by what is in it and not by its name."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from cartero.importing.readers import csvfile, spreadsheet
from cartero.importing.readers.sheets import Sheet
from cartero.importing.refusals import UnreadableError

_HEAD = 1024
_UBL = b"urn:oasis:names:specification:ubl:"
_PAGES = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"mime-version:")


def sheets(file: BinaryIO) -> list[Sheet]:
    """`file` has to stay open while their rows are read. Raises UnreadableError."""
    file.seek(0)
    head = file.read(_HEAD)
    if not head.strip():
        raise _refused(_("está vacío"), _("Suba el archivo con las facturas o los terceros."))
    if spreadsheet.is_workbook(head):
        return spreadsheet.read(file)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"%pdf-"):
        raise _refused(_("es un PDF"), _("Exporte las facturas a Excel o CSV desde su programa contable."))
    if _UBL in head:
        raise _refused(
            _("es un documento electrónico (XML) con nombre de hoja de cálculo"),
            _("Cambie la terminación de su nombre por .xml y súbalo de nuevo."),
        )
    if start.startswith(_PAGES):
        # Many programs save a web page and call it .xls
        raise _refused(
            _("es una página web o un XML guardado con nombre de Excel"),
            _("Ábralo en Excel, guárdelo como «Libro de Excel (.xlsx)» y súbalo de nuevo."),
        )
    return csvfile.read(file)


def _refused(what: str, mend: str) -> UnreadableError:
    return UnreadableError(_("archivo"), what, mend)
