"""A sheet of invoices -> documents: a row each, or one after another the rows of their lines."""

import re
from collections.abc import Iterator
from typing import TypeAlias

from django.utils.translation import gettext as _

from cartero.importing.columns import Cell
from cartero.importing.headings import Field
from cartero.importing.parcels import ReadInvoice
from cartero.importing.readers import leftovers, line_groups
from cartero.importing.readers.decimals import AMOUNTS
from cartero.importing.readers.invoice_rows import Line, LineReader, Reading
from cartero.importing.readers.sheets import BrokenRow, Sheet
from cartero.importing.refusals import Refusal, Remark, UnreadableError
from cartero.invoices.data import PartyData
from cartero.invoices.states import InvoiceKind

Item: TypeAlias = ReadInvoice | Refusal | Remark
_EMPTY = frozenset({"", None})
_OF_A_LINE = (Field.DESCRIPTION, Field.CODE)
_OF_THE_WHOLE = (Field.NUMBER, Field.TAX_ID, Field.NAME, Field.ISSUE_DATE)
_OF_EACH_ROW = frozenset({*AMOUNTS, *_OF_A_LINE, Field.UNIT, Field.NOTE})
_SEQUENCE = re.compile(r"\d{1,18}$")
_BITS = 8  # numbers of a page, as a power of two


def read(sheet: Sheet, reading: Reading, supplier: PartyData) -> Iterator[Item]:
    """Holds the rows of one invoice at a time, and the numbers that are done."""
    return _Invoices(reading, supplier).read(sheet)


class _Invoices:
    def __init__(self, reading: Reading, supplier: PartyData) -> None:
        self.reading = reading
        self.supplier = supplier
        self.reader = LineReader(reading)
        self.done = _Done()
        self.lines: list[Line] = []
        """Rows of the invoice that is being read."""
        self.head: list[Cell] = []
        """The last row that was read."""
        self.number = ""
        self.unread: list[int] = []
        """Those of its rows that could not be read: it must not come in without them."""

    def read(self, sheet: Sheet) -> Iterator[Item]:
        reader, first_row = self.reader, self.reading.layout.heading_row + 1
        width = max(self.reading.layout.columns, default=0) + 1
        for index, typed in enumerate(sheet.rows(), 1):
            if index <= first_row:
                continue
            if isinstance(typed, BrokenRow):
                where = self.reading.place(index)
                yield Refusal(file=self.reading.file, where=where, what=typed.what, mend=typed.mend)
                continue
            row = [*typed, ""] if len(typed) >= width else [*typed, *[""] * (width - len(typed) + 1)]
            if self.head and row[reader.number] in _EMPTY:
                self._continue(row)
            try:
                line = reader.read(index, row)
            except UnreadableError as error:
                yield from self._refuse(error, index, row)
                continue
            if line.number.number != self.number or (self.lines and line.kind is not self.lines[0].kind):
                yield from self._finish()
                self.number = line.number.number
            self.head = row
            self.lines.append(line)
        yield from self._finish()

    def _continue(self, row: list[Cell]) -> None:
        """Reports print what is of the whole invoice only in its first row: where the next says neither number nor
        NIT, but what was sold, the rest is as above."""
        layout = self.reading.layout
        if any(row[column] not in _EMPTY for column in layout.of(*_OF_THE_WHOLE)):
            return
        tells_a_line = any(row[column] not in _EMPTY for column in layout.of(*_OF_A_LINE))
        if tells_a_line and leftovers.reason(row[:-1], layout) is None:
            for column, known in layout.columns.items():
                if known not in _OF_EACH_ROW:
                    row[column] = self.head[column]

    def _refuse(self, error: UnreadableError, index: int, row: list[Cell]) -> Iterator[Item]:
        reason = leftovers.reason(row[:-1], self.reading.layout)
        if reason is not None:
            if reason:
                yield leftovers.remark(reason, index, self.reading)
            return
        number = self.reader.number_of(row)
        if number and number.number != self.number:
            yield from self._finish()
            self.number = number.number
        if number:
            self.unread.append(index)
            error.number = number.number
        yield error.as_refusal(self.reading.file)

    def _finish(self) -> Iterator[Item]:
        """The invoice whose rows have all been read."""
        lines, unread = self.lines, self.unread
        self.lines, self.unread = [], []
        if not lines:
            return
        first = lines[0]
        try:
            self._check_whole(first, unread)
            data, remarks = line_groups.invoice(lines, self.supplier, self.reading)
        except UnreadableError as error:
            error.number = first.number.number
            yield error.as_refusal(self.reading.file)
            return
        where = self.reading.place(first.row)
        yield ReadInvoice(source=self.reading.file, where=where, data=data, files=(), remarks=remarks)

    def _check_whole(self, first: Line, unread: list[int]) -> None:
        number = first.number.number
        if first.party.tax_id == self.supplier.tax_id:  # as the portal of DIAN lists what was received
            raise UnreadableError(
                self.reading.place(first.row, Field.TAX_ID),
                _("el cliente es su propia empresa: parece una compra"),
                _("Quite esa fila: Cartero envía los documentos que su empresa vende."),
            )
        if not self.done.add(first.kind, number):
            raise UnreadableError(
                self.reading.place(first.row),
                _("la factura %(number)s ya está más arriba en la hoja, lejos de esta fila") % {"number": number},
                _("Ponga juntas las filas de cada factura, o borre la repetida."),
            )
        if unread:
            raise UnreadableError(
                self.reading.place(first.row),
                _("la factura %(number)s no se importó: no se pudo leer su fila %(row)d")
                % {"number": number, "row": unread[0]},
                _("Corrija esa fila y vuelva a importar el archivo."),
            )


class _Done:
    """Which numbers are done, in little memory: consecutive ones, as they nearly always are, share a page of bits."""

    def __init__(self) -> None:
        self._pages: dict[str, dict[int, int]] = {}

    def add(self, kind: InvoiceKind, number: str) -> bool:
        """False where it was done before."""
        digits = _SEQUENCE.search(number)
        behind = digits[0] if digits else ""
        before = number[: len(number) - len(behind)]
        width = len(behind) if behind.startswith("0") else 0
        pages = self._pages.setdefault(f"{kind} {width} {before}", {})
        page, bit = int(behind or 0) >> _BITS, 1 << (int(behind or 0) & (2**_BITS - 1))
        held = pages.get(page, 0)
        pages[page] = held | bit
        return not held & bit
