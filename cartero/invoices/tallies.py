"""Counts of the documents of each month, kept by the statements that change them."""

from decimal import Decimal

from django.db.models import Case, DecimalField, F, Sum, When

from cartero.companies.models import Company
from cartero.invoices import kinds
from cartero.invoices.models import PeriodTally
from cartero.platform import sql

MANY = 20_000  # documents that may be gone through, one by one, while somebody waits for a page


def are_many(company: Company) -> bool:
    """Whether the company has too many documents for a page to go through them all. By the counters."""
    known = PeriodTally.objects.of(company).aggregate(n=Sum("documents"))["n"]
    return (known or 0) > MANY


def merge() -> None:
    """Makes one row of what statements have appended. Safe at any time, and twice at once."""
    sql.changed(__package__, "merge")


def billed(amount: str) -> Sum:
    """The sum of a column as it counts in what is billed: notes that lower are taken off, and what asks for no money
    (receipts, statements, certificates) adds nothing."""
    asked = When(kind__in=kinds.ASKING, then=F(amount))
    lowered = When(kind__in=kinds.LOWERING, then=-F(amount))
    return Sum(Case(asked, lowered, default=Decimal(0), output_field=DecimalField(max_digits=27, decimal_places=6)))
