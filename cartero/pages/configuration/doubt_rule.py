"""Correos en duda: what a company wants done with those for which no evidence was found."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cartero.companies import doubt_rule as rules
from cartero.companies.models import DoubtRule
from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page


class DoubtRuleForm(forms.Form):
    rule = forms.ChoiceField(
        label=gettext_lazy("Si después de una hora no se sabe si llegó"),
        choices=[
            (DoubtRule.REVIEW, gettext_lazy("Marcar para revisar: nadie lo recibe dos veces; una persona decide.")),
            (DoubtRule.RESEND, gettext_lazy("Reenviar: nadie se queda sin él; alguien puede recibirlo dos veces.")),
        ],
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def doubt_rule(request: CompanyRequest) -> HttpResponse:
    first = {"rule": request.company.doubt_rule}
    form = DoubtRuleForm(request.POST if request.method == "POST" else None, initial=first)
    if not form.is_valid():
        return page(request, "configuration/doubt_rule.html", {"form": form})
    rules.choose(request.company, DoubtRule(form.cleaned_data["rule"]), by=request.user)
    return done(
        request, "doubt_rule", _("La regla quedó guardada. Vale para los correos que queden en duda desde ahora.")
    )
