"""What is asked of who says where comes what an account's mails send back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.pages.configuration.mailbox_form import MailboxForm
from cartero.pages.fields import LineField
from cartero.transport import accounts, reading_mailbox_editing

RETURN = "return_address"  # of the account itself


class ReadingMailboxForm(MailboxForm):
    names = reading_mailbox_editing.FIELDS
    folder = LineField(label=gettext_lazy("Carpeta que se lee"), max_length=200, initial="INBOX")
    moved_to = LineField(
        label=gettext_lazy("Mover lo leído a"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Solo los avisos de los correos de la cuenta. Vacía: se quedan donde están."),
    )
    return_address = LineField(
        label=gettext_lazy("Devoluciones a"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "Vacía: vuelven a la dirección de la que salen. Con un *, como rebotes+*@sudominio.com, cada correo "
            "lleva su propia marca; su servidor debe recibir esas direcciones en este buzón."
        ),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial[RETURN] = self.box.account.return_address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("moved_to") and cleaned.get("moved_to") == cleaned.get("folder"):
            self.add_error("moved_to", _("Es la misma carpeta que se lee. Elija otra, o déjela vacía."))
        return cleaned

    def clean_return_address(self) -> str:
        address = str(self.cleaned_data[RETURN])
        if not accounts.is_return_address(address):
            raise forms.ValidationError(accounts.BadReturnAddress(address=address).user_text)
        return address
