"""Inicio: the period at a glance, or where to begin."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.mailings.models import Mailing
from cartero.pages import overview
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.transport.models import MailAccount


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """The steps of first use that are done."""

    has_invoices: bool
    has_account: bool
    has_sent: bool

    @property
    def done(self) -> int:
        return 1 + self.has_invoices + self.has_account + self.has_sent


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    """The newest period, or the one that `?periodo=2026-07-01` names; the welcome while there are no documents."""
    known = overview.periods(request.company)
    if not known:
        return page(request, "welcome.html", {"beginning": _beginning(request.company)})
    shown = overview.of(request.company, _chosen(request, known), known)
    return page(request, "home.html", {"overview": shown, "figures": shown.figures})


def _chosen(request: HttpRequest, known: list[date]) -> date:
    try:
        asked = parse_date(request.GET.get("periodo", ""))
    except ValueError:
        asked = None
    return asked if asked in known else known[0]


def _beginning(company: Company) -> Beginning:
    return Beginning(
        has_invoices=False,
        has_account=MailAccount.objects.of(company).active().exclude(tested_at=None).exists(),
        has_sent=Mailing.objects.of(company).filter(started_at__isnull=False).exists(),
    )
