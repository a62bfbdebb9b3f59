"""Rows of a list of terceros become terceros, addresses, groups and zones. What a row does not tell stays."""

from collections.abc import Sequence
from typing import Any

from cartero.companies.models import Company
from cartero.importing.models import Import, ImportLine, Outcome
from cartero.importing.party_rows import PartyRow
from cartero.importing.saving import as_messages
from cartero.parties import people, search
from cartero.parties.models import Address, AddressOrigin, Group, GroupKind, Party, PartyGroup

_TOLD = ("name", "id_type", "check_digit", "trade_name", "phone", "city", "delivery_form")


def save(source: Import, rows: Sequence[PartyRow], first_position: int) -> None:
    """Writes a batch and a line for each row, in the caller's transaction."""
    if not rows:
        return
    company = source.company
    before = {party.tax_id: _state(party) for party in _known(company, rows)}
    parties = people.ensure(company, [_party(row) for row in rows])
    changed = {row.tax_id for row in rows if _tell(parties[row.tax_id], row) or row.tax_id not in before}
    Party.objects.bulk_update([parties[tax_id] for tax_id in changed], [*_TOLD, "search_key"])
    changed |= _write_addresses(company, rows, parties)
    changed |= _write_groups(company, rows, parties)
    ImportLine.objects.bulk_create(
        _line(source, row, position, is_new=row.tax_id in changed) for position, row in enumerate(rows, first_position)
    )


def _known(company: Company, rows: Sequence[PartyRow]) -> list[Party]:
    return list(Party.objects.of(company).filter(tax_id__in={row.tax_id for row in rows}))


def _state(party: Party) -> tuple[str, ...]:
    return tuple(getattr(party, name) for name in _TOLD)


def _party(row: PartyRow) -> Party:
    told = {name: getattr(row, name) for name in _TOLD if getattr(row, name)}
    return Party(tax_id=row.tax_id, **({"name": row.tax_id} | told))


def _tell(party: Party, row: PartyRow) -> bool:
    """Puts what the row tells into the tercero; whether that changed anything."""
    was = _state(party)
    for name in _TOLD:
        if getattr(row, name):
            setattr(party, name, getattr(row, name))
    party.search_key = search.key(party.name, party.trade_name, party.tax_id)
    return was != _state(party)


def _write_addresses(company: Company, rows: Sequence[PartyRow], parties: dict[str, Party]) -> set[str]:
    """Adds the addresses that were typed, and their roles; the tax ids whose addresses changed."""
    held: dict[int, dict[str, Address]] = {}
    for address in Address.objects.of(company).filter(party__in=parties.values()):
        held.setdefault(address.party_id, {})[address.email] = address
    fresh: list[Address] = []
    widened: list[Address] = []
    changed: set[str] = set()
    for row in rows:
        party = parties[row.tax_id]
        known = held.setdefault(party.pk, {})
        for email, roles in row.emails:
            if email not in known:
                has_principal = any(each.is_principal for each in known.values())
                known[email] = people.typed_address(party, email, roles, is_principal=not has_principal)
                fresh.append(known[email])
            elif not _widen(known[email], roles):
                continue
            elif known[email].pk:
                widened.append(known[email])
            changed.add(row.tax_id)
    Address.objects.bulk_create(fresh)
    Address.objects.bulk_update(widened, ["roles", "origin"])
    return changed


def _widen(address: Address, roles: Sequence[str]) -> bool:
    wanted = [*address.roles, *(role for role in roles if role not in address.roles)]
    if wanted == address.roles and address.origin == AddressOrigin.TYPED:
        return False
    address.roles, address.origin = wanted, AddressOrigin.TYPED
    return True


def _write_groups(company: Company, rows: Sequence[PartyRow], parties: dict[str, Party]) -> set[str]:
    """Puts terceros into the groups and the zone that their rows name, made where they are not there."""
    named = {(GroupKind.GROUP, name) for row in rows for name in row.groups}
    named |= {(GroupKind.ZONE, name) for row in rows for name in row.zones}
    if not named:
        return set()
    Group.objects.bulk_create(
        [Group(company=company, kind=kind, name=name) for kind, name in named], ignore_conflicts=True
    )
    groups = {(group.kind, group.name): group for group in Group.objects.of(company)}
    held = set(PartyGroup.objects.filter(party__in=parties.values()).values_list("party_id", "group_id"))
    fresh, changed = [], set()
    for row in rows:
        party = parties[row.tax_id]
        wanted = [groups[GroupKind.GROUP, name] for name in row.groups] + [
            groups[GroupKind.ZONE, name] for name in row.zones
        ]
        for group in wanted:
            if (party.pk, group.pk) not in held:
                held.add((party.pk, group.pk))
                fresh.append(PartyGroup(company=company, party=party, group=group))
                changed.add(row.tax_id)
        if row.zones:  # a tercero is in one zone
            stale = party.party_groups.filter(group__kind=GroupKind.ZONE).exclude(group__name__in=row.zones)
            stale.delete()
    PartyGroup.objects.bulk_create(fresh, ignore_conflicts=True)
    return changed


def _line(source: Import, row: PartyRow, position: int, *, is_new: bool) -> ImportLine:
    outcome = Outcome.WARN if row.has_warnings else Outcome.IMPORT
    return ImportLine(
        company=source.company,
        source=source,
        position=position,
        file=row.source[:500],
        where=row.where[:300],
        outcome=outcome if is_new else Outcome.UNCHANGED,
        kind="party",
        number=row.tax_id[:60],
        facts=_facts(row),
        messages=as_messages(row.remarks) if is_new else [],
    )


def _facts(row: PartyRow) -> dict[str, Any]:
    return {
        "kind": "party",
        "customer_id": row.tax_id,
        "customer_name": row.name,
        "customer_emails": [email for email, _roles in row.emails],
    }
