"""A sheet of terceros -> a PartyRow for each row."""

from collections.abc import Iterator
from typing import TypeAlias

from cartero.importing.columns import Cell
from cartero.importing.headings import Field
from cartero.importing.party_rows import PartyRow
from cartero.importing.readers import cells, leftovers
from cartero.importing.readers.invoice_rows import Reading
from cartero.importing.readers.people_cells import PersonReader
from cartero.importing.readers.sheets import BrokenRow, Sheet
from cartero.importing.refusals import Refusal, Remark, UnreadableError

Item: TypeAlias = PartyRow | Refusal | Remark
LONGEST_GROUP = 60
_NO_GROUP = frozenset({"", "-", "N/A", "NA", "NINGUNO", "NINGUNA"})


def read(sheet: Sheet, reading: Reading) -> Iterator[Item]:
    """The same tercero may come twice: both rows are given, the later one adds to the first."""
    reader = _PartyReader(reading)
    width = max(reading.layout.columns, default=0) + 1
    for index, typed in enumerate(sheet.rows(), 1):
        if index <= reading.layout.heading_row + 1:
            continue
        if isinstance(typed, BrokenRow):
            yield Refusal(file=reading.file, where=reading.place(index), what=typed.what, mend=typed.mend)
            continue
        row = [*typed, ""] if len(typed) >= width else [*typed, *[""] * (width - len(typed) + 1)]
        try:
            yield reader.read(index, row)
        except UnreadableError as error:
            reason = leftovers.reason(row[:-1], reading.layout)
            if reason is None:
                error.where = reading.place(index, reader.field)
                yield error.as_refusal(reading.file)
            elif reason:
                yield leftovers.remark(reason, index, reading)


class _PartyReader:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.people = PersonReader(reading.layout)
        self.groups = reading.layout.of(Field.GROUP)
        self.zones = reading.layout.of(Field.ZONE)
        self.delivery_form = reading.layout.first(Field.DELIVERY_FORM)
        self.field = Field.TAX_ID

    def read(self, index: int, row: list[Cell]) -> PartyRow:
        """Raises UnreadableError without its place; `field` tells the column."""
        try:
            person = self.people.read(row)
        except UnreadableError:
            self.field = self.people.field
            raise
        party = person.party
        self.field = Field.GROUP
        groups = _groups(row, self.groups)
        self.field = Field.ZONE
        zones = _groups(row, self.zones)
        self.field = Field.DELIVERY_FORM
        delivery_form = cells.delivery_form(cells.text(row[self.delivery_form]))
        return PartyRow(
            source=self.reading.file,
            where=self.reading.place(index),
            tax_id=party.tax_id,
            name=party.name,
            id_type=party.id_type,
            check_digit=party.check_digit,
            trade_name=party.trade_name,
            emails=tuple(zip(party.emails, person.roles, strict=True)),
            phone=party.phone,
            city=party.address.city,
            groups=groups,
            zones=zones,
            delivery_form=delivery_form,
            remarks=tuple(
                Remark(where=self.reading.place(index, doubt.field), text=doubt.text, level=doubt.level)
                for doubt in person.doubts
            ),
        )


def _groups(row: list[Cell], columns: tuple[int, ...]) -> tuple[str, ...]:
    """Several in one cell are parted by `;` or `|`; a comma may be part of a name."""
    names = (
        cells.text(name, LONGEST_GROUP)
        for column in columns
        for name in cells.text(row[column]).replace("|", ";").split(";")
    )
    return tuple(dict.fromkeys(name for name in names if name.upper() not in _NO_GROUP))
