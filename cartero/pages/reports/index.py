"""Informes: the documents of each month by their state of sending, as a chart, a table and a spreadsheet."""

from collections.abc import Iterator
from datetime import date

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.pages import downloads
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.reports import figures, months
from cartero.pages.reports.figures import MONTHS, STATES, Month


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    """The month that `?periodo=2026-07` names, else the newest; under it the year up to it."""
    known, chosen = months.chosen(request)
    if chosen is None:
        return page(request, "reports/index.html", {"month": None})
    year = figures.months(request.company, _up_to(known, chosen))
    context = {
        "month": year[0],
        "months": year,
        "known": known,
        "states": list(STATES),
        "bars": figures.bars(year[0]),
    }
    return page(request, "reports/index.html", context)


@require_GET
@role(Role.READER)
def xlsx(request: CompanyRequest) -> FileResponse:
    """The table, with the sums."""
    known, chosen = months.chosen(request)
    year = figures.months(request.company, _up_to(known, chosen)) if chosen else []
    headings = [_("Período"), *(str(state.label) for state in STATES), _("Documentos"), _("Moneda"), _("Total")]
    return downloads.export(request, _("informe-por-estado.xlsx"), headings, _lines(year))


def _lines(year: list[Month]) -> Iterator[list[downloads.Cell]]:
    """A row for each currency of a month; its documents are counted on the first."""
    for month in year:
        for position, (currency, amount) in enumerate(month.amounts.items()):
            counted = [*month.counts, month.total] if position == 0 else [None] * (len(STATES) + 1)
            yield [month.period, *counted, currency, amount]


def _up_to(known: list[date], chosen: date) -> list[date]:
    """The chosen month and those before it that have documents, newest first."""
    return [month for month in known if month <= chosen][:MONTHS]
