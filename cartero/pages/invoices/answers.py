"""Observaciones: what those who received documents answered, waiting for somebody of the company, or attended."""

from collections.abc import Callable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cartero.accounts.models import User
from cartero.companies.models import Company
from cartero.companies.roles import Role, allows
from cartero.invoices.models import Invoice
from cartero.mailings import answers
from cartero.mailings.models import Answer
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page

NAMED = 3  # documents of a mail that are named


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    """`?ver=atendidas` shows those that are dealt with."""
    is_attended = request.GET.get("ver") == "atendidas"
    listed = paging.by_key(_listed(request.company, is_attended=is_attended), request.GET, ("-id",))
    context = {
        "slice": listed,
        "count": answers.waiting(request.company),
        "is_attended": is_attended,
        "may_prepare": allows(request.membership.role, Role.PREPARER),
    }
    return page(request, "invoices/answers.html", context)


@require_POST
@role(Role.PREPARER)
def attend(request: CompanyRequest, pk: int) -> HttpResponse:
    return _moved(request, pk, answers.attend, _("Quedó atendida."))


@require_POST
@role(Role.PREPARER)
def reopen(request: CompanyRequest, pk: int) -> HttpResponse:
    return _moved(request, pk, answers.reopen, _("Espera respuesta otra vez."))


def _moved(request: CompanyRequest, pk: int, act: Callable[[Answer, User], bool], words: str) -> HttpResponse:
    answer = get_object_or_404(Answer.objects.of(request.company).select_related("delivery__party"), pk=pk)
    act(answer, request.user)
    return done(request, "answers", words)


def _listed(company: Company, *, is_attended: bool) -> QuerySet[Answer]:
    found = Answer.objects.of(company)
    carried = Invoice.objects.of(company).filter(deliveries=OuterRef("delivery")).order_by("pk")
    named = carried.values(named=JSONObject(pk=F("pk"), number=F("number")))[:NAMED]
    related = ("delivery__party", "attended_by")
    return (
        (found.attended() if is_attended else found.waiting())
        .select_related(*related)
        .annotate(documents=ArraySubquery(named))
    )
