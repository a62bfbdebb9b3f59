"""A row of a sheet of invoices -> what it says of its invoice, checked cell by cell."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cartero.importing.columns import Cell, Layout
from cartero.importing.headings import Field
from cartero.importing.readers import cells, days, figures
from cartero.importing.readers.cells import Number
from cartero.importing.readers.days import Span
from cartero.importing.readers.decimals import AMOUNTS
from cartero.importing.readers.people_cells import PersonReader
from cartero.importing.readers.sheets import LONGEST_CELL, letters, place, unreadable
from cartero.importing.refusals import Level, Remark, UnreadableError
from cartero.invoices import kinds
from cartero.invoices.data import PartyData
from cartero.invoices.states import InvoiceKind
from cartero.platform.formats import date_long, month

LONGEST_CUFE = 96


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What stays the same from row to row."""

    file: str
    sheet: str
    layout: Layout
    decimal: str
    today: date

    def place(self, row: int, field: Field | None = None) -> str:
        """For the screen: `hoja Facturas, fila 12, columna Correo`."""
        column = self.layout.first(field) if field else -1
        named = self.layout.heading(column) or letters(column) if column >= 0 else ""
        return place(self.sheet, row, named)


@dataclass(slots=True)
class Line:
    """A row, read. `amounts` holds the columns that the sheet has, None where the cell is empty."""

    row: int
    kind: InvoiceKind
    number: Number
    party: PartyData
    issued: date
    due: date | None
    period: Span | None
    currency: str
    amounts: dict[Field, Decimal | None]
    words: dict[Field, str]
    remarks: list[Remark]


class LineReader:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        layout = reading.layout
        self.people = PersonReader(layout)
        at = layout.first
        self.number, self.prefix, self.kind = at(Field.NUMBER), at(Field.PREFIX), at(Field.KIND)
        self.issued, self.due, self.period = at(Field.ISSUE_DATE), at(Field.DUE_DATE), at(Field.PERIOD)
        self.currency = at(Field.CURRENCY)
        self.amounts = tuple((field, at(field)) for field in AMOUNTS if at(field) >= 0)
        words = (Field.DESCRIPTION, Field.CODE, Field.UNIT, Field.NOTE, Field.CUFE)
        self.words = tuple((field, at(field)) for field in words if at(field) >= 0)
        self._field = Field.NUMBER

    def number_of(self, row: list[Cell]) -> Number | None:
        """Which invoice a row belongs to that could not be read."""
        try:
            return cells.number(row[self.number], row[self.prefix])
        except UnreadableError:
            return None

    def read(self, index: int, row: list[Cell]) -> Line:
        """`row` ends with an empty cell, which stands for the columns that the sheet lacks. Raises UnreadableError."""
        remarks: list[Remark] = []
        try:
            return self._read(index, row, remarks)
        except UnreadableError as error:
            error.where = self.reading.place(index, self._field)
            raise

    def _read(self, index: int, row: list[Cell], remarks: list[Remark]) -> Line:
        self._field = Field.NUMBER
        number = cells.number(row[self.number], row[self.prefix])
        kind = self._kind(index, row, number, remarks)
        party = self._party(index, row, remarks)
        issued, due, period = self._dates(index, row, remarks)
        self._field = Field.CURRENCY
        currency = cells.currency(cells.text(row[self.currency]))
        amounts: dict[Field, Decimal | None] = {}
        for field, column in self.amounts:
            self._field = field
            amounts[field] = figures.amount(row[column], self.reading.decimal, currency)
        words: dict[Field, str] = {}
        for field, column in self.words:
            self._field = field
            words[field] = cells.text(row[column], LONGEST_CUFE if field is Field.CUFE else LONGEST_CELL)
        return Line(index, kind, number, party, issued, due, period, currency, amounts, words, remarks)

    def _kind(self, index: int, row: list[Cell], number: Number, remarks: list[Remark]) -> InvoiceKind:
        self._field = Field.KIND
        typed = row[self.kind]
        if typed:
            return cells.kind(cells.text(typed))
        kind = kinds.BY_PREFIX.get(number.prefix.rstrip("0123456789E"))
        if kind is None:
            return kinds.USUAL
        text = _("%(number)s se leyó como %(kind)s por su prefijo; si no lo es, agregue una columna «Tipo».")
        self._remark(remarks, index, Field.NUMBER, text % {"number": number.number, "kind": kind.label})
        return kind

    def _party(self, index: int, row: list[Cell], remarks: list[Remark]) -> PartyData:
        try:
            person = self.people.read(row)
        except UnreadableError:
            self._field = self.people.field
            raise
        for doubt in person.doubts:
            self._remark(remarks, index, doubt.field, doubt.text, doubt.level)
        return person.party

    def _dates(self, index: int, row: list[Cell], remarks: list[Remark]) -> tuple[date, date | None, Span | None]:
        self._field = Field.ISSUE_DATE
        issued = days.day(row[self.issued], self.reading.today)
        if issued is None:
            raise unreadable(_("falta la fecha de la factura"), _("Escríbala como 24/11/2026."))
        if issued.is_short:
            self._told(remarks, index, Field.ISSUE_DATE, row[self.issued], date_long(issued.value))
        self._field = Field.DUE_DATE
        due = days.due(row[self.due], issued.value, self.reading.today)
        if due and due.is_short:
            self._told(remarks, index, Field.DUE_DATE, row[self.due], date_long(due.value))
        if due and due.value < issued.value:
            text = _("Vence antes de la fecha de la factura.")
            self._remark(remarks, index, Field.DUE_DATE, text, Level.WARNING)
        self._field = Field.PERIOD
        period = days.period(row[self.period], issued.value, self.reading.today)
        if period and period.is_short:
            self._told(remarks, index, Field.PERIOD, row[self.period], month(period.start))
        return issued.value, due.value if due else None, period

    def _told(self, remarks: list[Remark], index: int, field: Field, typed: Cell, read: str) -> None:
        text = _("«%(typed)s» se leyó como %(read)s.") % {"typed": cells.text(typed), "read": read}
        self._remark(remarks, index, field, text)

    def _remark(self, remarks: list[Remark], index: int, field: Field, text: str, level: Level = Level.NOTE) -> None:
        remarks.append(Remark(where=self.reading.place(index, field), text=text, level=level))
