"""What a clerk does with the addresses of a tercero; each has its way back."""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cartero.accounts.models import User
from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done
from cartero.pages.parties import detail
from cartero.pages.parties.forms import AddressesForm
from cartero.parties import address_book
from cartero.parties.models import Address

Verb = Callable[[Address, User], object]

# The last part of the address, what it does, and what is said when it is done.
VERBS: Mapping[str, tuple[Verb, str | Promise]] = {
    "apartar": (address_book.put_aside, gettext_lazy("Apartado: ya no se le envía nada.")),
    "devolver": (address_book.undo_aside, gettext_lazy("El correo volvió a ser el de antes.")),
    "recuperar": (address_book.bring_back, gettext_lazy("Recuperado: se le vuelve a enviar.")),
    "recordatorios": (address_book.subscribe_again, gettext_lazy("Se le vuelven a enviar copias y recordatorios.")),
    "principal": (address_book.make_principal, gettext_lazy("Ahora es el correo principal.")),
    "dejar": (address_book.keep_as_typed, gettext_lazy("Queda como está escrito.")),
    "deshacer": (address_book.undo_change, gettext_lazy("El correo volvió a ser el de antes.")),
}


@require_POST
@role(Role.PREPARER)
def add(request: CompanyRequest, pk: int) -> HttpResponse:
    party = detail.party_of(request, pk)
    form = AddressesForm(request.POST, party=party)
    if not form.is_valid():
        return detail.show(request, party, form=form)
    for email in form.cleaned_data["email"]:
        address_book.add(party, email, form.cleaned_data["roles"], request.user)
    return done(request, _page(pk), _("Correo agregado."))


@require_POST
@role(Role.PREPARER)
def change(request: CompanyRequest, pk: int) -> HttpResponse:
    """Another address in its place, or other uses for the same one."""
    address = _address(request, pk)
    form = AddressesForm(request.POST, party=address.party, address=address, auto_id=detail.EDITED)
    if not form.is_valid():
        return detail.show(request, address.party, address, form)
    (email,) = form.cleaned_data["email"]
    return _changed(request, address, email, form.cleaned_data["roles"])


@require_POST
@role(Role.PREPARER)
def accept(request: CompanyRequest, pk: int) -> HttpResponse:
    """¿Quiso decir …? Yes."""
    address = _address(request, pk)
    if not address.proposal:
        raise Http404
    return _changed(request, address, address.proposal, address.roles)


@require_POST
@role(Role.PREPARER)
def move(request: CompanyRequest, pk: int, verb: str) -> HttpResponse:
    """Raises NotUsable, NothingToUndo."""
    if verb not in VERBS:
        raise Http404
    address = _address(request, pk)
    act, message = VERBS[verb]
    party = address.party_id
    act(address, request.user)
    undo = reverse("move_address", args=[pk, "devolver"]) if verb == "apartar" else None
    return done(request, _page(party), str(message), undo=undo)


def _changed(request: CompanyRequest, address: Address, email: str, roles: list[str]) -> HttpResponse:
    fresh = address_book.change(address, email, roles, request.user)
    undo = reverse("move_address", args=[fresh.pk, "deshacer"]) if fresh != address else None
    return done(request, _page(address.party_id), _("Correo corregido."), undo=undo)


def _address(request: CompanyRequest, pk: int) -> Address:
    """An address of her company, or a 404."""
    return get_object_or_404(Address.objects.of(request.company).select_related("party__company"), pk=pk)


def _page(party: int) -> str:
    return reverse("party", args=[party])
