"""When a mail in doubt is looked for, and when the company's rule applies. Values in, values out."""

from datetime import datetime, timedelta

# After the doubt began: a provider may take its time to put what went into its folder.
LOOKS = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 5, 15, 60))
AFTER_TROUBLE, NO_LONGER = timedelta(minutes=15), timedelta(days=1)
RULE, RULE_ANYWAY = LOOKS[-1], LOOKS[-1] + timedelta(minutes=10)  # the second: though the last look never came back


def next_look(since: datetime, now: datetime) -> datetime | None:
    """The next look for what is in doubt `since`; None when all have been."""
    return next((since + after for after in LOOKS if since + after > now), None)


def next_try(since: datetime, now: datetime) -> datetime | None:
    """The same where the folder could not be read: for a day it is tried again."""
    return next_look(since, now) or (now + AFTER_TROUBLE if now < since + NO_LONGER else None)
