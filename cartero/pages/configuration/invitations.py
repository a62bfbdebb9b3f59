"""Where an invitation leads: she sets her password, once, and is in. No login, for she has none yet."""

from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from cartero.accounts.models import User
from cartero.companies import inviting
from cartero.pages.access import public
from cartero.pages.http import done, page


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Su contraseña"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("Al menos 12 caracteres. Una frase que solo usted diría sirve bien."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password


@sensitive_variables("token")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@public
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail programs open links by themselves. Raises InvitationOver."""
    membership = inviting.accepts(token)
    form = PasswordForm(request.POST if request.method == "POST" else None, user=membership.user)
    if not form.is_valid():
        return page(request, "configuration/accept_invitation.html", {"form": form, "membership": membership})
    membership = inviting.accept(token, form.cleaned_data["password"])
    login(request, membership.user)
    return done(request, "home", _("Listo: ya puede trabajar en %(company)s.") % {"company": membership.company})
