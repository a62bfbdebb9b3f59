"""Página de quien recibe: whether mails have a link, how long it is good for, where one pays, whether a pixel."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cartero.companies import outside
from cartero.companies import recipient_page as choices
from cartero.companies.recipient_page import MOST_DAYS, Choice
from cartero.companies.roles import Role
from cartero.composing import fields, pay_address
from cartero.pages.access import role
from cartero.pages.editor import refuse_unknown
from cartero.pages.fields import LineField
from cartero.pages.http import CompanyRequest, done, page

_NAMES = ("has_links", "link_days", "pay_url", "has_pixel")


class RecipientPageForm(forms.Form):
    has_links = forms.BooleanField(
        label=gettext_lazy("Poner en cada correo un botón para ver los documentos en línea"),
        required=False,
        help_text=gettext_lazy(
            "Los documentos siguen yendo adjuntos. Al apagarlo, los enlaces que ya salieron dejan de servir."
        ),
    )
    link_days = forms.IntegerField(
        label=gettext_lazy("Días que sirve cada enlace"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=gettext_lazy("Desde que salió el correo."),
    )
    pay_url = LineField(
        label=gettext_lazy("Página de pagos"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "Adonde lleva el botón «Pagar». Vacía: no hay botón. Debe empezar por https://. Puede llevar comodines, "
            "que cada correo llena sin puntos ni signos: "
            "https://pagos.example.co/?ref={{ factura.numero }}&nit={{ tercero.nit }}&valor={{ factura.saldo }}"
        ),
    )
    has_pixel = forms.BooleanField(
        label=gettext_lazy("Poner en cada correo una imagen invisible que avisa cuando se abre"),
        required=False,
        help_text=gettext_lazy(
            "Ley 1581 de 2012 (habeas data): enciéndala solo si a quien recibe se le informó y lo autorizó. "
            "Va solo en correos con enlace. Una apertura nunca se muestra como «vista»: "
            "muchos programas de correo abren las imágenes por sí solos."
        ),
    )

    def clean_pay_url(self) -> str:
        address = str(self.cleaned_data["pay_url"])
        if not address:
            return ""
        wrong = _(
            "«%(address)s» no es una dirección segura. Escríbala completa, por ejemplo https://pagos.example.co/."
        )
        refuse_unknown(fields.unknown(address))
        sample = pay_address.sample(address)
        try:
            URLValidator(schemes=["https"])(sample)
        except ValidationError as error:
            raise ValidationError(wrong % {"address": address}) from error
        # `https://bank.example@elsewhere.example` misleads who pays
        if urlsplit(sample).username is not None or pay_address.names_host(address):
            raise ValidationError(wrong % {"address": address})
        return address

    def choice(self) -> Choice:
        chosen: dict[str, Any] = {name: self.cleaned_data[name] for name in _NAMES}
        return Choice(**chosen)


@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def recipient_page(request: CompanyRequest) -> HttpResponse:
    first = {name: getattr(request.company, name) for name in _NAMES}
    form = RecipientPageForm(request.POST if request.method == "POST" else None, initial=first)
    if not form.is_valid():
        context = {"form": form, "trouble": outside.trouble() if request.company.has_links else ""}
        return page(request, "configuration/recipient_page.html", context)
    choices.choose(request.company, form.choice(), by=request.user)
    return done(request, "recipient_page", _("Guardado. Vale para los correos que salgan desde ahora."))
