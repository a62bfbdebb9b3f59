"""The first columns of any table, each row as a line with tabs between: what a person would have pasted of it."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from cartero.importing.parcels import Begun, Resume
from cartero.importing.readers import cells, sheets, tables
from cartero.importing.readers.sheets import BrokenRow, Sheet
from cartero.importing.refusals import Refusal, UnreadableError


def read(path: str, file: str, columns: int, most: int, resume: Resume) -> Iterator[Begun | str | Refusal]:
    """For `child.run`: up to `most` lines of the first sheet, empty ones for empty rows between; or a Refusal.

    `file` is the name it came with.
    """
    if resume.start:
        return
    yield Begun(position=0, file=file)
    with Path(path).open("rb") as stream:
        try:
            found = tables.sheets(stream)
            if not found:
                raise UnreadableError(
                    _("archivo"), _("no tiene datos"), _("Escriba las correcciones en su primera hoja.")
                )
            yield from _lines(found[0], columns, most)
        except UnreadableError as error:
            yield error.as_refusal(file)


def _lines(sheet: Sheet, columns: int, most: int) -> Iterator[str]:
    """Raises UnreadableError."""
    written = empty = 0
    for number, row in enumerate(sheet.rows(), 1):
        where = sheets.place(sheet.name, number)
        if isinstance(row, BrokenRow):
            raise UnreadableError(where, row.what, row.mend)
        try:
            typed = [" ".join(cells.text(cell).split()) for cell in row[:columns]]
        except UnreadableError as error:
            error.where = where
            raise
        if not any(typed):
            empty += 1
            continue
        written += 1
        if written > most:
            facts = {"most": most}
            raise UnreadableError(_("archivo"), _("tiene más de %(most)d filas") % facts, _("Divídalo en varios."))
        yield from [""] * empty
        empty = 0
        yield "\t".join(typed)
