"""An address corrected in the list of a sending, and that taken back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartero.companies.roles import Role
from cartero.mailings import corrections
from cartero.mailings.models import Delivery
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done
from cartero.pages.mailings import recipients
from cartero.pages.mailings.forms import AddressForm


@require_POST
@role(Role.PREPARER)
def correct(request: CompanyRequest, pk: int, delivery_pk: int) -> HttpResponse:
    """Her filters come along in the address, so that the list is the same afterwards."""
    delivery = delivery_of(request, pk, delivery_pk)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return recipients.show(request, delivery.mailing, delivery, form)
    before, keep = ",".join(delivery.to), form.cleaned_data["keep"]
    corrections.correct(delivery, form.cleaned_data["to"], keep=keep, by=request.user)
    undo = with_filters(request, "undo_correction", pk, delivery_pk, antes=before, tercero=str(int(keep)))
    message = _("Correo de %(party)s corregido.") % {"party": delivery.party.name}
    if form.proposal:
        message += " " + _("¿Quiso decir %(proposal)s?") % {"proposal": form.proposal}
    return done(request, back(request, pk), message, undo=undo if before else None)


@require_POST
@role(Role.PREPARER)
def undo(request: CompanyRequest, pk: int, delivery_pk: int) -> HttpResponse:
    """The addresses there were before, typed again by Cartero."""
    delivery = delivery_of(request, pk, delivery_pk)
    keep = request.GET.get("tercero") == "1"
    corrections.correct(delivery, request.GET.get("antes", ""), keep=keep, by=request.user)
    return done(request, back(request, pk), _("El correo volvió a ser el de antes."))


def delivery_of(request: CompanyRequest, pk: int, delivery_pk: int) -> Delivery:
    """A mail of her company's sending, or a 404."""
    deliveries = Delivery.objects.of(request.company)
    related = ("party", "mailing", "mailing__company", "mailing__account")
    return get_object_or_404(deliveries.select_related(*related), mailing=pk, pk=delivery_pk)


def back(request: CompanyRequest, pk: int) -> str:
    """The list, with the filters that her form's address carries, be they none: the row being edited is not one."""
    return with_filters(request, "recipients", pk, **({} if request.GET else {"q": ""}))


def with_filters(request: CompanyRequest, name: str, *args: int, **more: str) -> str:
    """The address of a view, carrying the filters of the list, and `more`."""
    kept = request.GET.copy()
    for own in ("antes", "tercero", "editar"):
        kept.pop(own, None)
    kept.update(more)
    return f"{reverse(name, args=args)}{f'?{kept.urlencode()}' if kept else ''}"
