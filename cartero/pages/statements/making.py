"""Hacer estados de cuenta: whose, until when; counted while she fills it in. Its buttons need no JavaScript."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cartero.companies.roles import Role
from cartero.invoices import tallies
from cartero.mailings import statements
from cartero.mailings.errors import NothingOwed
from cartero.mailings.models import StatementReason
from cartero.mailings.statements import Counts
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.statements import forms
from cartero.pages.statements.forms import WantedForm
from cartero.platform import formats

PARTS = ("summary", "parties")


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the form comes to, and how many terceros each reason leaves out."""

    counts: Counts
    left: Sequence[tuple[str | Promise, int]]

    @property
    def terceros(self) -> int:
        return self.counts.statements + sum(terceros for _label, terceros in self.left)


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def make(request: CompanyRequest) -> HttpResponse:
    if request.method == "GET":
        return _begin(request)
    return _ACTIONS.get(request.POST.get("accion", ""), _make)(request)


def _begin(request: CompanyRequest) -> HttpResponse:
    """From Terceros with those that were ticked, or from the page of one (`?tercero=…`)."""
    first = forms.initial(request.company, request.GET.getlist("tercero"))
    counted = QueryDict(mutable=True)
    counted.update({"until": first["until"].isoformat(), "audience": str(first["audience"])})
    form = WantedForm(initial=first, company=request.company)
    counted.setlist("parties", [str(party.pk) for party in form.chosen])
    waits = tallies.are_many(request.company)  # then the page asks for the counts once it is there
    return _show(request, form, None if waits else WantedForm(counted, company=request.company))


def _make(request: CompanyRequest) -> HttpResponse:
    form = WantedForm(request.POST, company=request.company)
    summary = _summary(form)
    if summary and not summary.counts.statements:
        facts = {"day": formats.date_long(form.cleaned_data["until"])}
        form.add_error(None, str(NothingOwed.text) % facts)
    if not form.is_valid():
        return _show(request, form, form)
    run = statements.begin(request.company, form.wanted(), request.user, timezone.now())
    message = _("Se están haciendo. Puede cerrar esta página: siguen solos.")
    return done(request, reverse("statement_run", args=[run.pk]), message)


def _count(request: CompanyRequest) -> HttpResponse:
    form = WantedForm(request.POST, company=request.company)
    return _show(request, form, form)


def _search(request: CompanyRequest) -> HttpResponse:
    """Terceros to tick, by name or NIT; those ticked already stay, and nothing is found fault with."""
    posted = request.POST
    written: dict[str, Any] = {name: posted.get(name, "") for name in WantedForm.base_fields}
    form = WantedForm(initial=written | {"parties": posted.getlist("parties")}, company=request.company)
    found, searched = form.find(posted.get("buscar_tercero", ""))
    return _show(request, form, WantedForm(posted, company=request.company), found=found, searched=searched)


_ACTIONS: Mapping[str, Callable[[CompanyRequest], HttpResponse]] = {"contar": _count, "buscar": _search}


def _summary(form: WantedForm) -> Summary | None:
    """None while the form does not say whose. One query counts."""
    if not form.is_valid():
        return None
    counts = statements.count(form.company, form.wanted())
    left = [(each.label, counts.left_out[each]) for each in StatementReason if each in counts.left_out]
    return Summary(counts=counts, left=left)


def _show(request: CompanyRequest, form: WantedForm, counted: WantedForm | None, **extra: Any) -> HttpResponse:
    context = {"form": form, "chosen": form, "waits": counted is None, "finding": reverse("make_statements")}
    context["summary"] = _summary(counted) if counted else None
    return page(request, "statements/make.html", context | extra, *PARTS)
