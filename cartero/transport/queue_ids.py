"""Under which name a server has taken a mail over, read out of its own words."""

import re

# Each as the server writes it that is named beside it; the first that fits.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bqueued as (?P<id>[^\s;,]+)",  # Postfix, Brevo, Yandex
        r"\bok:? id=(?P<id>[\w-]+)",  # Exim
        r"\[InternalId=(?P<id>\d+)",  # Exchange
        r"^250 (?:2\.\d\.\d )?(?P<id>\w{12,16}) message accepted for delivery",  # Sendmail
        r"^250 2\.0\.0 ok\s+\d{9,11} (?P<id>\S+) - gsmtp",  # Gmail
        r"^250 ok (?P<id>[0-9a-f]{16}-[0-9a-f-]{36}(?:-\d{6})?)$",  # Amazon SES
        r"^250 (?:2\.0\.0 )?ok \d{9,11} qp (?P<id>\d+)",  # qmail
        r"\bmessage queued \((?P<id>[0-9a-f-]{36}(?:\.\d+)?)\)",  # Haraka
        r"\bqueued mail for delivery as (?P<id>\S+)",  # MDaemon and the like
        r"^20[02] (?P<id>[\w.@<>+=-]{8,})$",  # a provider's API: its answer is the id
    )
)


def queue_id(reply: str) -> str:
    """Out of `Reply.shown`; empty where the server names none."""
    found = next((match for pattern in _PATTERNS if (match := pattern.search(reply))), None)
    return found["id"].strip("<>.") if found else ""
