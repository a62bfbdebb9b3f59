"""Revocar el enlace, Permitir de nuevo: of one mail, on the page of what it carried, of whom it went to, of its
sending."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cartero.companies.roles import Role
from cartero.mailings import revoking
from cartero.mailings.models import Delivery
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page

# By what she looks at: the field by which a mail is of it, the name of the page, the mail's place there.
_OF: Mapping[str, tuple[str, str, str]] = {
    "invoice": ("invoices", "invoice", "#entregas"),
    "party": ("party", "party_mails", "#correo-{}"),
    "mailing": ("mailing", "recipients", "#entrega-{}"),
}


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def revoke(request: CompanyRequest, pk: int, delivery_pk: int, of: str) -> HttpResponse:
    """Asks first what it means; the filters of the list come along in the address."""
    delivery, back = _mail(request, pk, delivery_pk, of), _back(request, pk, delivery_pk, of)
    if request.method == "GET":
        return page(
            request, "revoke_link.html", {"delivery": delivery, "action": request.get_full_path(), "back": back}
        )
    revoking.revoke(delivery, by=request.user)
    undo = f"{reverse(f'allow_{of}_link', args=[pk, delivery_pk])}{_kept(request)}"
    return done(request, back, _("El enlace de ese correo ya no abre nada."), undo=undo)


@require_POST
@role(Role.PREPARER)
def allow(request: CompanyRequest, pk: int, delivery_pk: int, of: str) -> HttpResponse:
    revoking.allow(_mail(request, pk, delivery_pk, of), by=request.user)
    return done(request, _back(request, pk, delivery_pk, of), _("El enlace de ese correo vuelve a servir."))


def _mail(request: CompanyRequest, pk: int, delivery_pk: int, of: str) -> Delivery:
    """A mail of her company and of what she looks at, or a 404."""
    theirs = Delivery.objects.of(request.company).select_related("company", "party", "mailing")
    return get_object_or_404(theirs, pk=delivery_pk, **{_OF[of][0]: pk})


def _back(request: CompanyRequest, pk: int, delivery_pk: int, of: str) -> str:
    _field, name, place = _OF[of]
    return f"{reverse(name, args=[pk])}{_kept(request)}{place.format(delivery_pk)}"


def _kept(request: CompanyRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""
