"""Ensayo: every mail is made and checked, none is sent; what would fail is listed, what was drawn is kept."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from cartero.invoices import storing
from cartero.mailings import loading, making
from cartero.mailings.loading import Order
from cartero.mailings.making import Drawn, Kit, Made, Unmade
from cartero.mailings.models import Mailing, RenderedDocument
from cartero.mailings.states import OPEN
from cartero.platform import sql, stopping

CHUNK = 50
TURN = 5.0  # seconds, then other jobs have theirs
THREADS = 2


def rehearse_some(mailing_id: int) -> bool:
    """Some seconds of the Ensayo; whether any of it is left."""
    mailing = Mailing.objects.select_related("company", "account").filter(pk=mailing_id, status__in=OPEN).first()
    if mailing is None:
        return False
    kit = making.kit_of(mailing)
    deadline = time.monotonic() + TURN
    with ThreadPoolExecutor(THREADS, thread_name_prefix="rehearse") as threads:
        while time.monotonic() < deadline and not stopping.is_asked():
            ids = [row[0] for row in sql.run(__package__, "to_rehearse", mailing=mailing_id, limit=CHUNK)]
            if not ids:
                sql.run(__package__, "rehearsal_end", mailing=mailing_id)
                return False
            _rehearse(mailing, kit, loading.orders(ids), threads)
    return True


def keep_drawn(mailing: Mailing, drawn: Sequence[Drawn]) -> None:
    """Keeps PDFs by their hash, so that sending finds them at hand."""
    RenderedDocument.objects.bulk_create(
        [
            RenderedDocument(
                company_id=mailing.company_id,
                mailing=mailing,
                invoice_id=each.invoice_id,
                sha256=storing.keep(mailing.company_id, each.content),
                size=len(each.content),
            )
            for each in drawn
        ],
        ignore_conflicts=True,
    )


def _rehearse(mailing: Mailing, kit: Kit, orders: Sequence[Order], threads: ThreadPoolExecutor) -> None:
    results = list(threads.map(lambda order: making.make(order, kit), orders))
    keep_drawn(mailing, [drawn for result in results if isinstance(result, Made) for drawn in result.drawn])
    sql.changed(
        __package__,
        "rehearsed",
        mailing=mailing.pk,
        ids=[order.delivery_id for order in orders],
        reasons=[result.reason if isinstance(result, Unmade) else "" for result in results],
        details=[result.detail[:500] if isinstance(result, Unmade) else "" for result in results],
        sizes=[result.mail.size if isinstance(result, Made) else None for result in results],
    )
