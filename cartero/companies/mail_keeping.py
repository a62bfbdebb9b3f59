"""Whether a company keeps the exact mails that it sends. In the trail."""

from django.db import transaction

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company


@transaction.atomic
def choose(company: Company, *, keeps: bool, by: User) -> bool:
    """For mails that go from now on; whether it is another choice than before."""
    if company.keeps_mails == keeps:
        return False
    company.keeps_mails = keeps
    company.save(update_fields=["keeps_mails"])
    audit.record(company, "choose_mail_keeping", by, was=not keeps, now=keeps)
    return True
