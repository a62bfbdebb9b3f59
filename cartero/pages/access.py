"""Who may see a view: `@role(Role.SENDER)` asks for a company and a role in it, `@public` lets everyone in.

Both leave `required_role` on the view; a test walks all URLs and refuses a view without it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from cartero.companies.models import Company, Membership
from cartero.companies.roles import Role, allows
from cartero.pages.http import CompanyRequest, PersonRequest, came_from

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[CompanyRequest, P], R]
AnyView = Callable[Concatenate[CompanyRequest, P], HttpResponseBase]


class RoleNeeded(PermissionDenied):
    """Her role in the company does not allow it."""

    def __init__(self, needed: Role) -> None:
        super().__init__(needed)
        self.needed = needed


def role(needed: Role) -> Callable[[View[P, R]], AnyView[P]]:
    """Asks for a login, a company and a role in it that allows what `needed` may do. Raises RoleNeeded."""

    def decorate(view: View[P, R]) -> AnyView[P]:
        @wraps(view)
        def guarded(request: CompanyRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return _way_in(request, needed) or view(request, *args, **kwargs)

        guarded.required_role = needed  # type: ignore[attr-defined]  # for the crawl
        return guarded

    return decorate


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view that needs no login, or looks after it itself."""
    view.required_role = None  # type: ignore[attr-defined]  # for the crawl
    return view


def signed_in(
    view: Callable[Concatenate[PersonRequest, P], R],
) -> Callable[Concatenate[PersonRequest, P], HttpResponseBase]:
    """Asks for a login only: for what a person does whatever the company."""

    @wraps(view)
    def guarded(request: PersonRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _to_login(request)

    guarded.required_role = None  # type: ignore[attr-defined]  # for the crawl
    return guarded


def _way_in(request: HttpRequest, needed: Role) -> HttpResponse | None:
    """Where she has to go first, or None when she may come in."""
    if not request.user.is_authenticated:
        return _to_login(request) if Company.objects.exists() else _elsewhere(request, "first_run")
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return _elsewhere(request, "choose_company")
    if not allows(membership.role, needed):
        raise RoleNeeded(needed)
    if _lacks_second_factor(request, needed):
        messages.warning(request, _("Para enviar o administrar hace falta un segundo factor. Actívelo aquí."))
        return _elsewhere(request, "mfa_activate_totp")
    return None


def _lacks_second_factor(request: HttpRequest, needed: Role) -> bool:
    """Whoever sends or administers proves who she is twice, but for a Cartero that only its own machine reaches."""
    return settings.UNDER_TLS and allows(needed, Role.SENDER) and not is_mfa_enabled(request.user)


def _to_login(request: HttpRequest) -> HttpResponse:
    """Afterwards she is on the page she asked for; what a button of it would have done, she presses again."""
    here = request.htmx.current_url_abs_path if request.htmx else None  # type: ignore[attr-defined]  # HtmxMiddleware
    asked = request.get_full_path() if request.method in ("GET", "HEAD") else came_from(request)
    answer = redirect_to_login(here or asked or resolve_url("home"))
    return HttpResponseClientRedirect(answer.url) if here else answer


def _elsewhere(request: HttpRequest, name: str) -> HttpResponse:
    htmx = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return HttpResponseClientRedirect(resolve_url(name)) if htmx else redirect(name)
