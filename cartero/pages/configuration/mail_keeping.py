"""Correos guardados: whether a company keeps the exact mails that it sends."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cartero.companies import mail_keeping as keeping
from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page


class MailKeepingForm(forms.Form):
    keeps = forms.ChoiceField(
        label=gettext_lazy("De cada correo que sale"),
        choices=[
            ("no", gettext_lazy("Guardar sus huellas y con qué se hizo: se vuelve a hacer igual cuando haga falta.")),
            ("yes", gettext_lazy("Guardar además el correo exacto, comprimido: se puede descargar tal como salió.")),
        ],
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def mail_keeping(request: CompanyRequest) -> HttpResponse:
    first = {"keeps": "yes" if request.company.keeps_mails else "no"}
    form = MailKeepingForm(request.POST if request.method == "POST" else None, initial=first)
    if not form.is_valid():
        return page(request, "configuration/mail_keeping.html", {"form": form})
    keeping.choose(request.company, keeps=form.cleaned_data["keeps"] == "yes", by=request.user)
    return done(request, "mail_keeping", _("Quedó guardado. Vale para los correos que salgan desde ahora."))
