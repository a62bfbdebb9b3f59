"""What a mailing has come to: for the page that watches it, the summary, and the command line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cartero.mailings.models import Mailing
from cartero.mailings.states import LEFT_OUT, SENT, DeliveryStatus
from cartero.platform import sql
from cartero.transport import allowance
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.models import MailAccount

BIN = 20  # seconds that each point of `rates` spans
PER_SECOND = 5  # mails that a usual server takes over one connection


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The sum law: documents = accepted + failed + left out + in doubt + waiting; and the same for mails.

    `mails` and `documents` map a DeliveryStatus to how many; those in mid-air are pending. `rates`: mails a minute.
    """

    mails: Mapping[str, int]
    documents: Mapping[str, int]
    retrying: int
    next_due: datetime | None
    per_minute: int
    rates: tuple[int, ...]
    now: datetime

    @property
    def total(self) -> int:
        """Mails that were to go: all but those left out when registering."""
        return sum(self.mails.values()) - self.mails.get(DeliveryStatus.SKIPPED, 0)

    @property
    def accepted(self) -> int:
        return sum(self.mails.get(status, 0) for status in SENT)

    @property
    def failed(self) -> int:
        return self.mails.get(DeliveryStatus.FAILED, 0)

    @property
    def in_doubt(self) -> int:
        return self.mails.get(DeliveryStatus.IN_DOUBT, 0)

    @property
    def waiting(self) -> int:
        return self.mails.get(DeliveryStatus.PENDING, 0)

    @property
    def withdrawn(self) -> int:
        return self.mails.get(DeliveryStatus.WITHDRAWN, 0)

    @property
    def done(self) -> int:
        return self.total - self.waiting

    @property
    def percent(self) -> int:
        """Rounded down: 100 only when nothing waits."""
        return self.done * 100 // self.total if self.total else 100

    @property
    def documents_left_out(self) -> int:
        return sum(self.documents.get(status, 0) for status in LEFT_OUT)

    @property
    def documents_total(self) -> int:
        return sum(self.documents.values())


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Why no mail of a sending goes right now, in words, and until when; `reply` is the server's own."""

    words: str
    until: datetime
    reply: str = ""


def hold(mailing: Mailing) -> Hold | None:
    """What holds a sending back: its account's pause or limits, or that all it has left waits for another attempt."""
    account = mailing.account
    until = allowance.waits_until(account)
    if until:
        return Hold(words=str(EXPLANATIONS[account.pause_reason].happened), until=until, reply=account.pause_reply)
    until = allowance.held_until(account)
    if until:
        return Hold(words=_("La cuenta ya envió todo lo que sus límites permiten por ahora."), until=until)
    now_and_due = progress(mailing)
    if now_and_due.waiting and now_and_due.next_due and now_and_due.next_due > now_and_due.now:
        return Hold(words=_("Los correos que faltan esperan otro intento."), until=now_and_due.next_due)
    return None


def duration(account: MailAccount, recipients: int) -> float:
    """About how many seconds `recipients` take: by the account's limits, and never faster than servers answer."""
    return max(allowance.duration(account, recipients).total_seconds(), recipients / (account.connections * PER_SECOND))


def progress(mailing: Mailing) -> Progress:
    """One query of counters; it costs the same for ten mails and for a million."""
    (row,) = sql.run(__package__, "progress", mailing=mailing.pk)
    states: dict[str, list[int]] = json.loads(row[0])
    return Progress(
        mails={state: counts[0] for state, counts in states.items() if counts[0]},
        documents={state: counts[1] for state, counts in states.items() if counts[1]},
        retrying=row[1],
        next_due=row[2],
        per_minute=row[3],
        rates=tuple(accepted * 60 // BIN for accepted in json.loads(row[4])),
        now=row[5],
    )
