"""Corrections pasted from a spreadsheet: NIT, the address as it was, the new one. Judged first, written when a person
says so."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from cartero.accounts.models import User
from cartero.companies.models import Company
from cartero.parties import address_book, addresses
from cartero.parties.models import Address, AddressState, Party

MOST = 500  # lines at once
LONGEST = 100_000  # letters of them all
COLUMNS = 3
_SEPARATORS = "\t;,"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line as it was pasted; fewer than three columns leave the others empty."""

    line: int
    tax_id: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a line would do. `proposal` is what was probably meant, where the new one looks like a slip."""

    line: int
    address: Address
    new: str
    proposal: str = ""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a line would do nothing, in a sentence."""

    row: Row
    why: str


@dataclass(kw_only=True)
class Review:
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, change: Change, why: str) -> None:
        """A change that cannot be made after all."""
        self.changes.remove(change)
        row = Row(line=change.line, tax_id=change.address.party.tax_id, old=change.address.email, new=change.new)
        self.problems.append(Problem(row=row, why=why))


def read(text: str) -> list[Row]:
    """The lines that hold anything, numbered as pasted. A heading (a first line without any address) is none."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or (number == 1 and "@" not in line and not any(c.isdecimal() for c in line)):
            continue
        separator = next((each for each in _SEPARATORS if each in line), "\t")
        cells = [cell.strip().strip('"').strip() for cell in line.split(separator)]
        cells += [""] * (COLUMNS - len(cells))
        rows.append(Row(line=number, tax_id=_bare(cells[0]), old=addresses.clean(cells[1]), new=cells[2]))
    return rows


def review(company: Company, rows: Sequence[Row]) -> Review:
    """What each line would do, or why it does nothing. Writes nothing; two queries."""
    parties = {p.tax_id: p for p in Party.objects.of(company).filter(tax_id__in={row.tax_id for row in rows})}
    held: dict[str, list[Address]] = defaultdict(list)
    known = Address.objects.of(company).filter(party__in=parties.values())
    for address in known.select_related("party__company"):
        held[address.party.tax_id].append(address)
    found = Review()
    seen: Counter[tuple[str, str]] = Counter()
    for row in rows:
        judged = _judge(row, parties, held[row.tax_id], seen)
        if isinstance(judged, Change):
            found.changes.append(judged)
        else:
            found.problems.append(Problem(row=row, why=judged))
    return found


@transaction.atomic
def apply(changes: Iterable[Change], by: User) -> int:
    """Writes them, each with its line in the audit trail; how many. Raises KnownAlready, then nothing is written."""
    written = 0
    for change in changes:
        address_book.change(change.address, change.new, change.address.roles, by)
        written += 1
    return written


def _judge(
    row: Row, parties: dict[str, Party], held: Sequence[Address], seen: Counter[tuple[str, str]]
) -> Change | str:
    """The change of a line, or the sentence that says what is wrong with it."""
    if not (row.tax_id and row.old and row.new):
        return _("Faltan columnas: van el NIT, el correo de antes y el nuevo.")
    if row.tax_id not in parties:
        return _("Ningún tercero tiene el NIT o la cédula «%(tax_id)s».") % {"tax_id": row.tax_id[:40]}
    living = [each for each in held if each.state != AddressState.REPLACED]
    address = next((each for each in living if each.email.casefold() == row.old.casefold()), None)
    if address is None:
        return _("Ese tercero no tiene el correo «%(email)s».") % {"email": row.old[:254]}
    new = _checked(row.new)
    if isinstance(new, addresses.Invalid):
        return new.reason
    if any(each.email == new.normalised for each in held):
        return _("«%(email)s» ya está en este tercero, o está apartado: recupérelo allí.") % {"email": new.normalised}
    keys = {(row.tax_id, address.email), (row.tax_id, new.normalised)}
    if any(seen[key] for key in keys):
        return _("Este correo ya viene en una línea anterior.")
    seen.update(keys)
    return Change(line=row.line, address=address, new=new.normalised, proposal=new.proposal)


def _checked(typed: str) -> addresses.Valid | addresses.Invalid:
    pieces = addresses.split(typed)
    if len(pieces) > 1:
        return addresses.Invalid(reason=_("Va un solo correo nuevo en cada línea."))
    return addresses.check(pieces[0] if pieces else typed[:300])


def _bare(typed: str) -> str:
    """`901.458.237-1` → `901458237`, as a tercero keeps it."""
    text = re.sub(r"[.\s]", "", typed).upper()
    return text.partition("-")[0] if re.fullmatch(r"\d+-\d", text) else text
