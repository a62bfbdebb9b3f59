"""What came back to an account and is of none of its mails: listed, and changed nothing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cartero.companies.roles import Role
from cartero.mailings.models import EventKind
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.tracking.feedback import Kind
from cartero.tracking.models import Receipt, ReceiptQuerySet
from cartero.transport.models import MailAccount

MOST = 10  # beside what else is shown of an account


@require_GET
@role(Role.ADMIN)
def index(request: CompanyRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    listed = paging.by_key(_strange(account), request.GET, ("-at", "-id"))
    lines = [(each, _word(each)) for each in listed]
    context = {"account": account, "slice": listed, "lines": lines, "has_new": _strange(account).unreviewed().exists()}
    return page(request, "configuration/strangers.html", context)


@require_POST
@role(Role.ADMIN)
def review(request: CompanyRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    _strange(account).unreviewed().update(is_reviewed=True)
    told = _("Quedan como revisados. Inicio avisa cuando lleguen otros.")
    return done(request, reverse("strangers", args=[account.pk]), told)


def of(account: MailAccount) -> dict[str, Any]:
    """For `configuration/_strangers.html`."""
    strange = _strange(account)
    shown = [(receipt, _word(receipt)) for receipt in strange.order_by("-at", "-pk")[:MOST]]
    return {"account": account, "strange": shown, "strangers": strange.count()}


def _strange(account: MailAccount) -> ReceiptQuerySet:
    return Receipt.objects.of(account.company).strange().filter(account=account)


def _word(receipt: Receipt) -> str:
    if receipt.kind == Kind.UNREADABLE:
        return _("No se pudo leer")
    return str(EventKind(receipt.kind).label)


def _account(request: CompanyRequest, pk: int) -> MailAccount:
    return get_object_or_404(MailAccount.objects.of(request.company).select_related("company"), pk=pk)
