"""Terceros and their addresses as documents bring them: what is missing is added, what a person wrote stays."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models.functions import Now

from cartero.companies.models import Company
from cartero.parties import addresses, search
from cartero.parties.models import FINAL_CONSUMER, Address, AddressOrigin, AddressRole, AddressState, Party
from cartero.platform import sql


def ensure(company: Company, wanted: Collection[Party]) -> dict[str, Party]:
    """The company's terceros by tax id, made where they are not there; blanks of known ones are filled. Three queries.

    `wanted` are unsaved instances with what the documents say.
    """
    told = {party.tax_id: party for party in wanted}
    known = {party.tax_id: party for party in Party.objects.of(company).filter(tax_id__in=told)}
    fresh = [party for tax_id, party in told.items() if tax_id not in known]
    for party in fresh:
        party.company = company
        party.search_key = search.key(party.name, party.trade_name, party.tax_id)
    Party.objects.bulk_create(fresh, ignore_conflicts=True)
    completed = [party for tax_id, party in known.items() if _completed(party, told[tax_id])]
    Party.objects.bulk_update(completed, _BLANKS)
    if fresh:  # somebody else may have been first with some of them
        known |= {
            party.tax_id: party for party in Party.objects.of(company).filter(tax_id__in=[p.tax_id for p in fresh])
        }
    return known


def add_addresses(company: Company, stated: Mapping[Party, Collection[str]]) -> None:
    """Adds the addresses that documents state. A known one keeps its state: what a clerk replaced does not come back.

    *Consumidor final* gets none: many people share that number, and each document keeps its own.
    """
    parties = [party for party in stated if party.tax_id != FINAL_CONSUMER]
    known: dict[int, set[str]] = {}
    for party_id, email in Address.objects.of(company).filter(party__in=parties).values_list("party_id", "email"):
        known.setdefault(party_id, set()).add(email)
    fresh = []
    for party in parties:
        held = known.get(party.pk, set())
        new = [email for email in dict.fromkeys(stated[party]) if email not in held]
        fresh += [_address(company, party, email, is_first=not held and email == new[0]) for email in new]
    Address.objects.bulk_create(fresh, ignore_conflicts=True)


def replace_addresses(party: Party, old: Collection[str], new: Collection[str]) -> None:
    """Writes `new` as the tercero's own addresses; those of `old` that are not among them step back, and what they were
    for passes on. A known one keeps its uses and, where it can be used, its state."""
    stale = list(party.addresses.filter(email__in=old).exclude(email__in=new))
    roles = [role.value for role in AddressRole if any(role in address.roles for address in stale)]
    party.addresses.filter(pk__in=[address.pk for address in stale]).update(
        state=AddressState.REPLACED, state_reason="", state_at=Now(), is_principal=False
    )
    known = {address.email: address for address in party.addresses.filter(email__in=new)}
    for email in new:
        address = known.get(email)
        if address is None:
            typed_address(party, email, roles, is_principal=False).save(force_insert=True)
            continue
        widened = [*address.roles, *(role for role in roles if role not in address.roles)]
        mended = {} if address.is_usable else {"state": AddressState.PENDING, "state_reason": "", "state_at": Now()}
        party.addresses.filter(pk=address.pk).update(origin=AddressOrigin.TYPED, roles=widened, **mended)
    if not party.addresses.filter(is_principal=True).exists():
        party.addresses.filter(email=next(iter(new))).update(is_principal=True)


def mark_bounced(party_id: int, email: str, words: str) -> None:
    """Its server says that the mailbox is not there: nothing more goes to it until somebody corrects it.

    One that somebody has put aside or replaced meanwhile stays so.
    """
    Address.objects.filter(party=party_id, email=email).usable().update(
        state=AddressState.BOUNCED, state_reason=words[:300], state_at=Now()
    )


def mark_doubtful(party_id: int, email: str, words: str) -> None:
    """Mails to it keep coming back, although its mailbox may be there."""
    Address.objects.filter(party=party_id, email=email).usable().update(
        state=AddressState.DOUBTFUL, state_reason=words[:300], state_at=Now()
    )


def mark_not_theirs(party_id: int, email: str, words: str, proposal: str) -> None:
    """Who reads it says that it is not of the tercero: nothing goes to it until somebody of the company decides."""
    Address.objects.filter(party=party_id, email=email).usable().update(
        state=AddressState.NOT_THEIRS, state_reason=words[:300], state_at=Now(), proposal=proposal
    )


def unsubscribe(party: Party, emails: Sequence[str]) -> int:
    """Who reads them asks for no copies and reminders; how many had not asked before. Their state is another matter.

    One that only a document or a mail named is written down for that, and used for nothing else.
    """
    mine = Address.objects.filter(party=party, email__in=emails)
    known = set(mine.values_list("email", flat=True))
    facts = {"company_id": party.company_id, "party": party, "origin": AddressOrigin.MAIL}
    fresh = [Address(email=email, **facts) for email in emails if email not in known]
    Address.objects.bulk_create(fresh, ignore_conflicts=True)
    return mine.filter(unsubscribed_at__isnull=True).update(unsubscribed_at=Now())


def mark_validated(taken: Sequence[tuple[int, str]]) -> None:
    """Party and address, whose server took a mail for them: those not tried before are valid now."""
    if taken:
        sql.changed(
            __package__, "validated", parties=[party for party, _ in taken], emails=[email for _, email in taken]
        )


_BLANKS = ("check_digit", "id_type", "trade_name", "phone", "city")


def _completed(party: Party, told: Party) -> bool:
    gained = [name for name in _BLANKS if not getattr(party, name) and getattr(told, name)]
    for name in gained:
        setattr(party, name, getattr(told, name))
    return bool(gained)


def typed_address(party: Party, email: str, roles: Sequence[str], *, is_principal: bool) -> Address:
    """An unsaved address as the company gave it, with what its look says of it."""
    address = _address(party.company, party, email, is_first=is_principal)
    address.origin, address.roles = AddressOrigin.TYPED, list(roles) or [AddressRole.INVOICES]
    return address


def _address(company: Company, party: Party, email: str, *, is_first: bool) -> Address:
    address = Address(company=company, party=party, email=email, roles=[AddressRole.INVOICES], is_principal=is_first)
    address.origin = AddressOrigin.DOCUMENT
    checked = addresses.check(email)
    if isinstance(checked, addresses.Invalid):
        address.state, address.state_reason = AddressState.INVALID, str(checked.reason)[:300]
        address.is_principal = False
    elif checked.proposal:
        address.state, address.proposal = AddressState.DOUBTFUL, checked.proposal
    return address
