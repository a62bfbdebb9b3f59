"""The cells of a row that say who: id, name, addresses. Each tercero is read once and known again in the next row."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from cartero.importing.columns import EMAILS, Cell, Layout
from cartero.importing.headings import Field
from cartero.importing.readers import cells
from cartero.importing.refusals import Level
from cartero.invoices.data import AddressData, PartyData
from cartero.parties import addresses

LONGEST_NAME = 200
LONGEST_WORDS = 100
_MOST_KNOWN = 20_000
_NO_ADDRESS = AddressData()
_ROLES = {Field.EMAIL: "facturas", Field.EMAIL_RECEIVABLES: "cartera", Field.EMAIL_COPY: "copia"}
_GIVEN = (Field.GIVEN_NAME, Field.MIDDLE_NAME, Field.SURNAME, Field.SECOND_SURNAME)


class Doubt(NamedTuple):
    """A remark on a cell, whatever its row."""

    field: Field
    text: str
    level: Level = Level.WARNING


class Person(NamedTuple):
    """`roles` are those of `party.emails`, one by one."""

    party: PartyData
    roles: tuple[tuple[str, ...], ...]
    doubts: tuple[Doubt, ...]


class PersonReader:
    """Reads the columns of `layout` that say who."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        at = layout.first
        self.tax_id, self.id_type, self.digit = at(Field.TAX_ID), at(Field.ID_TYPE), at(Field.CHECK_DIGIT)
        self.name, self.trade_name = at(Field.NAME), at(Field.TRADE_NAME)
        self.given = tuple(at(field) for field in _GIVEN)
        self.phone, self.city, self.street = at(Field.PHONE), at(Field.CITY), at(Field.ADDRESS)
        self.emails = tuple((column, layout.columns[column]) for column in layout.of(*EMAILS))
        self.field = Field.TAX_ID
        """The one that was being read, for the place of an error."""
        own = (self.tax_id, self.id_type, self.digit, self.name, self.trade_name, self.phone, self.city, self.street)
        self._columns = tuple(dict.fromkeys((*own, *self.given, *(column for column, _field in self.emails))))
        self._known: dict[tuple[Cell, ...], Person] = {}

    def read(self, row: list[Cell]) -> Person:
        """Raises UnreadableError without its place; `field` tells the column."""
        key = tuple([row[column] for column in self._columns])
        person = self._known.get(key)
        if person is None:
            person = self._read(row)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = person
        return person

    def _read(self, row: list[Cell]) -> Person:
        doubts: list[Doubt] = []
        self.field = Field.ID_TYPE
        cells.check_id_type(row[self.id_type])
        self.field = Field.TAX_ID
        who = cells.identity(row[self.tax_id], row[self.id_type], row[self.digit])
        if who.right_digit:
            doubts.append(Doubt(Field.TAX_ID, _wrong_digit(who)))
        if who.is_parted:
            text = _("Se leyó como NIT %(tax_id)s con dígito de verificación %(digit)s.")
            shown = text % {"tax_id": who.tax_id, "digit": who.check_digit}
            doubts.append(Doubt(Field.TAX_ID, shown, Level.NOTE))
        self.field = Field.NAME
        name = cells.text(row[self.name], LONGEST_NAME)
        if not name:
            name = " ".join(filter(None, (cells.text(row[column], LONGEST_WORDS) for column in self.given)))
        emails, roles = self._emails(row, doubts)
        self.field = Field.TRADE_NAME
        trade_name = cells.text(row[self.trade_name], LONGEST_NAME)
        party = PartyData(
            tax_id=who.tax_id,
            name=name[:LONGEST_NAME],
            id_type=who.id_type,
            check_digit=who.check_digit,
            trade_name=trade_name,
            emails=emails,
            phone=self._words(row, self.phone, Field.PHONE),
            address=self._address(row),
        )
        return Person(party, roles, tuple(doubts))

    def _emails(self, row: list[Cell], doubts: list[Doubt]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        found: dict[str, tuple[str, list[str]]] = {}
        for column, field in self.emails:
            self.field = field
            typed = cells.text(row[column])
            for address in _checked(typed, field, doubts):
                held = found.setdefault(address.casefold(), (address, []))
                held[1].append(_ROLES[field])
        if len(found) > addresses.MOST_OF_A_PARTY:
            text = _("Tiene %(count)d correos; se tomaron los primeros %(limit)d.")
            doubts.append(Doubt(Field.EMAIL, text % {"count": len(found), "limit": addresses.MOST_OF_A_PARTY}))
        kept = list(found.values())[: addresses.MOST_OF_A_PARTY]
        return tuple(address for address, _roles in kept), tuple(tuple(dict.fromkeys(roles)) for _a, roles in kept)

    def _address(self, row: list[Cell]) -> AddressData:
        city, street = self._words(row, self.city, Field.CITY), self._words(row, self.street, Field.ADDRESS)
        return AddressData(street=street, city=city) if city or street else _NO_ADDRESS

    def _words(self, row: list[Cell], column: int, field: Field) -> str:
        self.field = field
        return cells.text(row[column], LONGEST_WORDS)


def _checked(typed: str, field: Field, doubts: list[Doubt]) -> Iterable[str]:
    stated = addresses.split(typed)
    if typed and not stated:
        doubts.append(Doubt(field, _("Como correo dice «%(text)s».") % {"text": typed[:60]}, Level.NOTE))
    for address in stated:
        checked = addresses.check(address)
        if isinstance(checked, addresses.Invalid):
            doubts.append(Doubt(field, checked.reason))
            continue
        doubts += [Doubt(field, remark) for remark in checked.remarks]
        if checked.proposal:
            text = _("«%(address)s» puede estar mal escrito: ¿será %(proposal)s? Se dejó como vino.")
            doubts.append(Doubt(field, text % {"address": address, "proposal": checked.proposal}))
        yield checked.normalised


def _wrong_digit(who: cells.Identity) -> str:
    text = _("El NIT %(tax_id)s trae el dígito de verificación %(digit)s y debería ser %(right)s; se dejó como vino.")
    return text % {"tax_id": who.tax_id, "digit": who.check_digit, "right": who.right_digit}
