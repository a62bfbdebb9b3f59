"""Registering a mailing against the bare INSERT … SELECT of the same rows. A process of its own, for its memory."""

import argparse
import json
import resource
import time
from statistics import median

from cartero.cli import starting

BARE = (
    "DROP TABLE IF EXISTS bare_delivery, bare_invoice",
    "CREATE TABLE bare_delivery (LIKE mailings_delivery)",
    "ALTER TABLE bare_delivery ADD PRIMARY KEY (id)",
    "CREATE INDEX ON bare_delivery (mailing_id, status, id)",
    "CREATE INDEX ON bare_delivery (mailing_id, retry_at, id) WHERE status = 'pending'",
    "CREATE TABLE bare_invoice (LIKE mailings_deliveryinvoice)",
    "ALTER TABLE bare_invoice ADD PRIMARY KEY (delivery_id, invoice_id)",
)
ROWS = (
    "INSERT INTO bare_delivery SELECT * FROM mailings_delivery WHERE mailing_id = %s",
    """INSERT INTO bare_invoice SELECT di.* FROM mailings_deliveryinvoice di
         JOIN mailings_delivery d ON d.id = di.delivery_id WHERE d.mailing_id = %s""",
)

TURNS = 5  # of each, one after the other: a second is easily disturbed


def main() -> None:
    arguments = argparse.ArgumentParser()
    for name in ("company", "account"):
        arguments.add_argument(f"--{name}", required=True)
    arguments.add_argument("--prefix", required=True)
    asked = arguments.parse_args()
    starting.load_django()
    print(json.dumps(measured(asked.company, asked.account, asked.prefix)))


def measured(tax_id: str, account: str, prefix: str) -> dict[str, float]:
    from django.utils import timezone

    from cartero.companies import members
    from cartero.mailings import registering
    from cartero.mailings.registering import Draft
    from cartero.mailings.selection import Selection
    from cartero.mailings.states import MailingKind
    from cartero.platform import queue
    from cartero.transport import accounts

    queue.load()  # once a process: half a second that is no part of registering
    company = members.company_by_tax_id(tax_id)
    draft = Draft(name="Medida", account=accounts.by_name(company, account), subject="Factura {{ factura.numero }}")
    chosen = Selection(kind=MailingKind.COPY, prefix=prefix)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took, bare = [], []
    for _turn in range(TURNS):
        began = time.monotonic()
        mailing = registering.register(company, chosen, draft, by=None, now=timezone.now())
        took.append(time.monotonic() - began)
        bare.append(_bare(mailing.pk))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    counted = {"deliveries": mailing.deliveries_count, "grown_mb": grown / 1024}
    return counted | {"seconds": median(took), "bare": median(bare)}


def _bare(mailing: int) -> float:
    """Seconds that the same rows take into tables that have no rules."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement)
        began = time.monotonic()
        with transaction.atomic():
            for statement in ROWS:
                cursor.execute(statement, [mailing])
        took = time.monotonic() - began
        cursor.execute("DROP TABLE bare_delivery, bare_invoice")
    return took


if __name__ == "__main__":
    main()
