"""What is asked of who configures: the company, its mail accounts, its templates, who works for it."""

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.companies import inviting, look
from cartero.companies.models import Company, Country, Membership
from cartero.companies.roles import Role
from cartero.mailings.models import MessageTemplate
from cartero.mailings.states import MailingKind
from cartero.pages.editor import MessageField, SubjectField
from cartero.pages.fields import AddressField, LineField
from cartero.platform import formats
from cartero.platform.errors import CarteroError


class CompanyForm(forms.Form):
    name = LineField(label=gettext_lazy("Razón social"), max_length=200)
    trade_name = LineField(label=gettext_lazy("Nombre comercial"), max_length=200, required=False)
    address = LineField(label=gettext_lazy("Dirección"), max_length=200, required=False)
    city = LineField(label=gettext_lazy("Ciudad"), max_length=100, required=False)
    phone = LineField(label=gettext_lazy("Teléfono"), max_length=60, required=False)
    email = AddressField(
        label=gettext_lazy("Correo para respuestas"),
        required=False,
        help_text=gettext_lazy("Aquí llegan las respuestas y los eventos (acuse, reclamo) de quienes reciben."),
    )
    country = forms.ChoiceField(label=gettext_lazy("País"), choices=Country.choices)
    timezone = forms.ChoiceField(
        label=gettext_lazy("Zona horaria"), choices=lambda: [(name, name.replace("_", " ")) for name in _zones()]
    )
    color = forms.CharField(
        label=gettext_lazy("Color"),
        max_length=7,
        widget=forms.TextInput({"type": "color"}),
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", gettext_lazy("Escriba el color así: #2548b0."))],
        help_text=gettext_lazy("Cabecera del correo y del PDF. El texto encima se hace blanco o negro, según se lea."),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/png,image/jpeg"}),
        help_text=gettext_lazy("PNG o JPG, hasta 2 MB. Sin elegir uno, queda el que está."),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Quitar el logo"), required=False)

    def clean_logo(self) -> bytes:
        """The logo as it will be kept; nothing where none was chosen."""
        chosen = self.cleaned_data["logo"]
        if not chosen:
            return b""
        try:
            if chosen.size > look.MOST_BYTES:
                raise look.LogoTooHeavy(size=formats.size(chosen.size), most=formats.size(look.MOST_BYTES))
            return look.as_png(chosen.read())
        except CarteroError as error:
            raise ValidationError(error.user_text) from error


class ProbeForm(forms.Form):
    to = AddressField(label=gettext_lazy("Enviar el correo de prueba a"))


class TemplateForm(forms.Form):
    name = LineField(label=gettext_lazy("Nombre de la plantilla"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("Para"), choices=MailingKind.choices, widget=forms.RadioSelect)
    subject = SubjectField(
        label=gettext_lazy("Asunto"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("En una entrega legal lo fija la DIAN, y este no se usa."),
    )
    message_html = MessageField(label=gettext_lazy("Mensaje"), max_length=100_000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == MailingKind.COPY and not cleaned.get("subject") and "subject" not in self.errors:
            self.add_error("subject", _("Escriba un asunto, por ejemplo «Recordatorio de {{ factura.numero }}»."))
        return cleaned

    def apply(self, template: MessageTemplate) -> MessageTemplate:
        """`template` with what is valid here; not saved."""
        template.name, template.kind = self.cleaned_data["name"], self.cleaned_data["kind"]
        template.subject, template.message_html = self.cleaned_data["subject"], self.cleaned_data["message_html"]
        return template


ROLES = {
    Role.READER: gettext_lazy("Ve todo y no cambia nada."),
    Role.PREPARER: gettext_lazy("Importa, corrige correos, edita plantillas, registra y prueba envíos."),
    Role.SENDER: gettext_lazy("Además inicia, detiene, reanuda y cancela envíos."),
    Role.ADMIN: gettext_lazy("Además configura la empresa, las cuentas de correo y los usuarios."),
}


class InviteForm(forms.Form):
    """For one who is not in `company` yet."""

    email = AddressField(label=gettext_lazy("Correo"))
    name = LineField(label=gettext_lazy("Nombre"), max_length=200, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Rol"), choices=Role.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if Membership.objects.of(self.company).filter(user__email=email.lower()).exists():
            raise ValidationError(inviting.AlreadyMember(email=email).user_text)
        return email


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


def _zones() -> list[str]:
    ours = sorted(
        name for name in zoneinfo.available_timezones() if name.startswith(("America/", "Europe/", "Pacific/"))
    )
    return ["America/Bogota", *(name for name in ours if name != "America/Bogota"), "UTC"]
