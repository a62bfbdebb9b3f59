"""How many terceros groups and zones hold."""

from collections.abc import Mapping

from cartero.companies.models import Company
from cartero.platform import sql


def of_groups(company: Company, most: int) -> Mapping[int, int]:
    """Of each group and zone of the company, by its id; no more than `most` are counted of one."""
    return dict(sql.run(__package__, "group_sizes", company=company.pk, most=most))
