"""The prefixes that a company's documents bear."""

from cartero.companies.models import Company
from cartero.platform import sql


def of(company: Company) -> list[str]:
    """In order; the empty one is that of documents without. As many steps in an index as there are prefixes."""
    return [row[0] for row in sql.run(__package__, "prefixes", company=company.pk)]
