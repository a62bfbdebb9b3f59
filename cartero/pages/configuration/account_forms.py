"""What is asked of a mail account: who sends, within which limits, and what its way of leaving needs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.companies.models import Company
from cartero.pages.configuration.server_form import ServerForm
from cartero.pages.fields import AddressField, LineField
from cartero.transport import editing, presets, providers
from cartero.transport.models import MailAccount
from cartero.transport.presets import MB, Preset, Security
from cartero.transport.providers import AWS_REGION, PROVIDERS
from cartero.transport.resolving import MAIL_PORTS
from cartero.transport.ways import BY_API, BY_CONSENT, Way

MOST_CONNECTIONS = 50
MOST_RECIPIENTS = 10_000_000
WEB_PORT = 443


class MailAccountForm(forms.Form):
    """What every account is asked. `account` may be new, or leave in another way until now."""

    way = Way.PASSWORD
    name = LineField(
        label=gettext_lazy("Nombre"), max_length=60, help_text=gettext_lazy("Para reconocerla: «Facturación».")
    )
    from_address = AddressField(label=gettext_lazy("Sale desde"))
    from_name = LineField(label=gettext_lazy("Nombre de quien envía"), max_length=200, required=False)
    reply_to = AddressField(label=gettext_lazy("Responder a"), required=False)
    per_minute = forms.IntegerField(
        label=gettext_lazy("Por minuto"), required=False, min_value=1, max_value=MOST_RECIPIENTS
    )
    per_hour = forms.IntegerField(
        label=gettext_lazy("Por hora"), required=False, min_value=1, max_value=MOST_RECIPIENTS
    )
    per_day = forms.IntegerField(label=gettext_lazy("Por día"), required=False, min_value=1, max_value=MOST_RECIPIENTS)
    connections = forms.IntegerField(label=gettext_lazy("Conexiones a la vez"), min_value=1, max_value=MOST_CONNECTIONS)
    max_mb = forms.IntegerField(label=gettext_lazy("Correo más grande, en MB"), min_value=1, max_value=150, initial=25)

    def __init__(self, *args: Any, account: MailAccount, preset: Preset, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.preset, self.way = account, preset, way

    @property
    def is_same_way(self) -> bool:
        return self.account.pk is not None and self.account.way == self.way

    def clean_max_mb(self) -> int:
        return int(self.cleaned_data["max_mb"]) * MB

    def values(self) -> dict[str, Any]:
        """Of a valid form, as `editing.save` takes them."""
        asked = {name: self.cleaned_data[name] for name in editing.FIELDS if name in self.cleaned_data}
        own = {"username": "", "region": ""} | self._place() | asked
        return own | {"way": self.way, "max_size": self.cleaned_data["max_mb"]}

    def _place(self) -> dict[str, Any]:
        """Host, port and security, where the form does not ask them."""
        return {}


class PasswordForm(ServerForm, MailAccountForm):
    """SMTP with user and password, or with neither."""

    ports = MAIL_PORTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_same_way and self.account.password_sealed:
            self.fields["password"].help_text = _("Hay una guardada. Déjela vacía para no cambiarla.")
        self.offer_ports(self.account)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "host" in cleaned and "port" in cleaned and not self._is_granted(cleaned):
            self._check_place(cleaned)
        return cleaned

    def _is_granted(self, cleaned: dict[str, Any]) -> bool:
        """The operator has allowed this very server."""
        same = (cleaned["host"], cleaned["port"]) == (self.account.host, self.account.port)
        return self.account.private_allowed and same and self.is_same_way

    def _check_place(self, cleaned: dict[str, Any]) -> None:
        place = (cleaned["host"], cleaned["port"])
        if editing.is_forbidden(*place):
            text = _("Ese servidor es de una red privada o de este equipo. Solo quien opera Cartero puede permitirlo.")
            self.add_error("host", text)
        has_user = bool(cleaned.get("username"))
        if has_user and cleaned.get("security") == Security.NONE:
            self.add_error("security", _("Así la contraseña viajaría sin cifrar. Elija STARTTLS o TLS."))
        is_moved = place != (self.account.host, self.account.port) or not self.is_same_way
        if has_user and is_moved and not cleaned.get("password"):
            text = _("Escriba la contraseña: la guardada es de otro servidor.")
            self.add_error("password", text if self.account.password_sealed else _("Escriba la contraseña."))


class ConsentForm(MailAccountForm):
    """SMTP with leave that Google or Microsoft gives on its own page, after this one."""

    username = AddressField(
        label=gettext_lazy("Buzón que se conecta"),
        help_text=gettext_lazy("Con él se entra en la página de Google o Microsoft; de él salen los correos."),
    )

    def _place(self) -> dict[str, Any]:
        """The operator may have put it elsewhere; a person leaves it where it is."""
        at: MailAccount | Preset = self.account if self.is_same_way else self.preset
        return {"host": at.host, "port": at.port, "security": str(at.security)}


class ApiForm(MailAccountForm):
    """The API of a provider. Its key is a password: never shown, and left empty the old one stays."""

    region = forms.ChoiceField(label=gettext_lazy("Región"))
    username = LineField(
        max_length=254, widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
    )
    password = forms.CharField(
        max_length=1_000, required=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = PROVIDERS[self.way]
        self.fields["username"].label = str(provider.user_label)
        self.fields["password"].label = str(provider.key_label)
        if self.is_same_way and self.account.password_sealed:
            self.fields["password"].help_text = _("Hay una guardada. Déjela vacía para no cambiarla.")
        if not provider.user_label:
            del self.fields["username"]
        if provider.regions:
            regions = dict.fromkeys((*provider.regions, *filter(None, [self.account.region])))
            self.fields["region"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                (region, region) for region in regions
            ]
        else:
            del self.fields["region"]

    def clean_region(self) -> str:
        region = str(self.cleaned_data["region"])
        if self.way == Way.SES and not AWS_REGION.fullmatch(region):
            raise forms.ValidationError(_("Elija una región de la lista."))
        return region

    def clean_password(self) -> str:
        key = str(self.cleaned_data["password"])
        if not key.isascii() or not key.isprintable() or " " in key:  # it will stand in a header
            raise forms.ValidationError(_("La clave tiene letras que ninguna clave tiene. Cópiela otra vez."))
        is_moved = "region" not in self.errors and self.account.host != self._place()["host"]
        if not key and (is_moved or not self.is_same_way or not self.account.password_sealed):
            raise forms.ValidationError(_("Escriba la clave."))
        return key

    def _place(self) -> dict[str, Any]:
        host = providers.host_of(self.way, self.cleaned_data.get("region", ""))
        return {"host": host, "port": WEB_PORT, "security": str(Security.TLS)}


def form_for(way: Way) -> type[MailAccountForm]:
    if way in BY_CONSENT:
        return ConsentForm
    return ApiForm if way in BY_API else PasswordForm


def of_account(account: MailAccount) -> dict[str, Any]:
    """What the form of an account begins with."""
    shown = {name: getattr(account, name) for name in editing.FIELDS if name != "max_size"}
    return shown | {"max_mb": account.max_size // MB}


def of_preset(preset: Preset, way: Way, company: Company) -> dict[str, Any]:
    """What the form of a new account begins with, at a known provider."""
    names = ("host", "port", "security", "per_minute", "per_hour", "per_day", "connections")
    shown = {name: getattr(preset, name) for name in names} | {"max_mb": preset.max_size // MB}
    if way in BY_API:
        provider = PROVIDERS[way]
        shown |= {"connections": provider.connections, "max_mb": provider.max_size // MB}
    return shown | {"name": preset.name, "from_name": company.known_as, "reply_to": company.email}


def ways_at(preset: Preset, set_up: Mapping[Way, bool]) -> list[Way]:
    """How an account at this provider may leave: by leave only where the operator has registered this Cartero."""
    other = preset.other
    return [Way.PASSWORD, *([other] if other and set_up.get(other, True) else [])]


def preset_of(account: MailAccount, other: Preset) -> Preset:
    """The provider that an account is at; `other` where none is known."""
    if account.way != Way.PASSWORD:
        return next(
            (each for each in presets.PRESETS.values() if each.other == account.way and each.host == account.host),
            presets.of_way(Way(account.way)),
        )
    return next((each for each in presets.PRESETS.values() if each.host and each.host == account.host), other)
