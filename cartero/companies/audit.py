"""The audit trail, written in the transaction of what it tells."""

from typing import Any

from django.db import models

from cartero.accounts.models import User
from cartero.companies.models import AuditEntry, Company


def record(thing: models.Model, verb: str, by: User | None, **facts: Any) -> None:
    """One line about `thing`, which is a company or belongs to one. `by` is None for what Cartero does by itself."""
    company = thing if isinstance(thing, Company) else getattr(thing, "company", None)
    AuditEntry.objects.create(
        company=company,
        user=by,
        verb=verb,
        noun=thing._meta.model_name or "",
        noun_id=thing.pk,
        facts=facts,
    )
