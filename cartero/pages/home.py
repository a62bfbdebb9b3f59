"""Inicio: the period at a glance, or where to begin."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    return page(request, "home.html", {})
