"""What is asked of who says where an account's mails can be found after they went."""

from django import forms
from django.utils.translation import gettext_lazy

from cartero.pages.configuration.mailbox_form import MailboxForm
from cartero.pages.fields import LineField
from cartero.transport import sent_folder_editing


class SentFolderForm(MailboxForm):
    names = sent_folder_editing.FIELDS
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
