"""What is asked of who says where an account's mails can be found after they went."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.pages.configuration.fields import LineField
from cartero.transport import sent_folder, sent_folder_editing
from cartero.transport.imap import IMAP_PORTS
from cartero.transport.models import SentFolder
from cartero.transport.presets import Security
from cartero.transport.ways import BY_CONSENT


class SentFolderForm(forms.Form):
    """`sent` may be new. Its password is never shown; left empty, the old one stays, or the account's is used."""

    host = LineField(label=gettext_lazy("Servidor IMAP"), max_length=253)
    port = forms.TypedChoiceField(
        label=gettext_lazy("Puerto"), coerce=int, choices=[(port, str(port)) for port in sorted(IMAP_PORTS)]
    )
    security = forms.ChoiceField(label=gettext_lazy("Seguridad"), choices=Security.choices)
    username = LineField(
        label=gettext_lazy("Usuario"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Vacío: el de la cuenta."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Contraseña"),
        max_length=1_000,
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    name = LineField(
        label=gettext_lazy("Carpeta"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Vacía: Cartero busca la de enviados, como se llame."),
    )
    keeps_all = forms.BooleanField(
        label=gettext_lazy("El proveedor guarda allí todo lo que sale"),
        required=False,
        help_text=gettext_lazy(
            "Gmail y Microsoft 365 lo hacen. Si no lo hace, que un correo no esté allí no prueba nada."
        ),
    )

    def __init__(self, *args: Any, sent: SentFolder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(sent, name) for name in sent_folder_editing.FIELDS}
        self.sent = sent
        self.fields["password"].help_text = self._password_help()
        if sent.private_allowed:  # by the operator, who may name any port
            ports = sorted({sent.port, *IMAP_PORTS})
            self.fields["port"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                (port, str(port)) for port in ports
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "host" in cleaned and "port" in cleaned and not self._is_granted(cleaned):
            self._check_place(cleaned)
        return cleaned

    def values(self) -> dict[str, Any]:
        """Of a valid form, as `sent_folder_editing.save` takes them."""
        return {name: self.cleaned_data[name] for name in sent_folder_editing.FIELDS}

    def _is_granted(self, cleaned: dict[str, Any]) -> bool:
        """The operator has allowed this very server."""
        return self.sent.private_allowed and (cleaned["host"], cleaned["port"]) == (self.sent.host, self.sent.port)

    def _check_place(self, cleaned: dict[str, Any]) -> None:
        host, port = cleaned["host"], cleaned["port"]
        if sent_folder_editing.is_forbidden(host, port):
            text = _("Ese servidor es de una red privada o de este equipo. Solo quien opera Cartero puede permitirlo.")
            self.add_error("host", text)
        if cleaned.get("security") == Security.NONE:
            self.add_error("security", _("Así la contraseña viajaría sin cifrar. Elija STARTTLS o TLS."))
        has_own = (host, port) == (self.sent.host, self.sent.port) and bool(self.sent.password_sealed)
        if not cleaned.get("password") and not has_own and not self._may_share(host):
            self.add_error("password", _("Escriba la contraseña del buzón: la de la cuenta es de otro servidor."))

    def _may_share(self, host: str) -> bool:
        return sent_folder.shares_login(self.sent.account, host)

    def _password_help(self) -> str:
        if self.sent.password_sealed:
            return _("Hay una guardada. Déjela vacía para no cambiarla.")
        if self.sent.account.way in BY_CONSENT:
            return _("Vacía: entra con el permiso que se dio a la cuenta.")
        return _("Vacía: la de la cuenta, si es el mismo proveedor.")
