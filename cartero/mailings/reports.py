"""What a mailing has come to: for the page that watches it, the summary, and the command line."""

import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from cartero.companies.models import Company
from cartero.mailings import batches
from cartero.mailings.models import Mailing
from cartero.mailings.states import LEFT_OUT, SENT, DeliveryStatus, MailingStatus
from cartero.platform import sql
from cartero.transport import allowance, history
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.models import MailAccount

SETTLES_IN = 60  # seconds after which the last minute tells the pace; before, what went since it began does
POINT = 20  # seconds between two points of `rates`
SHORTEST = 10  # seconds: less than that says nothing of a pace
PER_SECOND = 5  # mails that a usual server takes over one connection


@dataclass(frozen=True, kw_only=True)
class Sum:
    """Every document of a sending, in exactly one of five places."""

    accepted: int
    failed: int
    left_out: int
    in_doubt: int
    waiting: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Mails:
    """The sum law, for mails: total = accepted + failed + in doubt + waiting + withdrawn.

    `mails` maps a DeliveryStatus to how many; those in mid-air are pending.
    """

    mails: Mapping[str, int]

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


@dataclass(frozen=True, kw_only=True)
class Standing(Mails):
    """How far a sending is, by its counters alone. `sendings`: of its company, that are going on; `is_oldest`: it has
    been doing so the longest."""

    pk: int
    number: int
    status: str
    is_oldest: bool
    sendings: int
    is_in_air: bool

    @property
    def is_stopped(self) -> bool:
        return self.status != MailingStatus.SENDING

    @property
    def goes_on(self) -> bool:
        return not self.is_stopped or self.is_in_air


@dataclass(frozen=True, kw_only=True)
class Progress(Mails):
    """The same for documents: documents = accepted + failed + left out + in doubt + waiting; and its pace.

    `rates`: the mails of the minute before each 20 seconds, oldest first. `since` is when it was last started, resumed
    or stopped.
    """

    documents: Mapping[str, int]
    retrying: int
    next_due: datetime | None
    last_due: datetime | None
    is_in_air: bool
    sent_since: int
    rates: tuple[int, ...]
    now: datetime
    since: datetime

    @property
    def per_minute(self) -> int:
        """The pace: what the last minute brought or, while it is younger than that, what its age promises."""
        age = (self.now - self.since).total_seconds()
        if age >= SETTLES_IN:
            return self.rates[-1]
        return round(self.sent_since * 60 / max(age, SHORTEST))

    @property
    def speed(self) -> float:
        """Mails a minute while nothing holds it back: of the whole minutes since it began that had any; 0 unknown."""
        age = (self.now - self.since).total_seconds()
        if age < SHORTEST:
            return 0
        whole = int(age - SETTLES_IN) // POINT + 1
        if whole < 1:
            return self.per_minute
        return statistics.median([rate for rate in self.rates[-whole:] if rate] or [0])

    @property
    def documents_left_out(self) -> int:
        return sum(self.documents.get(status, 0) for status in LEFT_OUT)

    @property
    def documents_total(self) -> int:
        return sum(self.documents.values())

    @property
    def documents_sum(self) -> Sum:
        return Sum(
            accepted=sum(self.documents.get(status, 0) for status in SENT),
            failed=self.documents.get(DeliveryStatus.FAILED, 0),
            left_out=self.documents_left_out,
            in_doubt=self.documents.get(DeliveryStatus.IN_DOUBT, 0),
            waiting=self.documents.get(DeliveryStatus.PENDING, 0),
            total=self.documents_total,
        )


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Why no mail of a sending goes right now, in words, and until when; `reply` is the server's own.

    Where it does not go on by itself, `until` is None. Where waiting may end in a stop, `ends` says when, and
    `you_can` what she can do.
    """

    words: str
    until: datetime | None
    reply: str = ""
    ends: datetime | None = None
    you_can: str = ""


def hold(mailing: Mailing, now_and_due: Progress) -> Hold | None:
    """What holds a sending back: its account's pause or limits, or that all it has left waits for another attempt."""
    account = mailing.account
    until = allowance.waits_until(account)
    if until:
        return _paused(account, until)
    until = allowance.held_until(account)
    if until:
        return Hold(words=str(allowance.USED_UP), until=until)
    if now_and_due.waiting and now_and_due.next_due and now_and_due.next_due > now_and_due.now:
        words = _("Los correos que faltan esperan otro intento; cada uno se intenta durante 48 horas.")
        return Hold(words=words, until=now_and_due.next_due)
    return None


def standstill(mailing: Mailing, now_and_due: Progress) -> Hold | None:
    """What holds it back while it is sending, or has stopped it; None where mails go, have all gone, or a person
    stopped them."""
    if mailing.status == MailingStatus.SENDING:
        return hold(mailing, now_and_due) if now_and_due.waiting else None
    if mailing.status != MailingStatus.STOPPED or not mailing.status_reason:
        return None
    known = EXPLANATIONS.get(mailing.status_reason)
    words = known.happened if known else batches.REASONS.get(mailing.status_reason, "")
    return Hold(words=str(words), reply=mailing.status_reply, until=mailing.resume_at)


def _paused(account: MailAccount, until: datetime) -> Hold:
    why = EXPLANATIONS[account.pause_reason]
    ends = account.paused_since + history.patience(account.pause_reason) if account.paused_since else None
    return Hold(words=str(why.happened), until=until, reply=account.pause_reply, ends=ends, you_can=str(why.you_can))


def duration(account: MailAccount, recipients: int, waits: timedelta = timedelta()) -> float:
    """About how many seconds `recipients` take: by the account's limits, never faster than servers answer, and with
    what the parts of a mailing wait."""
    return waits.total_seconds() + max(
        allowance.duration(account, recipients).total_seconds(), recipients / (account.connections * PER_SECOND)
    )


def time_left(account: MailAccount, progress: Progress, waits: timedelta = timedelta()) -> float:
    """Seconds until the last mail has gone: after the account's pause, as its limits and its server's speed let it,
    with what its parts wait, and not before the last of those that wait for another attempt."""
    pause = account.paused_until - progress.now if account.paused_until else timedelta()
    going = max(duration(account, progress.waiting), progress.waiting * 60 / progress.speed if progress.speed else 0)
    last = progress.last_due - progress.now if progress.last_due else timedelta()
    return max(max(pause.total_seconds(), 0) + going + waits.total_seconds(), last.total_seconds())


def standing(company: Company, asked: int = 0) -> list[Standing]:
    """The oldest sending that is going on, if any is, and the `asked` one, if it is the company's. One query."""
    rows = sql.run(__package__, "standing", company=company.pk, asked=asked)
    return [
        Standing(
            pk=row[0],
            number=row[1],
            status=row[2],
            is_oldest=row[3],
            sendings=row[4],
            is_in_air=row[5],
            mails=json.loads(row[6]),
        )
        for row in rows
    ]


def progress(mailing: Mailing) -> Progress:
    """One query of counters; it costs the same for ten mails and for a million."""
    (row,) = sql.run(__package__, "progress", mailing=mailing.pk)
    states: dict[str, list[int]] = json.loads(row[0])
    return Progress(
        mails={state: counts[0] for state, counts in states.items() if counts[0]},
        documents={state: counts[1] for state, counts in states.items() if counts[1]},
        retrying=row[1],
        next_due=row[2],
        last_due=row[3],
        is_in_air=row[4],
        sent_since=row[5],
        rates=tuple(json.loads(row[6])),
        now=row[7],
        since=row[8],
    )
