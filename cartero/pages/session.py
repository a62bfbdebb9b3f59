"""Who is in, for which company and for how long."""

import logging
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.signals import authentication_step_completed
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from cartero.accounts import devices, sessions
from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Membership
from cartero.pages.access import signed_in
from cartero.pages.http import PersonRequest, done
from cartero.platform import crypto, mailer

log = logging.getLogger(__name__)
IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
TOUCH = timedelta(minutes=10)  # how exactly idleness is known; each touch writes the session
_COMPANY = "company"
_WORKS_FOR = "_works_for"  # of a user, where the query that found her told that too


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: people are invited. Says it in Cartero's words, and mails as Cartero mails."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("El correo o la contraseña no coinciden."),
        "too_many_login_attempts": gettext_lazy("Demasiados intentos seguidos. Espere 5 minutos y vuelva a probar."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who is not active any more reads what a stranger reads."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("wrong password for %s from %s", credentials.get("email", "?"), self.get_client_ip(request))

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """All of her companies see that she came in: none is chosen yet."""
        network = devices.network(self.get_client_ip(request))
        for membership in works_for(user):
            audit.record(membership, "sign_in", user, network=network)
        answer: HttpResponse = super().post_login(request, user, **how)
        return answer

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """An account and an address: who tries passwords from elsewhere does not lock her out."""
        return f"{self.get_client_ip(request)} {super()._get_login_attempts_cache_key(request, **credentials)}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        mailer.send(email, message.subject, message.body)

    def format_email_subject(self, subject: str) -> str:
        return subject


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors lie in the database as passwords of mail accounts do: who reads a backup makes no codes."""

    def encrypt(self, text: str) -> str:
        return crypto.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(encrypted_text)


class SignedIn(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Whom a session names, and what she works for: every page asks for both, in one query."""

    def get_user(self, user_id: int) -> User | None:
        mine = Membership.objects.filter(user=user_id).select_related("company", "user").order_by("company__name")
        works_for = list(mine)
        if not works_for:
            user: User | None = super().get_user(user_id)
            return user
        user = works_for[0].user
        setattr(user, _WORKS_FOR, works_for)
        return user if self.user_can_authenticate(user) else None


def keep(request: HttpRequest, *, now: datetime) -> None:
    """Ends a session idle for 8 hours or older than 7 days, whatever its cookie says; writes down who keeps it open."""
    if not request.user.is_authenticated:
        return
    session = request.session
    began = datetime.fromisoformat(session.setdefault(sessions.BEGAN, now.isoformat()))
    seen = datetime.fromisoformat(session.get(sessions.SEEN, now.isoformat()))
    if now - began > ABSOLUTE or now - seen > IDLE:
        logout(request)
    elif sessions.SEEN not in session or now - seen > TOUCH:
        session[sessions.SEEN] = now.isoformat()
        session[sessions.DEVICE] = devices.named(request.headers.get("User-Agent", ""))
        session[sessions.NETWORK] = devices.network(get_adapter(request).get_client_ip(request))


@receiver(authentication_step_completed)
def renew(request: HttpRequest, *, reauthenticated: bool = False, **_signal: object) -> None:
    """Who proves again who she is may do more from here on: under a key that nobody can have seen (ASVS 7.2.4)."""
    if reauthenticated:
        request.session.cycle_key()


@receiver([authenticator_added, authenticator_removed])
def keep_this_alone(request: HttpRequest, user: User, **_signal: object) -> None:
    """Another second factor: where she came in without it, she comes in anew (ASVS 7.4.3)."""
    request.session.cycle_key()
    sessions.end_all(user, but=request.session.session_key)


def works_for(user: User | AnonymousUser) -> list[Membership]:
    """Hers, with their companies, by name. They came with her where the session named her."""
    known: list[Membership] | None = getattr(user, _WORKS_FOR, None)
    if known is None:
        known = list(Membership.objects.filter(user=user.pk).select_related("company").order_by("company__name"))
    return known


def membership_of(request: HttpRequest) -> Membership | None:
    """Her membership in the company of this session; of her only company where she has not chosen."""
    if not request.user.is_authenticated:
        return None
    chosen = request.session.get(_COMPANY)
    found = [each for each in works_for(request.user) if chosen in (None, each.company_id)]
    return found[0] if len(found) == 1 else None


@require_GET
@signed_in
def choose_company(request: PersonRequest) -> HttpResponse:
    """Shown when she works for several companies, or for none yet."""
    return render(request, "choose_company.html", {"memberships": works_for(request.user)})


@require_POST
@signed_in
def enter_company(request: PersonRequest, pk: int) -> HttpResponse:
    """Works for another company from here on."""
    membership = get_object_or_404(Membership, user=request.user.pk, company=pk)
    request.session.cycle_key()
    request.session[_COMPANY] = membership.company_id
    return redirect("home")


@require_GET
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """Where she is in, whatever the company."""
    return render(request, "sessions.html", {"entries": sessions.of(request.user, this=request.session.session_key)})


@require_POST
@signed_in
def end(request: PersonRequest, mark: str) -> HttpResponse:
    if not sessions.end(request.user, mark):
        raise Http404
    return done(request, "my_sessions", _("Esa sesión quedó cerrada."))


@require_POST
@signed_in
def end_others(request: PersonRequest) -> HttpResponse:
    sessions.end_all(request.user, but=request.session.session_key)
    return done(request, "my_sessions", _("Las demás sesiones quedaron cerradas."))
