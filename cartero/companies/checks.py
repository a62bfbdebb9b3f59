"""`cartero manage check --deploy`: whether the links that companies want in their mails lead to them."""

from typing import Any

from django.core import checks
from django.db import DatabaseError

from cartero.companies import outside
from cartero.companies.models import Company


@checks.register(checks.Tags.security, deploy=True)
def links_lead_here(**_asked: Any) -> list[checks.CheckMessage]:
    words = outside.trouble()
    if not (words and _are_wanted()):
        return []
    return [checks.Warning(str(words), hint="CARTERO_PUBLIC_URL=https://…", id="cartero.W001")]


def _are_wanted() -> bool:
    """Where no database can be asked, they are: a company begins with them."""
    try:
        return Company.objects.filter(has_links=True).exists()
    except DatabaseError:
        return True
