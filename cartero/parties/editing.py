"""A tercero as a clerk writes it: made, changed, put into groups. Every change is audited."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company
from cartero.parties import search
from cartero.parties.errors import GroupExists, TaxIdTaken
from cartero.parties.models import Group, Party, PartyGroup


def create(party: Party, by: User) -> Party:
    """Saves a tercero that is not saved yet. Raises TaxIdTaken."""
    party.search_key = _key(party)
    try:
        with transaction.atomic():
            party.save(force_insert=True)
            audit.record(party, "create", by, tax_id=party.tax_id, name=party.name)
    except IntegrityError as error:
        raise _taken(party, error) from error
    return party


def change(party: Party, fields: Mapping[str, str], by: User) -> bool:
    """Writes what differs; whether anything did. Raises TaxIdTaken."""
    was = {name: getattr(party, name) for name, value in fields.items() if getattr(party, name) != value}
    if not was:
        return False
    for name in was:
        setattr(party, name, fields[name])
    party.search_key = _key(party)
    try:
        with transaction.atomic():
            party.save(update_fields=[*was, "search_key", "updated_at"])
            audit.record(party, "change", by, was=was, now={name: fields[name] for name in was})
    except IntegrityError as error:
        raise _taken(party, error) from error
    return True


@transaction.atomic
def join(party: Party, group: Group, by: User) -> None:
    """Twice is once."""
    _joined, is_new = PartyGroup.objects.get_or_create(party=party, group=group, defaults={"company": party.company})
    if is_new:
        audit.record(party, "join_group", by, group=group.pk, name=group.name)


@transaction.atomic
def leave(party: Party, group: Group, by: User) -> None:
    left, _by_model = PartyGroup.objects.filter(party=party, group=group).delete()
    if left:
        audit.record(party, "leave_group", by, group=group.pk, name=group.name)


@transaction.atomic
def create_group(company: Company, kind: str, name: str, by: User) -> Group:
    """Raises GroupExists; two names that differ in capitals alone are the same."""
    group = Group(company=company, kind=kind, name=name)
    _refuse_twin(group)
    group.save(force_insert=True)
    audit.record(group, "create", by, kind=kind, name=name)
    return group


@transaction.atomic
def rename_group(group: Group, name: str, by: User) -> None:
    """Raises GroupExists."""
    was, group.name = group.name, name
    _refuse_twin(group)
    group.save(update_fields=["name"])
    audit.record(group, "rename", by, was=was, now=name)


@transaction.atomic
def delete_group(group: Group, by: User) -> None:
    """Its terceros stay; sendings that were registered for it keep what they hold."""
    audit.record(group, "delete", by, kind=group.kind, name=group.name, parties=group.party_groups.count())
    group.delete()


def _key(party: Party) -> str:
    return search.key(party.name, party.trade_name, party.tax_id)


def _taken(party: Party, error: IntegrityError) -> Exception:
    twin = Party.objects.of(party.company).filter(tax_id=party.tax_id).exclude(pk=party.pk).first()
    return TaxIdTaken(name=twin.name) if twin else error


def _refuse_twin(group: Group) -> None:
    Company.objects.select_for_update(no_key=True).only("pk").get(pk=group.company_id)
    twins = Group.objects.filter(company=group.company_id, kind=group.kind, name__iexact=group.name)
    if twins.exclude(pk=group.pk).exists():
        raise GroupExists(name=group.name)
