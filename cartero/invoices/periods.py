"""The months that have documents."""

from datetime import date

from cartero.companies.models import Company
from cartero.platform import sql

MOST = 36


def of(company: Company, most: int = MOST) -> list[date]:
    """Their first days, newest first. One query, as quick for a million documents as for ten."""
    return [row[0] for row in sql.run(__package__, "periods", company=company.pk, most=most)]
