"""Which month a report is about: documents are counted by the month they bill."""

from datetime import date

from cartero.invoices import periods
from cartero.pages.http import CompanyRequest


def chosen(request: CompanyRequest) -> tuple[list[date], date | None]:
    """The company's months, newest first, and the one that `?periodo=2026-07` names, else the newest."""
    known = periods.of(request.company)
    asked = request.GET.get("periodo", "")
    return known, next((month for month in known if f"{month:%Y-%m}" == asked), known[0] if known else None)
