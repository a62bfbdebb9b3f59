"""The search of the top bar: a few of each, by number, name or NIT."""

from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.invoices.models import Invoice
from cartero.mailings.models import Mailing
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.parties import search as people
from cartero.parties.models import Party

MOST = 8


@require_GET
@role(Role.READER)
def search(request: CompanyRequest) -> HttpResponse:
    """Three queries at most, each by an index of trigrams or over the few sendings of a company."""
    wanted = " ".join(request.GET.get("q", "").split())[:100]
    context: dict[str, object] = {"wanted": wanted}
    if len(wanted) >= 2:
        company = request.company
        key = people.key(wanted)
        context |= {
            "invoices": Invoice.objects.of(company).filter(search_key__contains=key).select_related("party")[:MOST],
            "parties": Party.objects.of(company).filter(search_key__contains=key)[:MOST],
            "mailings": Mailing.objects.of(company).filter(_named(wanted)).order_by("-number")[:MOST],
        }
    return page(request, "search.html", context, "results")


def _named(wanted: str) -> Q:
    named = Q(name__icontains=wanted)
    return named | Q(number=int(wanted)) if wanted.isdecimal() and len(wanted) < 10 else named
