"""The window "Envío de facturas por Email": the list, and what can be done with the one selected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.models import Company
from cartero.companies.roles import Role, allows
from cartero.mailings import reports
from cartero.mailings.models import Mailing, Tally
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.pages import paging, returning
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.mailings import options
from cartero.pages.mailings.forms import MailingsFilter
from cartero.pages.paging import Slice

SIZE = 20


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the list; `percent` while it is under way."""

    mailing: Mailing
    percent: int | None


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    if request.htmx.target != "states":
        returning.remember(request, "mailings")
    filters = MailingsFilter(request.GET, company=request.company)
    listed = paging.by_key(filters.mailings(), request.GET, ("-number",), size=SIZE)
    percents = _percents(listed)
    context = {
        "filters": filters,
        "slice": listed,
        "invoices": returning.to(request, "invoices"),
        "lines": [Line(mailing=mailing, percent=percents.get(mailing.pk)) for mailing in listed],
        "kept": [(key, value) for key, value in request.GET.items() if key not in ("sel", "visto")],
        "is_moving": bool(percents),
        "may_prepare": allows(request.membership.role, Role.PREPARER),
    }
    chosen = _chosen(request.company, request.GET.get("sel", ""), listed)
    if chosen:
        progress = reports.progress(chosen)
        context |= {
            "chosen": chosen,
            "percent": progress.percent if chosen.status == MailingStatus.SENDING else None,
            "is_old": request.GET.get("visto") not in (None, f"{chosen.pk} {chosen.status}"),
            "looks": options.looks(chosen, request.membership.role),
            "moves": options.moves(chosen, progress, request.membership.role),
        }
    return page(request, "mailings/index.html", context, "options", "states")


def _chosen(company: Company, asked: str, listed: Slice[Mailing]) -> Mailing | None:
    """The one asked for, even from another page of the list; else the first."""
    if asked.isdecimal() and len(asked) < 19:
        named = Mailing.objects.of(company).select_related("account", "created_by").filter(pk=int(asked)).first()
        if named:
            return named
    return next(iter(listed), None)


def _percents(mailings: Iterable[Mailing]) -> Mapping[int, int]:
    """How far each running one is. One query, none when nothing runs."""
    running = {m.pk: m.deliveries_count for m in mailings if m.status == MailingStatus.SENDING and m.deliveries_count}
    if not running:
        return {}
    tallies = Tally.objects.filter(mailing__in=running, state=DeliveryStatus.PENDING)
    waiting = dict(tallies.values_list("mailing").annotate(n=Sum("deliveries")))
    return {pk: max(0, total - waiting.get(pk, 0)) * 100 // total for pk, total in running.items()}
