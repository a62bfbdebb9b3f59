"""A tercero: its data, its addresses, its groups, its documents, what became of its mails."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role, allows
from cartero.mailings.models import Delivery
from cartero.pages import paging, reasons, returning, stories
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.parties import rows
from cartero.pages.parties.forms import AddressesForm
from cartero.parties import address_book
from cartero.parties.models import Address, AddressRole, AddressState, Group, Party

DOCUMENTS = 20
DELIVERIES = 15
EDITED = "editado-%s"  # ids apart from those of the form that adds one


@dataclass(frozen=True, kw_only=True)
class Line:
    """An address as the panel shows it."""

    address: Address
    look: str
    uses: list[str]

    @property
    def why(self) -> tuple[reasons.Words, str]:
        """What is wrong with it, and the code its server gave."""
        return reasons.of_address(self.address.state_reason)

    @property
    def is_aside(self) -> bool:
        return self.address.state == AddressState.REPLACED


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A mail of the tercero, with why it stands as it does."""

    delivery: Delivery
    state: str
    reason: object


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    """With `?correo=12` that address is open to be edited."""
    party = party_of(request, pk)
    asked = request.GET.get("correo", "")
    edited = party.addresses.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    form = None
    if edited and may_prepare(request):
        form = AddressesForm(
            party=party, address=edited, initial={"email": edited.email, "roles": edited.roles}, auto_id=EDITED
        )
    return show(request, party, edited if form else None, form)


def show(
    request: CompanyRequest, party: Party, edited: Address | None = None, form: AddressesForm | None = None
) -> HttpResponse:
    """The page; `form` stands in the row of the `edited` address, or below them all to add one."""
    known = list(party.addresses.order_by("pk"))
    lines = [_line(address) for address in sorted(known, key=_worth)]
    deliveries = Delivery.objects.of(request.company).filter(party=party)
    context = {
        "party": party,
        "row": rows.of(request.company, [party])[0],
        "back": returning.to(request, "parties"),
        "kept": [line for line in lines if not line.is_aside],
        "aside": [line for line in lines if line.is_aside],
        "edited": edited,
        "form": form,
        "adding": form if form and not edited else AddressesForm(party=party),
        "may_add": len([line for line in lines if not line.is_aside]) < address_book.MOST,
        "most": address_book.MOST,
        "joined": party.groups.order_by("kind", "name"),
        "joinable": _joinable(request, party),
        "slice": paging.by_key(party.invoices.all(), request.GET, ("-issue_date", "-id"), size=DOCUMENTS),
        "sent": _sent(deliveries),
        "was_sent": deliveries.filter(accepted_at__isnull=False).exists(),
        "may_prepare": may_prepare(request),
    }
    return page(request, "parties/detail.html", context, "addresses", "groups")


def party_of(request: CompanyRequest, pk: int) -> Party:
    """Her company's tercero, or a 404."""
    return get_object_or_404(Party.objects.of(request.company).select_related("company"), pk=pk)


def may_prepare(request: CompanyRequest) -> bool:
    return allows(request.membership.role, Role.PREPARER)


def _line(address: Address) -> Line:
    uses = [str(AddressRole(use).label) for use in address.roles if use in AddressRole.values]
    return Line(address=address, look=rows.LOOKS[AddressState(address.state)], uses=uses)


def _worth(address: Address) -> tuple[bool, bool, int]:
    """The principal one first, then what can be used."""
    return (not address.is_principal, not address.is_usable, address.pk)


def _joinable(request: CompanyRequest, party: Party) -> QuerySet[Group]:
    return Group.objects.of(request.company).exclude(parties=party).order_by("kind", "name")


def _sent(deliveries: QuerySet[Delivery]) -> list[Sent]:
    newest = deliveries.select_related("mailing").order_by("-pk")[:DELIVERIES]
    return [
        Sent(delivery=one, state=stories.state_of(one), reason=reasons.happened(one.reason, one.reason_detail))
        for one in newest
    ]
