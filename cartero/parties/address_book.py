"""The addresses of a tercero as a clerk keeps them: nothing is lost, every change is audited and can be taken back."""

from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import AuditEntry
from cartero.parties import addresses
from cartero.parties.errors import KnownAlready, NothingToUndo, NotUsable, TooManyAddresses
from cartero.parties.models import Address, AddressOrigin, AddressState, Party

MOST = addresses.MOST_OF_A_PARTY
_KEPT = ("state", "state_reason", "proposal", "is_principal")


@transaction.atomic
def add(party: Party, email: str, roles: Collection[str], by: User) -> Address:
    """A new address; the first usable one is the principal. `email` has been checked.

    Raises KnownAlready, TooManyAddresses.
    """
    _lock(party)
    _refuse_known(party, email)
    if party.addresses.exclude(state=AddressState.REPLACED).count() >= MOST:
        raise TooManyAddresses(most=MOST)
    is_first = not party.addresses.filter(is_principal=True).exists()
    address = _new(party, email, roles, is_principal=is_first)
    audit.record(party, "add_address", by, address=address.pk, email=email)
    return address


@transaction.atomic
def change(address: Address, email: str, roles: Collection[str], by: User) -> Address:
    """Another address in its place, or other roles for the same. What it replaces steps back, so no import revives it.

    Raises KnownAlready.
    """
    party = address.party
    _lock(party, address)
    if email == address.email:
        _update(address, roles=list(roles), origin=AddressOrigin.TYPED)
        audit.record(party, "change_address_roles", by, address=address.pk, roles=list(roles))
        return address
    _refuse_known(party, email)
    facts = _facts(address)
    _update(address, state=AddressState.REPLACED, state_reason="", is_principal=False)
    is_principal = not party.addresses.filter(is_principal=True).exists()
    fresh = _new(party, email, roles, is_principal=is_principal)
    audit.record(fresh, "replace_address", by, replaced=address.pk, was=address.email, now=email, before=facts)
    return fresh


@transaction.atomic
def undo_change(fresh: Address, by: User) -> Address:
    """The address that `fresh` replaced is as it was; `fresh` goes. Raises NothingToUndo."""
    _lock(fresh.party, fresh)
    entry = _last(fresh, "replace_address")
    old = fresh.party.addresses.filter(pk=entry.facts["replaced"], state=AddressState.REPLACED).first()
    if old is None or fresh.state == AddressState.REPLACED:
        raise NothingToUndo()
    audit.record(fresh.party, "undo_replace_address", by, was=fresh.email, now=old.email)
    fresh.delete()
    _update(old, **entry.facts["before"] | {"is_principal": fresh.is_principal})
    return old


@transaction.atomic
def put_aside(address: Address, by: User) -> None:
    """Nothing goes to it any more, though documents name it; another one becomes the principal."""
    _lock(address.party, address)
    if address.state == AddressState.REPLACED:
        return
    audit.record(address, "put_aside", by, email=address.email, before=_facts(address))
    was_principal = address.is_principal
    _update(address, state=AddressState.REPLACED, state_reason="", is_principal=False)
    if was_principal:
        _name_a_principal(address.party)


@transaction.atomic
def undo_aside(address: Address, by: User) -> None:
    """As it was before it was put aside. Raises NothingToUndo."""
    _lock(address.party, address)
    entry = _last(address, "put_aside")
    if address.state != AddressState.REPLACED:
        raise NothingToUndo()
    before = entry.facts["before"]
    if before["is_principal"]:
        address.party.addresses.filter(is_principal=True).update(is_principal=False)
    _update(address, **before)
    audit.record(address, "undo_put_aside", by, email=address.email)


@transaction.atomic
def bring_back(address: Address, by: User) -> None:
    """A person vouches for an address that bounced or was put aside: it is tried again. Raises NotUsable."""
    _lock(address.party, address)
    if not addresses.is_valid(address.email):
        raise NotUsable(email=address.email)
    audit.record(address, "bring_back", by, email=address.email, was=address.state)
    _update(address, state=AddressState.PENDING, state_reason="")
    if not address.party.addresses.filter(is_principal=True).exists():
        _update(address, is_principal=True)


@transaction.atomic
def make_principal(address: Address, by: User) -> None:
    """Raises NotUsable."""
    _lock(address.party, address)
    if not address.is_usable:
        raise NotUsable(email=address.email)
    address.party.addresses.filter(is_principal=True).update(is_principal=False)
    _update(address, is_principal=True)
    audit.record(address, "make_principal", by, email=address.email)


@transaction.atomic
def subscribe_again(address: Address, by: User) -> None:
    """A person vouches that who reads it wants copies and reminders after all."""
    if address.unsubscribed_at is None:
        return
    audit.record(address, "subscribe_again", by, email=address.email, since=address.unsubscribed_at.isoformat())
    _update(address, unsubscribed_at=None)


@transaction.atomic
def keep_as_typed(address: Address, by: User) -> None:
    """The proposal was wrong: the address is what it says, and no longer doubtful for that."""
    state = AddressState.PENDING if address.state == AddressState.DOUBTFUL else address.state
    _update(address, proposal="", state=state)
    audit.record(address, "keep_as_typed", by, email=address.email)


def _new(party: Party, email: str, roles: Collection[str], *, is_principal: bool) -> Address:
    checked = addresses.check(email)
    proposal = checked.proposal if isinstance(checked, addresses.Valid) else ""
    return Address.objects.create(
        company_id=party.company_id,
        party=party,
        email=email,
        roles=list(roles),
        origin=AddressOrigin.TYPED,
        state=AddressState.DOUBTFUL if proposal else AddressState.PENDING,
        proposal=proposal,
        is_principal=is_principal,
    )


def _update(address: Address, **fields: object) -> None:
    """Writes the fields, and when a state among them began."""
    if "state" in fields:
        fields["state_at"] = Now()
    Address.objects.filter(pk=address.pk).update(**fields)
    address.refresh_from_db()


def _name_a_principal(party: Party) -> None:
    heir = party.addresses.usable().order_by("pk").first()
    if heir:
        _update(heir, is_principal=True)


def _refuse_known(party: Party, email: str) -> None:
    if party.addresses.filter(email=email).exists():
        raise KnownAlready(email=email)


def _lock(party: Party, address: Address | None = None) -> None:
    """Two who change the same tercero's addresses do it one after the other, each knowing what the other did."""
    Party.objects.select_for_update(no_key=True).only("pk").get(pk=party.pk)
    if address:
        address.refresh_from_db()


def _facts(address: Address) -> dict[str, object]:
    return {name: getattr(address, name) for name in _KEPT}


def _last(address: Address, verb: str) -> AuditEntry:
    """What the audit trail last says about it; append-only, so it is what was. Raises NothingToUndo."""
    about = AuditEntry.objects.filter(company=address.company_id, noun="address", noun_id=address.pk)
    entry = about.order_by("-pk").first()
    if entry is None or entry.verb != verb:
        raise NothingToUndo()
    return entry
