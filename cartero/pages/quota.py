"""How much of an account's daily limit is used."""

from datetime import datetime

from cartero.transport import allowance, pacing
from cartero.transport.models import MailAccount


def used(account: MailAccount, now: datetime) -> int:
    """Recipients written to in the last 24 hours."""
    return sum(allowance.usage_of(account).of(pacing.DAY, now).values())
