"""Cuentas de correo: where the company's mails leave from, whether they do, and Probar."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
from cartero.pages.access import role
from cartero.pages.configuration import forms
from cartero.pages.configuration.forms import MailAccountForm, ProbeForm
from cartero.pages.http import CompanyRequest, done, page
from cartero.platform import formats
from cartero.transport import editing, probing
from cartero.transport.dns import Level
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.models import MailAccount
from cartero.transport.presets import PRESETS, Preset, Security

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
    """An account in the list; `state` is a look of badge.css."""

    account: MailAccount
    state: str
    word: str | Promise
    reason: str | Promise
    is_held: bool


@require_GET
@role(Role.ADMIN)
def index(request: CompanyRequest) -> HttpResponse:
    accounts = MailAccount.objects.of(request.company).order_by("-is_active", "pk")
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
    first = forms.of_preset(preset, request.company)
    return _edit(request, account, MailAccountForm(_posted(request), account=account, initial=first), preset)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = MailAccountForm(_posted(request), account=account, initial=forms.of_account(account))
    return _edit(request, account, form, _preset_of(account))


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


def _edit(request: CompanyRequest, account: MailAccount, form: MailAccountForm, preset: Preset) -> HttpResponse:
    if form.is_valid():
        try:
            editing.save(account, form.values(), form.cleaned_data["password"], by=request.user)
        except editing.NameTaken as error:
            form.add_error("name", error.user_text)
        else:
            return done(request, "mail_accounts", _("La cuenta quedó guardada. Pruébela antes de enviar."))
    return page(request, "configuration/mail_account.html", {"form": form, "account": account, "preset": preset})


def _row(account: MailAccount, now: datetime) -> Row:
    is_held = bool(account.stopped_reason or (account.paused_until and account.paused_until > now))
    state, word, reason = _state(account, now)
    return Row(account=account, state=state, word=word, reason=reason, is_held=is_held)


def _state(account: MailAccount, now: datetime) -> tuple[str, str | Promise, str | Promise]:
    if not account.is_active:
        return "cancelled", _("Desactivada"), ""
    if account.stopped_reason:
        return "failed", _("No deja enviar"), _happened(account.stopped_reason)
    if account.paused_until and account.paused_until > now:
        until = formats.since(account.paused_until, now, timezone.get_current_timezone())
        return "retry", _("En pausa hasta: %(until)s") % {"until": until}, _happened(account.pause_reason)
    return ("ok", _("Responde"), "") if account.tested_at else ("unsent", _("Sin probar"), "")


def _happened(reason: str) -> str | Promise:
    return EXPLANATIONS[reason].happened if reason in EXPLANATIONS else reason


def _account(request: CompanyRequest, pk: int) -> MailAccount:
    return get_object_or_404(MailAccount.objects.of(request.company).select_related("company"), pk=pk)


def _preset_of(account: MailAccount) -> Preset:
    return next((preset for preset in PRESETS.values() if preset.host and preset.host == account.host), OTHER)


def _posted(request: CompanyRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
