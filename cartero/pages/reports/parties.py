"""Informe by tercero: to whom most came back in a month, and what became of all documents of one of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.invoices.models import Invoice
from cartero.invoices.states import UNDELIVERED, MailStatus
from cartero.pages import downloads
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.keeping import kept
from cartero.pages.reports import months
from cartero.pages.reports.figures import STATES
from cartero.parties.models import Party
from cartero.platform import formats

MOST = 30
CHUNK = 2_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """A tercero with its documents that bounced or failed; `width` is percent of the longest bar, `second` its end."""

    party: Party
    bounced: int
    failed: int
    width: float
    second: float

    @property
    def documents(self) -> int:
        return self.bounced + self.failed


@dataclass(frozen=True, kw_only=True)
class Month:
    """The documents of a tercero that bill one month, by state."""

    period: date
    by_status: Mapping[str, int]

    @property
    def states(self) -> list[tuple[MailStatus, int]]:
        return [(status, self.by_status.get(status, 0)) for status in STATES]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    known, period = months.chosen(request)
    lines = _worst(request.company, period) if period else []
    return page(request, "reports/parties.html", {"known": known, "period": period, "lines": lines, "most": MOST})


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    party = get_object_or_404(Party.objects.of(request.company), pk=pk)
    context = {"party": party, "months": _months(party), "states": list(STATES)}
    return page(request, "reports/party.html", context)


@require_GET
@role(Role.READER)
def party_xlsx(request: CompanyRequest, pk: int) -> FileResponse:
    party = get_object_or_404(Party.objects.of(request.company), pk=pk)
    headings = [_("Período"), *(str(state.label) for state in STATES), _("Documentos")]
    return downloads.export(request, _("informe-de-un-tercero.xlsx"), headings, map(_cells, _months(party)))


@require_GET
@role(Role.READER)
def xlsx(request: CompanyRequest) -> FileResponse:
    """Every tercero that has documents in the month, with how many are in each state."""
    _known, period = months.chosen(request)
    headings = [_("NIT o cédula"), _("Tercero"), *(str(state.label) for state in STATES), _("Documentos")]
    lines = _lines(request.company, period) if period else []
    return downloads.export(request, _("informe-por-tercero.xlsx"), headings, lines)


def _cells(month: Month) -> list[downloads.Cell]:
    return [month.period, *(n for _state, n in month.states), month.total]


def _worst(company: Company, period: date) -> list[Line]:
    """By the index `invoice_returned` alone; kept for a minute where very many came back."""
    returned = Invoice.objects.of(company).undelivered().filter(period=period).order_by().values_list("party_id")
    counted = returned.annotate(
        bounced=Count("pk", filter=Q(mail_status=MailStatus.BOUNCED)),
        failed=Count("pk", filter=Q(mail_status=MailStatus.FAILED)),
        n=Count("pk"),
    )
    rows = kept(f"worst:{company.pk}:{period}", lambda: list(counted.order_by("-n", "party_id")[:MOST]))
    known = Party.objects.of(company).in_bulk([row[0] for row in rows])
    most = max((row[3] for row in rows), default=1)
    return [
        Line(
            party=known[party],
            bounced=bounced,
            failed=failed,
            width=round(100 * bounced / most, 2),
            second=round(100 * failed / most, 2),
        )
        for party, bounced, failed, _n in rows
        if party in known
    ]


def _months(party: Party) -> list[Month]:
    """Newest first. Kept for a minute where the tercero has very many documents."""
    counted = party.invoices.order_by().values_list("period", "mail_status").annotate(n=Count("pk"))
    by_month: dict[date, dict[str, int]] = defaultdict(dict)
    for period, status, n in kept(f"party-months:{party.pk}", lambda: list(counted)):
        by_month[period][status] = n
    return [Month(period=period, by_status=by_month[period]) for period in sorted(by_month, reverse=True)]


def _lines(company: Company, period: date) -> Iterator[list[downloads.Cell]]:
    """Those with the most returned first; the terceros are read in pages."""
    documents = Invoice.objects.of(company).filter(period=period).order_by()
    by_party: dict[int, dict[str, int]] = defaultdict(dict)
    for party, status, n in documents.values_list("party_id", "mail_status").annotate(n=Count("pk")):
        by_party[party][status] = n
    ranked = sorted(by_party, key=lambda pk: (-sum(by_party[pk].get(status, 0) for status in UNDELIVERED), pk))
    for start in range(0, len(ranked), CHUNK):
        some = ranked[start : start + CHUNK]
        known = Party.objects.of(company).in_bulk(some)
        for pk in some:
            counts = [by_party[pk].get(status, 0) for status in STATES]
            party = known[pk]
            yield [formats.nit(party.tax_id, party.check_digit), party.name, *counts, sum(counts)]
