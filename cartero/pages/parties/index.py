"""Terceros: who the company bills, searched, filtered, in pages."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role, allows
from cartero.pages import paging, returning
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.parties import rows
from cartero.pages.parties.forms import PartiesFilter


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    filters = PartiesFilter(request.GET, company=request.company)
    returning.remember(request, "parties")
    listed = paging.by_key(filters.parties(), request.GET, filters.order)
    kept = request.GET.copy()
    for name in ("desde", "correo"):
        kept.pop(name, None)
    context = {
        "filters": filters,
        "slice": listed,
        "rows": rows.of(request.company, listed),
        "order": filters.order_name,
        "stateless": f"?{kept.urlencode()}&" if kept else "?",
        "may_prepare": allows(request.membership.role, Role.PREPARER),
    }
    return page(request, "parties/index.html", context, "parties")
