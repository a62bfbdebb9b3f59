"""What is shown when a page cannot be: 403, 404, 500 and a form that grew old, each with a number to quote."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cartero.companies import audit
from cartero.companies.models import Membership
from cartero.companies.roles import Role
from cartero.pages.access import RoleNeeded
from cartero.pages.http import CompanyRequest
from cartero.platform import ids

log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what is nowhere and for what is another company's."""
    return _answer(request, 404, _("Esta página no existe, o no es de su empresa."), {})


def forbidden(request: CompanyRequest, exception: Exception) -> HttpResponse:
    """Says which role it takes and who can give it. Who lacks a role has a company."""
    if not isinstance(exception, RoleNeeded):
        return _answer(request, 403, _("No tiene permiso para esto."), {})
    audit.record(request.membership, "deny", request.user, role=exception.needed, path=request.path)
    members = Membership.objects.of(request.company)
    admins = [str(member.user) for member in members.filter(role=Role.ADMIN).select_related("user")[:3]]
    text = _("Para esto hace falta el rol «%(role)s».") % {"role": exception.needed.label}
    return _answer(request, 403, text, {"admins": admins})


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: the form is older than the session, or came from elsewhere."""
    text = _("El formulario venció. Vuelva a la página anterior, recárguela e inténtelo de nuevo.")
    return _answer(request, 403, text, {"reason": reason})


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. Needs no database, no session and no company."""
    return _answer(request, 500, _("Algo falló en Cartero."), {})


def _answer(request: HttpRequest, status: int, text: str, context: dict[str, object]) -> HttpResponse:
    number = ids.quotable()
    level = logging.ERROR if status == 500 else logging.WARNING
    log.log(level, "%s number=%s method=%s path=%r", status, number, request.method, request.path)
    full = {"text": text, "number": number, **context}
    fragment = bool(request.headers.get("HX-Request"))
    return render(request, "ui/_trouble.html" if fragment else f"{status}.html", full, status=status)
