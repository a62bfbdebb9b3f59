"""Mis avisos: which mail of Cartero's own she gets, and the link in each that stops its kind."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cartero.companies import noticing
from cartero.companies.models import NoticeKind
from cartero.companies.roles import Role
from cartero.pages.access import public, role
from cartero.pages.http import CompanyRequest, done, page


class NoticesForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Quiero recibir"),
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@require_http_methods(["GET", "POST"])
@role(Role.READER)
def mine(request: CompanyRequest) -> HttpResponse:
    """Her own, of the company she works for now."""
    first = {"kinds": noticing.wanted(request.company, request.user)}
    form = NoticesForm(request.POST if request.method == "POST" else None, initial=first)
    if not form.is_valid():
        return page(request, "notices/mine.html", {"form": form})
    noticing.choose(request.company, request.user, [NoticeKind(kind) for kind in form.cleaned_data["kinds"]])
    return done(request, "my_notices", _("Sus avisos quedaron guardados."))


@csrf_exempt  # her mail program presses it by itself (RFC 8058); the link is signed, and can do nothing else
@require_http_methods(["GET", "POST"])
@public
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail programs open links by themselves."""
    named = noticing.named(token)
    if named and request.method == "POST":
        noticing.stop(*named)
    membership, kind = named or (None, None)
    context = {"membership": membership, "kind": kind and kind.label, "is_done": request.method == "POST"}
    return render(request, "notices/stop.html", context, status=200 if named else 404)
