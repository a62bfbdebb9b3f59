"""Por corregir: the addresses that bounced or look wrong, mended in their row, and what they hold up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.invoices.models import Invoice
from cartero.invoices.states import MailStatus
from cartero.pages import matters, paging, reasons
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.parties import detail, rows
from cartero.pages.parties.forms import CorrectionForm
from cartero.parties import address_book
from cartero.parties.models import TO_MEND, Address, AddressState
from cartero.platform import formats

SIZE = 25
MOST = 200  # documents of a tercero that go into the form of a new sending


@dataclass(kw_only=True)
class Held:
    """Documents of a tercero that came back or failed; `amounts` are sums in words, one a currency."""

    invoices: list[int] = field(default_factory=list)
    sums: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def amounts(self) -> list[str]:
        return [formats.money(total, currency) for currency, total in sorted(self.sums.items())]

    @property
    def resend(self) -> str:
        """What the form of a new sending is asked for: these documents, though they went before."""
        asked = QueryDict(mutable=True)
        asked.setlist("factura", [str(pk) for pk in self.invoices[:MOST]])
        asked["estado"] = MailStatus.BOUNCED.value
        return asked.urlencode()


@dataclass(frozen=True, kw_only=True)
class Line:
    address: Address
    look: str
    held: Held
    others: list[str]

    @property
    def why(self) -> tuple[reasons.Words, str]:
        """What is wrong with it, and the code its server gave."""
        if not self.address.state_reason and self.address.proposal:
            return _("Parece mal escrito."), ""
        return reasons.of_address(self.address.state_reason)


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    """With `?estado=bounced` those of a state; with `?correo=12` that address is open to be corrected."""
    asked = request.GET.get("correo", "")
    edited = Address.objects.of(request.company).filter(pk=int(asked)).first() if _is_id(asked) else None
    if edited is None or not detail.may_prepare(request):
        return show(request)
    return show(request, edited, CorrectionForm(party=edited.party, address=edited, initial={"email": edited.email}))


def show(request: CompanyRequest, edited: Address | None = None, form: CorrectionForm | None = None) -> HttpResponse:
    """The list; `form` stands in the row of the `edited` address."""
    state = request.GET.get("estado", "")
    state = state if state in TO_MEND else ""
    listed = paging.by_key(_addresses(request.company, state), request.GET, ("-state_at", "-id"), size=SIZE)
    kept = request.GET.copy()
    kept.pop("correo", None)
    query = f"?{kept.urlencode()}" if kept else ""
    context = {
        "slice": listed,
        "lines": _lines(request.company, listed),
        "segments": _segments(request.company, state),
        "state": state,
        "edited": edited,
        "form": form,
        "query": query,
        "kept": f"{query}&" if kept else "?",
        "plain": f"{reverse('addresses_to_mend')}{query}",
        "may_prepare": detail.may_prepare(request),
    }
    return page(request, "parties/mending.html", context, "addresses")


@require_POST
@role(Role.PREPARER)
def correct(request: CompanyRequest, pk: int) -> HttpResponse:
    """Her filters come along in the address, so that the list is the same afterwards. Raises KnownAlready."""
    address = get_object_or_404(Address.objects.of(request.company).select_related("party__company"), pk=pk)
    form = CorrectionForm(request.POST, party=address.party, address=address)
    if not form.is_valid():
        return show(request, address, form)
    (email,) = form.cleaned_data["email"]
    fresh = address_book.change(address, email, address.roles, request.user)
    back = _kept(request, "undo_mending", fresh.pk) if fresh != address else None
    message = _("Correo de %(party)s corregido.") % {"party": address.party.name}
    return done(request, _kept(request, "addresses_to_mend"), message, undo=back)


@require_POST
@role(Role.PREPARER)
def undo(request: CompanyRequest, pk: int) -> HttpResponse:
    """The correction is taken back, and the list is the same as before it. Raises NothingToUndo."""
    fresh = get_object_or_404(Address.objects.of(request.company).select_related("party__company"), pk=pk)
    address_book.undo_change(fresh, request.user)
    return done(request, _kept(request, "addresses_to_mend"), _("El correo volvió a ser el de antes."))


def _kept(request: CompanyRequest, name: str, *args: int) -> str:
    """The address of a view, with the filters of the list."""
    asked = request.GET.urlencode()
    return f"{reverse(name, args=args)}{f'?{asked}' if asked else ''}"


def _is_id(asked: str) -> bool:
    return asked.isdecimal() and len(asked) < 19


def _addresses(company: Company, state: str) -> QuerySet[Address]:
    found = Address.objects.of(company).to_mend().select_related("party")
    return found.filter(state=state) if state else found


def _segments(company: Company, chosen: str) -> list[tuple[str, str, int, bool]]:
    """Value, label, how many, whether it is the one she looks at."""
    counted = matters.to_mend(company)
    states = [(state.value, str(state.label), counted.get(state, 0), state == chosen) for state in TO_MEND]
    return [("", _("Todos"), sum(counted.values()), not chosen), *states]


def _lines(company: Company, listed: Iterable[Address]) -> list[Line]:
    """Two queries, whatever the number of rows."""
    wrong = list(listed)
    parties = {address.party_id: address.party for address in wrong}
    held, others = _held(company, parties), _usable(company, parties)
    return [
        Line(
            address=address,
            look=rows.LOOKS[AddressState(address.state)],
            held=held[address.party_id],
            others=[email for email in others[address.party_id] if email != address.email],
        )
        for address in wrong
    ]


def _held(company: Company, parties: Iterable[int]) -> dict[int, Held]:
    """By the index `invoice_returned_of_party`."""
    held: dict[int, Held] = defaultdict(Held)
    returned = Invoice.objects.of(company).undelivered().filter(party__in=list(parties)).order_by("-issue_date", "-pk")
    for party, pk, currency, amount in returned.values_list("party_id", "pk", "currency", "payable_amount"):
        held[party].invoices.append(pk)
        held[party].sums[currency] += amount
    return held


def _usable(company: Company, parties: Iterable[int]) -> dict[int, list[str]]:
    usable: dict[int, list[str]] = defaultdict(list)
    found = Address.objects.of(company).usable().filter(party__in=list(parties)).order_by("-is_principal", "pk")
    for party, email in found.values_list("party_id", "email"):
        usable[party].append(email)
    return usable
