"""A mail left out by hand and taken back in; a doubt settled by a person."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cartero.companies.roles import Role
from cartero.mailings import corrections, doubts, outcomes
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done
from cartero.pages.mailings.addresses import back, delivery_of, with_filters


@require_POST
@role(Role.PREPARER)
def exclude(request: CompanyRequest, pk: int, delivery_pk: int) -> HttpResponse:
    delivery = delivery_of(request, pk, delivery_pk)
    outcomes.exclude(delivery, by=request.user)
    message = _("%(party)s queda por fuera de este envío.") % {"party": delivery.party.name}
    return done(request, back(request, pk), message, undo=with_filters(request, "include_delivery", pk, delivery_pk))


@require_POST
@role(Role.PREPARER)
def include(request: CompanyRequest, pk: int, delivery_pk: int) -> HttpResponse:
    delivery = delivery_of(request, pk, delivery_pk)
    corrections.include(delivery, by=request.user)
    message = _("%(party)s vuelve a este envío.") % {"party": delivery.party.name}
    return done(request, back(request, pk), message, undo=with_filters(request, "exclude_delivery", pk, delivery_pk))


@require_POST
@role(Role.SENDER)
def settle(request: CompanyRequest, pk: int, delivery_pk: int, *, arrived: bool) -> HttpResponse:
    delivery = delivery_of(request, pk, delivery_pk)
    doubts.decide_one(delivery, arrived=arrived, by=request.user)
    words = _("El correo de %(party)s quedó como enviado.") if arrived else _("El correo de %(party)s sale otra vez.")
    return done(request, back(request, pk), words % {"party": delivery.party.name})
