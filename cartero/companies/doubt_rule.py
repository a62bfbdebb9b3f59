"""What a company wants done with a mail that its server may have or not, once no evidence was found. In the trail."""

from django.db import transaction

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company, DoubtRule


@transaction.atomic
def choose(company: Company, rule: DoubtRule, by: User) -> bool:
    """For doubts that end from now on; whether it is another rule than before."""
    was = company.doubt_rule
    if was == rule:
        return False
    company.doubt_rule = rule
    company.save(update_fields=["doubt_rule"])
    audit.record(company, "choose_doubt_rule", by, was=was, now=rule.value)
    return True
