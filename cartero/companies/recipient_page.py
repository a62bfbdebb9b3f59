"""What a company wants who receives its mails to find behind their links. In the trail."""

from dataclasses import asdict, dataclass

from django.db import transaction

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company

MOST_DAYS = 3_650


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`link_days`: how long a link is good for, from when its mail went. `pay_url`: https, empty without one.

    `has_pixel`: an image in each mail tells that it was opened; none without links.
    """

    has_links: bool
    link_days: int
    pay_url: str = ""
    has_pixel: bool = False


@transaction.atomic
def choose(company: Company, choice: Choice, by: User) -> bool:
    """For mails that go from now on; links that went open or close at once. Whether it is another choice."""
    wanted = asdict(choice)
    was = {name: getattr(company, name) for name in wanted}
    changed = [name for name in wanted if wanted[name] != was[name]]
    if not changed:
        return False
    for name in changed:
        setattr(company, name, wanted[name])
    company.save(update_fields=changed)
    facts = {name: wanted[name] for name in changed}
    audit.record(company, "choose_recipient_page", by, was={name: was[name] for name in changed}, now=facts)
    return True
