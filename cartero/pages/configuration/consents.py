"""Conectar con Google or Microsoft: her browser goes to their page, says yes there, and comes back with a code.

Nothing is kept meanwhile: `state` is signed and names the account, both it and the verifier of PKCE are bound to her
session, so that neither another person's code nor another browser's is taken for hers.
"""

from base64 import urlsafe_b64encode
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done
from cartero.platform import ids
from cartero.platform.errors import CarteroError
from cartero.transport import consent, tokens
from cartero.transport.models import MailAccount
from cartero.transport.replies import visible
from cartero.transport.ways import BY_CONSENT

SALT = "cartero.consent"
LASTS = 600  # seconds that she may take on their page


class NotHers(CarteroError):
    """An answer of an authority that nobody of this session has asked for, or too long ago."""

    text = gettext_lazy("Esta conexión ya no vale. Vuelva a Cuentas de correo y pulse Conectar otra vez.")


class SaidNo(CarteroError):
    """The authority's page sent her back without a code."""

    text = gettext_lazy(
        "No se conectó. Google o Microsoft respondió: %(why)s. Pulse Conectar para intentarlo de nuevo."
    )


@require_GET
@role(Role.ADMIN)
def connect(request: CompanyRequest, pk: int) -> HttpResponse:
    """Raises NoClient."""
    account = _account(request, pk)
    state = signing.dumps({"account": account.pk, "session": _mark(request), "once": ids.token()}, salt=SALT)
    page = consent.page_of(
        consent.client_of(account.way),
        redirect_uri=_back(request),
        state=state,
        verifier=_verifier(request, state),
        mailbox=account.username,
    )
    return HttpResponseRedirect(page)


@require_GET
@role(Role.ADMIN)
def connected(request: CompanyRequest) -> HttpResponse:
    """Raises NotHers, SaidNo, NotGiven, TooLittleGiven."""
    state = request.GET.get("state", "")
    account = _account(request, _asked(request, state)["account"])
    if not request.GET.get("code"):
        raise SaidNo(why=visible(request.GET.get("error_description") or request.GET.get("error", "")))
    given = consent.exchange(
        consent.client_of(account.way),
        code=request.GET["code"],
        verifier=_verifier(request, state),
        redirect_uri=_back(request),
    )
    tokens.keep(account, consent.given(given), by=request.user)
    told = _("La cuenta %(name)s quedó conectada. Pruébela antes de enviar.")
    return done(request, "mail_accounts", told % {"name": account.name})


def _asked(request: CompanyRequest, state: str) -> dict[str, Any]:
    """What this session's state says. Raises NotHers."""
    if not state:
        raise Http404
    try:
        asked: dict[str, Any] = signing.loads(state, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise NotHers() from error
    if not constant_time_compare(asked["session"], _mark(request)):
        raise NotHers()
    return asked


def _account(request: CompanyRequest, pk: int) -> MailAccount:
    account = get_object_or_404(MailAccount.objects.of(request.company).select_related("company"), pk=pk)
    if account.way not in BY_CONSENT:
        raise Http404
    return account


def _back(request: CompanyRequest) -> str:
    """Where the authority sends her: the host that she is at, which must be registered there."""
    return request.build_absolute_uri(reverse("mail_account_connected"))


def _mark(request: CompanyRequest) -> str:
    return salted_hmac(SALT, request.session.session_key or "", algorithm="sha256").hexdigest()


def _verifier(request: CompanyRequest, state: str) -> str:
    """43 letters that only this Cartero can make, for this session and this state (RFC 7636, 4.1)."""
    digest = salted_hmac(SALT, f"{request.session.session_key} {state}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
