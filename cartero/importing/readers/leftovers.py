"""Rows below the headings that are no data: blank ones, totals, headings again, lines of text at the foot."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from cartero.importing.columns import Cell, Layout
from cartero.importing.readers.invoice_rows import Reading
from cartero.importing.refusals import Level, Remark

BLANK = ""
_TOTALS = re.compile(
    r"(?:gran\s+|sub)?\s*total(?:es)?\b|suma[ns]?\b|saldo\s+total\b|n[uú]mero de (?:registros|facturas)"
)
_HEADINGS_ALIKE = 0.6


def reason(row: Sequence[Cell], layout: Layout) -> str | None:
    """Why an unreadable row is no data, for the screen; BLANK for an empty one, None where it should be data."""
    texts = [cell.strip() if isinstance(cell, str) else "" if cell is None else str(cell) for cell in row]
    stated = [text for text in texts if text]
    if not stated:
        return BLANK
    if any(_TOTALS.match(text.casefold()) for text in stated[:3]):
        return _("Es una fila de totales: «%(text)s».") % {"text": stated[0][:60]}
    repeated = sum(1 for text, heading in zip(texts, layout.headings, strict=False) if text and text == heading)
    if repeated >= len(stated) * _HEADINGS_ALIKE and repeated > 1:
        return _("Repite los títulos.")
    if len(stated) == 1 and not (stated[0].isascii() and stated[0].isalnum()):
        return _("No es una fila de datos: solo dice «%(text)s».") % {"text": stated[0][:60]}
    return None


def remark(reason: str, index: int, reading: Reading) -> Remark:
    """A note that the row was skipped."""
    return Remark(where=reading.place(index), text=reason, level=Level.NOTE)
