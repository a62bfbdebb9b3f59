"""The exact mails of companies that keep them: written once their server has them, read again, byte for byte."""

import logging
import time
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from django.db import DatabaseError, connection

from cartero.companies.models import Company
from cartero.invoices import storing
from cartero.mailings.loading import Order
from cartero.mailings.making import Made
from cartero.mailings.models import SentMail
from cartero.mailings.outcomes import Outcome
from cartero.platform import stopping
from cartero.platform.storage import StorageAway

WAITING = 64  # mails that wait to be written; beyond it their sending waits for the disk
PATIENCE, PAUSE = 60.0, 2.0  # seconds
LEVEL = 6  # attachments are base64: a quarter is won, and no level wins much more

log = logging.getLogger(__name__)


class Keeper:
    """Writes in a thread of its own; does nothing for a company that does not keep its mails. Used by one thread."""

    def __init__(self, company: Company) -> None:
        self._company_id = company.pk
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keep") if company.keeps_mails else None
        self._room = BoundedSemaphore(WAITING)
        self._patience = PATIENCE

    def keep(self, settled: Iterable[Outcome], mails: Mapping[int, tuple[Order, Made]]) -> None:
        """Those of `mails` that went, or may have gone."""
        if self._thread is None:
            return
        for outcome in settled:
            if outcome.proof is not None:
                _order, made = mails[outcome.delivery]
                self._room.acquire()
                self._thread.submit(self._write, outcome.delivery, made.mail.message)

    def close(self) -> None:
        """Waits for what is not written yet."""
        if self._thread is not None:
            self._thread.submit(connection.close)  # that thread's own
            self._thread.shutdown()

    def _write(self, delivery: int, message: bytes) -> None:
        """A disk that is full does not undo that the mail went: it can still be made again."""
        try:
            self._write_patiently(delivery, message)
        except (StorageAway, DatabaseError):
            log.exception("the mail of delivery %s was sent, and could not be kept", delivery)
        finally:
            self._room.release()

    def _write_patiently(self, delivery: int, message: bytes) -> None:
        """A storage that is away for a moment is waited for: a minute, however many mails of this turn wait."""
        while True:
            try:
                keep(self._company_id, delivery, message)
            except StorageAway:
                if self._patience <= 0 or stopping.is_asked():
                    raise
            else:
                return
            self._patience -= PAUSE
            time.sleep(PAUSE)


def keep(company_id: int, delivery: int, message: bytes) -> None:
    packed = zlib.compress(message, LEVEL)
    stored = {"stored_sha256": storing.keep(company_id, packed), "size": len(packed)}
    SentMail.objects.update_or_create(delivery_id=delivery, defaults={"company_id": company_id, **stored})


def read(sent: SentMail) -> bytes:
    """The mail as it went. Raises FileLost when its file is gone or changed."""
    return zlib.decompress(storing.read(sent.company_id, sent.stored_sha256))
