"""How a file writes its decimals: decided once for all of it, by its own values or by a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cartero.importing.columns import Layout
from cartero.importing.headings import Field
from cartero.importing.readers import figures
from cartero.importing.readers.sheets import BrokenRow, Sheet, place
from cartero.importing.refusals import Refusal

MARKS = (",", ".")
AMOUNTS = (
    *(Field.SUBTOTAL, Field.DISCOUNT, Field.VAT, Field.TOTAL, Field.BALANCE),
    *(Field.QUANTITY, Field.UNIT_PRICE, Field.LINE_TOTAL),
)


@dataclass(frozen=True, kw_only=True)
class NeedsDecimal:
    """The question for the mapping page or the command line; the answer is `,` or `.` as the option `decimal`.

    `value` at `where` may be thousands or decimals, and the other values of the file do not tell, or contradict.
    """

    where: str
    value: str

    def as_json(self) -> dict[str, Any]:
        return {"asks": "decimal", "where": self.where, "value": self.value}

    def as_refusal(self, file: str) -> Refusal:
        """The same where nobody can be asked."""
        return Refusal(
            file=file,
            where=self.where,
            what=_("«%(value)s» tiene una sola marca y tres cifras detrás: puede separar miles o decimales")
            % {"value": self.value},
            mend=_("Diga cómo escribe los decimales este archivo: con coma (1.234,56) o con punto (1,234.56)."),
        )


def decide(chosen: Iterable[tuple[Sheet, Layout]], told: str) -> str | NeedsDecimal:
    """`told` if a person told; else the mark that all telling values agree on, or the question if one value needs it.

    Reads every row: a value that contradicts may be the last one.
    """
    if told in MARKS:
        return told
    seen: set[str] = set()
    doubtful: NeedsDecimal | None = None
    for sheet, layout in chosen:
        columns = layout.of(*AMOUNTS)
        for index, row in enumerate(sheet.rows()):
            if index <= layout.heading_row or isinstance(row, BrokenRow):
                continue
            for column in columns:
                cell = row[column] if column < len(row) else ""
                # Two decimals behind a mark that is known already tell nothing new.
                if not isinstance(cell, str) or cell[-3:-2] in seen or cell.isdigit():
                    continue
                mark = figures.decimal_mark(cell)
                if mark in MARKS:
                    seen.add(mark)
                elif mark and doubtful is None:
                    where = place(sheet.name, index + 1, layout.heading(column))
                    doubtful = NeedsDecimal(where=where, value=cell.strip())
    if len(seen) == 1:
        return seen.pop()
    return doubtful or ","
