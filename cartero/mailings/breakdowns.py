"""How the mails of each sending came out, by reason, domain and days until seen: counted once for all reports."""

from django.db import connection, transaction

from cartero.mailings.models.breakdown import DAYS, OTHERS, UNSEEN
from cartero.platform import sql

DOMAINS = 300  # of a sending that have a row of their own
_LOCK = 7_084  # the first number of the advisory locks that counts take


def refresh() -> int:
    """Counts anew the sendings in which something changed; how many. Safe at any time, and twice at once."""
    found = [row[0] for row in sql.run(__package__, "to_recount")]
    for mailing_id in found:
        _count(mailing_id)
    return len(found)


@transaction.atomic
def _count(mailing_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, mailing_id])
    sql.changed(__package__, "forget_breakdown", mailing=mailing_id)
    sql.changed(
        __package__,
        "break_down",
        mailing=mailing_id,
        days=list(map(int, DAYS)),
        unseen=UNSEEN,
        others=OTHERS,
        domains=DOMAINS,
    )
