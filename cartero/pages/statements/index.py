"""Estados de cuenta: the times they were made."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role, allows
from cartero.mailings.models import StatementRun
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page

SIZE = 25


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    runs = StatementRun.objects.of(request.company).select_related("group", "created_by")
    context = {
        "slice": paging.by_key(runs, request.GET, ("-created_at", "-id"), size=SIZE),
        "may_prepare": allows(request.membership.role, Role.PREPARER),
    }
    return page(request, "statements/index.html", context)
