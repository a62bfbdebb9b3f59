"""All mails of a tercero, the newest first, each with what became of it."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.mailings.models import Delivery
from cartero.pages import paging, stories
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.parties import detail


@require_GET
@role(Role.READER)
def index(request: CompanyRequest, pk: int) -> HttpResponse:
    party = detail.party_of(request, pk)
    theirs = Delivery.objects.of(request.company).filter(party=party).select_related(*stories.RELATED)
    listed = paging.by_key(theirs, request.GET, ("-id",), size=stories.MOST)
    context = {
        "party": party,
        "slice": listed,
        "stories": stories.told(listed),
        "may_revoke": detail.may_prepare(request) and request.company.has_links,
        "kept": f"?{request.GET.urlencode()}" if request.GET else "",
    }
    return page(request, "parties/mails.html", context)
