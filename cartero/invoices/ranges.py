"""What a company's documents span: the choices of a form that narrows them."""

from datetime import date

from django.db.models import Max, Min

from cartero.companies.models import Company
from cartero.invoices.models import Invoice
from cartero.platform import sql

MOST_MONTHS = 60


def months(company: Company) -> list[date]:
    """Every month from the latest document's to the first's, the latest first. By the ends of an index."""
    ends = Invoice.objects.of(company).aggregate(first=Min("period"), last=Max("period"))
    if not ends["last"]:
        return []
    first, last = (month.year * 12 + month.month - 1 for month in (ends["first"], ends["last"]))
    return [date(at // 12, at % 12 + 1, 1) for at in range(last, first - 1, -1)][:MOST_MONTHS]


def prefixes(company: Company) -> list[str]:
    """The prefixes in use; empty is that of documents without one. As many steps in an index as there are prefixes."""
    return [row[0] for row in sql.run(__package__, "prefixes", company=company.pk)]
