"""What only a person can tell of a spreadsheet: what each column is, or how its decimals are written."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cartero.companies.roles import Role
from cartero.importing import headings, intake
from cartero.importing.headings import Field
from cartero.importing.models import Import
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.imports.forms import ColumnsForm, DecimalForm


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def columns(request: CompanyRequest, pk: int) -> HttpResponse:
    """Where nothing is asked, the import itself."""
    source = get_object_or_404(Import.objects.of(request.company), pk=pk)
    if not source.question:
        return redirect("import", pk)
    if source.question["asks"] == "decimal":
        return _decimal(request, source, source.question)
    return _mapping(request, source, source.question)


def _mapping(request: CompanyRequest, source: Import, question: dict[str, Any]) -> HttpResponse:
    form = ColumnsForm(request.POST if request.method == "POST" else None, question=question)
    if form.is_valid():
        layouts = source.options.get("layouts", {}) | {question["file"]: form.layout().as_json()}
        intake.answer(source, {"layouts": layouts}, by=request.user)
        return done(request, _to(source), _("Leemos el archivo con esas columnas."))
    missing = headings.shown(Field(name) for name in [*question["missing"], *question["doubtful"]])
    return page(request, "imports/columns.html", {"source": source, "form": form, "missing": missing})


def _decimal(request: CompanyRequest, source: Import, question: dict[str, Any]) -> HttpResponse:
    form = DecimalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        intake.answer(source, {"decimal": form.cleaned_data["decimal"]}, by=request.user)
        return done(request, _to(source), _("Leemos el archivo con esos decimales."))
    return page(request, "imports/decimal.html", {"source": source, "form": form, "question": question})


def _to(source: Import) -> str:
    return reverse("import", args=[source.pk])
