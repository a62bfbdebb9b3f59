"""What is asked of who says in which mailbox, over IMAP, something of an account can be read."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cartero.pages.configuration.server_form import ServerForm
from cartero.transport import mailbox_editing, sent_folder
from cartero.transport.imap import IMAP_PORTS
from cartero.transport.models import ReadingMailbox, SentFolder
from cartero.transport.presets import Security
from cartero.transport.ways import BY_CONSENT


class MailboxForm(ServerForm):
    """`box` may be new. Where it has no password of its own, the account's is used."""

    names: Sequence[str] = ()  # of the fields that are kept
    ports = IMAP_PORTS

    def __init__(self, *args: Any, box: SentFolder | ReadingMailbox, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(box, name) for name in self.names}
        self.box = box
        self.fields["password"].help_text = self._password_help()
        self.fields["host"].label = _("Servidor IMAP")
        self.fields["username"].help_text = _("Vacío: el de la cuenta.")
        self.offer_ports(box)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "host" in cleaned and "port" in cleaned and not self._is_granted(cleaned):
            self._check_place(cleaned)
        return cleaned

    def values(self) -> dict[str, Any]:
        """Of a valid form, as it is saved."""
        return {name: self.cleaned_data[name] for name in self.names}

    def _is_granted(self, cleaned: dict[str, Any]) -> bool:
        """The operator has allowed this very server."""
        return self.box.private_allowed and (cleaned["host"], cleaned["port"]) == (self.box.host, self.box.port)

    def _check_place(self, cleaned: dict[str, Any]) -> None:
        host, port = cleaned["host"], cleaned["port"]
        if mailbox_editing.is_forbidden(host, port):
            text = _("Ese servidor es de una red privada o de este equipo. Solo quien opera Cartero puede permitirlo.")
            self.add_error("host", text)
        if cleaned.get("security") == Security.NONE:
            self.add_error("security", _("Así la contraseña viajaría sin cifrar. Elija STARTTLS o TLS."))
        has_own = (host, port) == (self.box.host, self.box.port) and bool(self.box.password_sealed)
        if not cleaned.get("password") and not has_own and not self._may_share(host):
            self.add_error("password", _("Escriba la contraseña del buzón: la de la cuenta es de otro servidor."))

    def _may_share(self, host: str) -> bool:
        return sent_folder.shares_login(self.box.account, host)

    def _password_help(self) -> str:
        if self.box.password_sealed:
            return _("Hay una guardada. Déjela vacía para no cambiarla.")
        if self.box.account.way in BY_CONSENT:
            return _("Vacía: entra con el permiso que se dio a la cuenta.")
        return _("Vacía: la de la cuenta, si es el mismo proveedor.")
