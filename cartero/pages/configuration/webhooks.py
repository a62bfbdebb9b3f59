"""Avisos del proveedor of a mail account: where its provider calls with what became of each mail."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.configuration import strangers
from cartero.pages.configuration.webhook_steps import KEYS, STEPS
from cartero.pages.http import CompanyRequest, done, page
from cartero.tracking import webhook_editing, webhooks
from cartero.tracking.models import Webhook
from cartero.transport.models import MailAccount
from cartero.transport.providers import PROVIDERS
from cartero.transport.ways import Way


class KeyForm(forms.Form):
    """The key with which a provider signs. Never shown again."""

    secret = forms.CharField(
        max_length=1_000, widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"})
    )

    def __init__(self, *args: Any, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way = way
        self.fields["secret"].label = KEYS.get(way, "")

    def clean_secret(self) -> str:
        secret = str(self.cleaned_data["secret"])
        try:
            webhooks.reader_of(self.way, secret)
        except ValueError as error:
            raise forms.ValidationError(_("Esa no es la clave completa. Cópiela otra vez de su proveedor.")) from error
        return secret


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def webhook(request: CompanyRequest, pk: int) -> HttpResponse:
    """The POST keeps the key with which the provider signs."""
    account = _account(request, pk)
    known = webhook_editing.of(account)
    form = KeyForm(request.POST if request.method == "POST" else None, way=_provider(account))
    if known and _provider(account) in webhooks.SIGNING and form.is_valid():
        webhook_editing.sign_with(known, form.cleaned_data["secret"], by=request.user)
        return done(request, request.path, _("La clave quedó guardada."))
    return page(request, "configuration/webhook.html", {"account": account, "form": form, **_shown(account, known)})


@require_POST
@role(Role.ADMIN)
def open_webhook(request: CompanyRequest, pk: int) -> HttpResponse:
    """A first address, or a new one."""
    account = _account(request, pk)
    webhook_editing.open_for(account, by=request.user)
    return done(request, reverse("webhook", args=[account.pk]), _("Hay una dirección nueva. Póngala en su proveedor."))


def _shown(account: MailAccount, known: Webhook | None) -> dict[str, Any]:
    way = _provider(account)
    return {
        "provider": PROVIDERS[way].name,
        "webhook": known,
        "address": webhook_editing.address_of(known) if known else "",
        "is_signing": way in webhooks.SIGNING,
        "is_reachable": settings.UNDER_TLS,
        "steps": STEPS[way],
        "is_by_smtp": account.way == Way.PASSWORD,
        **strangers.of(account),
    }


def _provider(account: MailAccount) -> Way:
    if account.provider is None:
        raise Http404
    return account.provider


def _account(request: CompanyRequest, pk: int) -> MailAccount:
    account = get_object_or_404(MailAccount.objects.of(request.company).select_related("company"), pk=pk)
    _provider(account)
    return account
