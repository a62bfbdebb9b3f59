"""A row of the list of terceros: where its mail goes, how much it has, in which groups it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices import kinds
from cartero.invoices.models import Invoice
from cartero.pages import reasons
from cartero.pages.keeping import kept
from cartero.parties.models import Address, AddressState, Party, PartyGroup
from cartero.platform import formats, ids

# The look of an address (a name of badge.css) by its state.
LOOKS = {
    AddressState.PENDING: "pending",
    AddressState.VALIDATED: "ok",
    AddressState.DOUBTFUL: "in_doubt",
    AddressState.BOUNCED: "bounced",
    AddressState.INVALID: "failed",
    AddressState.NOT_THEIRS: "complained",
    AddressState.REPLACED: "cancelled",
}
_OTHER = _("%(email)s: %(state)s")
_NONE = _("No tiene correo registrado")


@dataclass(kw_only=True)
class Row:
    """`owed` are sums in words, one a currency; credit notes owe nothing."""

    party: Party
    addresses: list[Address] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    documents: int = 0
    owed: list[str] = field(default_factory=list)

    @property
    def usable(self) -> list[Address]:
        return [address for address in self.addresses if address.is_usable]

    @property
    def shown(self) -> Address | None:
        """The one a mail would go to, else the one that needs mending."""
        return next(iter(self.usable), None) or next(iter(self.addresses), None)

    @property
    def others(self) -> int:
        return max(0, len(self.usable) - 1)

    @property
    def trouble(self) -> str | Promise:
        """Why nothing can be mailed, or what is wrong with an address; empty where all is well."""
        if not self.addresses:
            return _NONE
        kept = [address for address in self.addresses if address.state != AddressState.REPLACED]
        wrong = next((address for address in kept if address.state not in _WELL), None)
        if wrong is None:
            return "" if kept else _NONE
        if self.usable and wrong != self.shown:
            return _OTHER % {"email": wrong.email, "state": wrong.get_state_display()}
        return reasons.of_address(wrong.state_reason)[0]

    @property
    def code(self) -> str:
        """What the server of the address in its own row answered; empty where it answered nothing."""
        address = self.shown
        return reasons.of_address(address.state_reason)[1] if address and not self.usable else ""

    @property
    def look(self) -> str:
        address = self.shown
        return LOOKS[AddressState(address.state)] if address and address.is_usable else "no_address"


_WELL = frozenset({AddressState.PENDING, AddressState.VALIDATED})


def of(company: Company, parties: Iterable[Party]) -> list[Row]:
    """Three queries, whatever the number of rows."""
    found = {party.pk: Row(party=party) for party in parties}
    if not found:
        return []
    for address in Address.objects.of(company).filter(party__in=found).order_by("-is_principal", "pk"):
        found[address.party_id].addresses.append(address)
    joined = PartyGroup.objects.filter(company=company, party__in=found).select_related("group")
    for one in joined.order_by("group__name"):
        found[one.party_id].groups.append(one.group.name)
    sums: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for pk, currency, count, total in _totals(company, list(found)):
        found[pk].documents += count
        sums[pk][currency] += total or Decimal(0)
    for pk, amounts in sums.items():
        found[pk].owed = [formats.money(total, currency) for currency, total in sorted(amounts.items())]
    return list(found.values())


def _totals(company: Company, parties: list[int]) -> list[tuple[int, str, int, Decimal | None]]:
    """Tercero, currency, documents, what is owed. Kept for a minute where these terceros have very many documents."""
    owed = Sum(Coalesce("balance", "payable_amount"), filter=Q(kind__in=kinds.ASKING))
    documents = Invoice.objects.of(company).filter(party__in=parties).values_list("party", "currency").order_by()
    key = f"parties:{company.pk}:{ids.sha256(repr(parties).encode())}"
    return kept(key, lambda: list(documents.annotate(n=Count("id"), owed_sum=owed)))
