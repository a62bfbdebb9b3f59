"""Cuentas de correo: where the company's mails leave from, whether they do, and Probar."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cartero.accounts.models import User
from cartero.companies.roles import Role
from cartero.pages import moments
from cartero.pages.access import role
from cartero.pages.configuration import account_forms
from cartero.pages.configuration.forms import ProbeForm
from cartero.pages.http import CompanyRequest, done, page
from cartero.transport import consent, editing, probing
from cartero.transport.authorities import AUTHORITIES
from cartero.transport.dns import Level
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.models import MailAccount
from cartero.transport.presets import PRESETS, Preset, Security
from cartero.transport.providers import PROVIDERS
from cartero.transport.ways import BY_CONSENT, Way

OTHER = Preset(name="", host="", port=587, security=Security.STARTTLS)
# How each finding about a domain looks (badge.css), and the word of it.
LEVELS: Mapping[Level, tuple[str, str | Promise]] = {
    Level.GOOD: ("ok", gettext_lazy("Bien")),
    Level.WARNING: ("retry", gettext_lazy("Por mejorar")),
    Level.MISSING: ("no_address", gettext_lazy("Falta")),
    Level.WRONG: ("failed", gettext_lazy("Mal")),
    Level.UNKNOWN: ("in_doubt", gettext_lazy("No se pudo consultar")),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """An account in the list; `state` is a look of badge.css.

    `authority` names whose leave it needs, `since` when that was given.
    """

    account: MailAccount
    authority: str
    since: datetime | None
    state: str
    word: str | Promise
    reason: str | Promise
    is_held: bool
    takes_calls: bool  # of its provider, about what became of mails


@require_GET
@role(Role.ADMIN)
def index(request: CompanyRequest) -> HttpResponse:
    kept = MailAccount.objects.of(request.company).select_related("grant", "sent_folder", "reading_mailbox")
    accounts = kept.order_by("-is_active", "pk")
    rows = [_row(account, timezone.now()) for account in accounts]
    return page(request, "configuration/mail_accounts.html", {"rows": rows})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def new(request: CompanyRequest) -> HttpResponse:
    """First the provider (`?proveedor=gmail`, `?proveedor=otro`), then the rest. Raises NameTaken."""
    chosen = request.GET.get("proveedor", "")
    preset = PRESETS.get(chosen, OTHER)
    if request.method == "GET" and chosen not in {*PRESETS, "otro"}:
        return page(request, "configuration/providers.html", {"presets": PRESETS.items()})
    account = MailAccount(company=request.company)
    way = _chosen_way(request, preset, Way.PASSWORD)
    return _edit(request, account, _Choice(preset, way, account_forms.of_preset(preset, way, request.company)))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    """Another way for the account is `?forma=google`."""
    account = _account(request, pk)
    preset = account_forms.preset_of(account, OTHER)
    way = _chosen_way(request, preset, Way(account.way))
    return _edit(request, account, _Choice(preset, way, _first(account, preset, way)))


@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def probe(request: CompanyRequest, pk: int) -> HttpResponse:
    """The POST sends a mail, and takes as long as the server does. Raises SealBroken."""
    account = _account(request, pk)
    form = ProbeForm(_posted(request), initial={"to": request.user.email})
    context: dict[str, object] = {"account": account, "form": form}
    if form.is_valid():
        done_ = probing.probe(account, form.cleaned_data["to"], by=request.user, now=timezone.now())
        context |= {"probe": done_, "findings": [(finding, *LEVELS[finding.level]) for finding in done_.findings]}
    return page(request, "configuration/probe.html", context, "probe")


@require_POST
@role(Role.ADMIN)
def move(request: CompanyRequest, pk: int, verb: str) -> HttpResponse:
    account = _account(request, pk)
    act, told = VERBS[verb]
    act(account, request.user)
    return done(request, "mail_accounts", told % {"name": account.name})


def _activate(account: MailAccount, by: User) -> None:
    editing.set_active(account, active=True, by=by)


def _deactivate(account: MailAccount, by: User) -> None:
    editing.set_active(account, active=False, by=by)


# By the word that the address has for it.
VERBS: Mapping[str, tuple[Callable[[MailAccount, User], None], Promise]] = {
    "activar": (_activate, gettext_lazy("La cuenta %(name)s puede enviar otra vez.")),
    "desactivar": (_deactivate, gettext_lazy("La cuenta %(name)s quedó desactivada; ningún envío nuevo sale de ella.")),
    "seguir": (editing.clear, gettext_lazy("La cuenta %(name)s vuelve a intentarlo ya.")),
}


def _edit(request: CompanyRequest, account: MailAccount, choice: "_Choice") -> HttpResponse:
    kind = account_forms.form_for(choice.way)
    form = kind(_posted(request), initial=choice.first, account=account, preset=choice.preset, way=choice.way)
    if form.is_valid():
        try:
            editing.save(account, form.values(), form.cleaned_data.get("password", ""), by=request.user)
        except editing.NameTaken as error:
            form.add_error("name", error.user_text)
        else:
            return done(request, "mail_accounts", _saved(account))
    ways = account_forms.ways_at(choice.preset, _set_up())
    context = {"form": form, "account": account, "ways": dict.fromkeys([*ways, choice.way]), "choice": choice}
    return page(request, "configuration/mail_account.html", context)


@dataclass(frozen=True)
class _Choice:
    """Provider and way of the account that is edited, and what its form begins with."""

    preset: Preset
    way: Way
    first: dict[str, Any]

    @property
    def hint(self) -> str | Promise:
        if self.way in PROVIDERS:
            return PROVIDERS[self.way].hint
        return "" if self.way in BY_CONSENT else self.preset.hint


def _chosen_way(request: CompanyRequest, preset: Preset, usual: Way) -> Way:
    chosen = request.GET.get("forma", "")
    return Way(chosen) if chosen in account_forms.ways_at(preset, _set_up()) else usual


def _set_up() -> Mapping[Way, bool]:
    return {way: consent.is_set_up(way) for way in BY_CONSENT}


def _first(account: MailAccount, preset: Preset, way: Way) -> dict[str, Any]:
    """Of an account that is there; in another way than its own it begins at its provider's place."""
    own = account_forms.of_account(account)
    if way == account.way:
        return own
    place = account_forms.of_preset(preset, way, account.company)
    return own | {name: place[name] for name in ("host", "port", "security", "connections", "max_mb")}


def _saved(account: MailAccount) -> str:
    if account.way in BY_CONSENT and MailAccount.objects.of(account.company).filter(pk=account.pk, grant=None).exists():
        return _("La cuenta quedó guardada. Ahora conéctela con %(authority)s.") % {"authority": _authority(account)}
    return _("La cuenta quedó guardada. Pruébela antes de enviar.")


def _row(account: MailAccount, now: datetime) -> Row:
    is_held = bool(account.stopped_reason or (account.paused_until and account.paused_until > now))
    state, word, reason = _state(account, now)
    return Row(
        account=account,
        authority=_authority(account),
        since=_since(account),
        state=state,
        word=word,
        reason=reason,
        is_held=is_held,
        takes_calls=account.provider is not None,
    )


def _state(account: MailAccount, now: datetime) -> tuple[str, str | Promise, str | Promise]:
    if not account.is_active:
        return "cancelled", _("Desactivada"), ""
    if account.stopped_reason:
        return "failed", _("No deja enviar"), _happened(account.stopped_reason)
    if account.paused_until and account.paused_until > now:
        until = moments.within(account.paused_until)
        return "retry", _("En pausa: sigue %(until)s") % {"until": until}, _happened(account.pause_reason)
    if account.way in BY_CONSENT and _since(account) is None:
        return "unsent", _("Sin conectar"), ""
    return ("ok", _("Responde"), "") if account.tested_at else ("unsent", _("Sin probar"), "")


def _happened(reason: str) -> str | Promise:
    return EXPLANATIONS[reason].happened if reason in EXPLANATIONS else reason


def _account(request: CompanyRequest, pk: int) -> MailAccount:
    return get_object_or_404(MailAccount.objects.of(request.company).select_related("company"), pk=pk)


def _authority(account: MailAccount) -> str:
    return AUTHORITIES[Way(account.way)].name if account.way in BY_CONSENT else ""


def _since(account: MailAccount) -> datetime | None:
    grant = getattr(account, "grant", None)  # none is an error of Django's
    return grant.granted_at if grant else None


def _posted(request: CompanyRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
