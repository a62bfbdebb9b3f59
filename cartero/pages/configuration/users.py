"""Usuarios: who works for the company and what each may do."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cartero.accounts import sessions
from cartero.companies import inviting, members, notices, second_factor
from cartero.companies.inviting import Invited
from cartero.companies.models import Membership
from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.configuration.forms import ROLES, InviteForm, RoleForm
from cartero.pages.http import CompanyRequest, done, follow, page
from cartero.platform import mailer


@dataclass(frozen=True, kw_only=True)
class Row:
    membership: Membership
    is_pending: bool
    has_second_factor: bool
    is_herself: bool


@require_GET
@role(Role.ADMIN)
def index(request: CompanyRequest) -> HttpResponse:
    return _show(request, _blank(request))


@require_POST
@role(Role.ADMIN)
def invite(request: CompanyRequest) -> HttpResponse:
    """Raises AlreadyMember."""
    form = InviteForm(request.POST, company=request.company)
    if not form.is_valid():
        return _show(request, form)
    asked = form.cleaned_data
    invited = inviting.invite(request.company, asked["email"], Role(asked["role"]), request.user, name=asked["name"])
    return _told(request, invited)


@require_POST
@role(Role.ADMIN)
def invite_again(request: CompanyRequest, pk: int) -> HttpResponse:
    return _told(request, inviting.invite_again(_membership(request, pk), request.user))


@require_POST
@role(Role.ADMIN)
def change_role(request: CompanyRequest, pk: int) -> HttpResponse:
    """Raises LastAdministrator."""
    membership, form = _membership(request, pk), RoleForm(request.POST)
    if not form.is_valid():
        return _show(request, _blank(request))
    chosen = Role(form.cleaned_data["role"])
    members.change_role(membership, chosen, by=request.user)
    facts = {"person": membership.user, "role": chosen.label}
    return done(request, "users", _("El rol de %(person)s es ahora «%(role)s».") % facts)


@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def remove(request: CompanyRequest, pk: int) -> HttpResponse:
    """Asks, then takes her out of the company. Raises LastAdministrator."""
    membership = _membership(request, pk)
    if request.method == "GET":
        return page(request, "configuration/remove_user.html", {"membership": membership}, "dialog")
    members.remove_member(membership, by=request.user)
    return done(request, "users", _("%(person)s ya no entra a esta empresa.") % {"person": membership.user})


@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def reset_second_factor(request: CompanyRequest, pk: int) -> HttpResponse:
    """Asks, then takes her second factor off. Raises NotYoursAlone."""
    membership = _membership(request, pk)
    if request.method == "GET":
        return page(request, "configuration/reset_second_factor.html", {"membership": membership}, "dialog")
    second_factor.reset(membership, by=request.user)
    told = _("%(person)s entra ahora sin segundo factor, y podrá activar otro.")
    return done(request, "users", told % {"person": membership.user})


@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def user_sessions(request: CompanyRequest, pk: int) -> HttpResponse:
    """Shows where a member is in, and ends that. Raises NotYoursAlone."""
    membership = _membership(request, pk)
    members.require_hers_alone(membership, request.user)
    if request.method == "GET":
        context = {"membership": membership, "entries": sessions.of(membership.user)}
        return page(request, "configuration/user_sessions.html", context, "dialog")
    members.end_sessions(membership, by=request.user)
    return done(request, "users", _("%(person)s tendrá que entrar de nuevo.") % {"person": membership.user})


def _blank(request: CompanyRequest) -> InviteForm:
    return InviteForm(initial={"role": Role.PREPARER}, company=request.company)


def _show(request: CompanyRequest, form: InviteForm) -> HttpResponse:
    memberships = list(Membership.objects.of(request.company).select_related("user").order_by("user__name", "user_id"))
    held = second_factor.holders([each.user_id for each in memberships])
    rows = [
        Row(
            membership=each,
            is_pending=inviting.is_pending(each.user),
            has_second_factor=each.user_id in held,
            is_herself=each.user_id == request.user.pk,
        )
        for each in memberships
    ]
    roles = [(value, value.label, ROLES[value]) for value in Role]
    context = {"rows": rows, "form": form, "roles": roles, "is_mailed": mailer.is_configured()}
    return page(request, "configuration/users.html", context)


def _told(request: CompanyRequest, invited: Invited) -> HttpResponse:
    """Shows the link where she has to pass it on: in this answer alone, never again."""
    person = {"person": invited.membership.user.email}
    if invited.token:
        context = {"membership": invited.membership, "link": notices.link_of(invited.token)}
        return page(request, "configuration/invitation.html", context)
    if invited.was_mailed:
        return done(request, "users", _("Le escribimos a %(person)s.") % person)
    if not inviting.is_pending(invited.membership.user):
        return done(request, "users", _("%(person)s ya tiene contraseña: dígale que entre.") % person)
    told = _("%(person)s quedó en la lista, pero no le pudimos escribir. Pruebe «Invitar de nuevo» más tarde.")
    messages.warning(request, told % person)
    return follow(request, reverse("users"))


def _membership(request: CompanyRequest, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.of(request.company).select_related("user", "company"), pk=pk)
