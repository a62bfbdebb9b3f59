"""What is asked of whoever names a server, of mails or of a mailbox, and who logs in there."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cartero.pages.fields import LineField
from cartero.transport.models import MailAccount, ReadingMailbox, SentFolder
from cartero.transport.presets import Security


class ServerForm(forms.Form):
    """The password is never shown; left empty, the old one stays."""

    ports: ClassVar[frozenset[int]]
    host = LineField(label=_("Servidor"), max_length=253)
    port = forms.TypedChoiceField(label=_("Puerto"), coerce=int)
    security = forms.ChoiceField(label=_("Seguridad"), choices=Security.choices)
    username = LineField(
        label=_("Usuario"),
        max_length=254,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Contraseña"),
        max_length=1_000,
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def offer_ports(self, now: MailAccount | SentFolder | ReadingMailbox) -> None:
        """Those that such servers have; one that the operator has allowed may be at any."""
        ports = self.ports | {now.port} if now.private_allowed else self.ports
        self.fields["port"].choices = [(port, str(port)) for port in sorted(ports)]  # type: ignore[attr-defined]  # a ChoiceField
