"""Ensayo: every mail is made and checked, none is sent; what would fail is listed, what was drawn is kept."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from cartero.invoices import storing
from cartero.mailings import loading, making
from cartero.mailings.loading import Order
from cartero.mailings.making import Drawn, Kit, Made, Unmade
from cartero.mailings.models import Mailing, RenderedDocument
from cartero.mailings.states import OPEN, DeliveryStatus, Rehearsal
from cartero.platform import processors, sql, stopping
from cartero.platform.storage import StorageAway

CHUNK = 50
TURN = 5.0  # seconds, then other jobs have theirs
_UNTRIED = (Rehearsal.DUE, Rehearsal.RUNNING)

log = logging.getLogger(__name__)


def rehearse_some(mailing_id: int) -> bool:
    """Some seconds of the Ensayo; whether any of it is left to do now: while files are away, `upkeep` asks again."""
    mailing = Mailing.objects.select_related("company", "account").filter(pk=mailing_id, status__in=OPEN).first()
    if mailing is None:
        return False
    try:
        return _rehearse_some(mailing)
    except StorageAway as error:
        log.warning("%s", error)
        return False


def _rehearse_some(mailing: Mailing) -> bool:
    kit = making.kit_of(mailing)
    deadline = time.monotonic() + TURN
    past = mailing.rehearsed_to
    with ThreadPoolExecutor(processors.threads(), thread_name_prefix="rehearse") as threads:
        while time.monotonic() < deadline and not stopping.is_asked():
            ids = _take(mailing, past) or _take(mailing, 0)  # at the end those that are to be tried again
            if not ids:
                sql.run(__package__, "rehearsal_end", mailing=mailing.pk)
                return False
            try:
                _rehearse(mailing, kit, loading.orders(ids), threads)
            except StorageAway:
                mailing.deliveries.filter(pk__in=ids).update(rehearsal=Rehearsal.DUE)
                raise
            past = max(ids)
    return True


def _take(mailing: Mailing, past: int) -> list[int]:
    return [row[0] for row in sql.run(__package__, "to_rehearse", mailing=mailing.pk, past=past, limit=CHUNK)]


def is_whole(mailing: Mailing) -> bool:
    """Whether nothing of its Ensayo is left to do, nor in the hands of any worker."""
    untried = mailing.deliveries.filter(status=DeliveryStatus.PENDING, rehearsal__in=_UNTRIED)
    unended = Mailing.objects.filter(pk=mailing.pk, status__in=OPEN, rehearsal__in=_UNTRIED)
    return not untried.exists() and not unended.exists()


def keep_drawn(mailing: Mailing, drawn: Sequence[Drawn]) -> None:
    """Keeps PDFs by their hash, so that sending finds them at hand."""
    hashes = storing.keep_all(mailing.company_id, [each.content for each in drawn])
    RenderedDocument.objects.bulk_create(
        [
            RenderedDocument(
                company_id=mailing.company_id,
                mailing=mailing,
                invoice_id=each.invoice_id,
                sha256=sha256,
                size=len(each.content),
            )
            for each, sha256 in zip(drawn, hashes, strict=True)
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
