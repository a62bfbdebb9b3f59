"""The first page of a new Cartero: a code from the terminal makes the first company and who administers it."""

import hmac
from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cartero.accounts.models import User
from cartero.companies import members
from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.pages.access import public
from cartero.pages.fields import LineField
from cartero.pages.http import done, page
from cartero.platform import datafolder
from cartero.platform.errors import CarteroError

CODE_FILE = "first-run-code"  # `cartero run` writes it and shows it on the terminal


class FirstRunForm(forms.Form):
    code = forms.CharField(label=_("Código de la terminal"), help_text=_("Está en la ventana donde inició Cartero."))
    tax_id = forms.CharField(label=_("NIT de la empresa"), max_length=20)
    company = LineField(label=_("Razón social"), max_length=200)
    name = LineField(label=_("Su nombre"), max_length=200)
    email = forms.EmailField(label=_("Su correo"), max_length=254)
    password = forms.CharField(
        label=_("Contraseña"),
        max_length=128,
        strip=False,
        help_text=_("Al menos 12 caracteres. Una frase que solo usted diría sirve bien."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_code(self) -> str:
        given = str(self.cleaned_data["code"]).strip().upper()
        if not hmac.compare_digest(given.encode(), _code().encode()):
            raise ValidationError(_("No es el código que mostró la terminal. Cópielo con sus guiones."))
        return given

    def clean_tax_id(self) -> str:
        given = str(self.cleaned_data["tax_id"])
        try:
            members.split_tax_id(given)
        except CarteroError as error:
            raise ValidationError(error.user_text) from error
        return given

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if "password" in fields:
            try:
                validate_password(fields["password"], User(email=fields.get("email", ""), name=fields.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return fields


@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
@public
def first_run(request: HttpRequest) -> HttpResponse:
    """404 as soon as there is a company."""
    if Company.objects.exists():
        raise Http404
    form = FirstRunForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "first_run.html", {"form": form})
    login(request, _found(form.cleaned_data))
    return done(request, "home", str(_("Listo: ya existe su empresa y usted la administra.")))


@transaction.atomic
def _found(fields: dict[str, str]) -> User:
    """The first company and its administrator. Two people at once: the second finds a company, and gets 404."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE companies_company IN SHARE ROW EXCLUSIVE MODE")
    if Company.objects.exists():
        raise Http404
    company = members.create_company(fields["tax_id"], fields["company"])
    user = members.add_member(company, fields["email"], Role.ADMIN, None, name=fields["name"]).user
    members.set_password(user, fields["password"])
    transaction.on_commit(lambda: (datafolder.home() / CODE_FILE).unlink(missing_ok=True))
    return user


def _code() -> str:
    """What the terminal showed; nothing that anybody can type where it showed none."""
    file = datafolder.home() / CODE_FILE
    return file.read_text(encoding="utf-8").strip() if file.exists() else "\0"
