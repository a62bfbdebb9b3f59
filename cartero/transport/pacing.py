"""When the next attempt is, how many recipients may go now, and what a server's refusals teach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
LONG_WAIT = timedelta(hours=2)
GIVE_UP_AFTER = timedelta(hours=48)  # RFC 5321, 4.5.4.1, asks for days; an invoice's clerk wants to know sooner
SPREAD = 0.2

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)
FORGOTTEN = timedelta(hours=1)  # nobody has tried since a pause ended: the next is another one

REMEMBERED = timedelta(days=1)
SLOWER, CLIMB, CLIMB_EVERY = 0.7, 1.1, timedelta(minutes=5)
CONNECTION_EVERY = timedelta(minutes=15)  # one more again after so long without a refusal
ONE_LESSON = timedelta(seconds=30)  # the refusals of several connections at once are one lesson


@dataclass(frozen=True)
class RetryAt:
    at: datetime


@dataclass(frozen=True)
class GiveUp:
    """48 hours have gone by since it was first refused."""

    reason: str = "not_delivered_in_48_h"


def next_attempt(
    attempts: int, first_failed_at: datetime, now: datetime, jitter: float, *, at_least: float = 0
) -> RetryAt | GiveUp:
    """After the `attempts`-th failure; the last attempt is at 48 h. `jitter` is 0..1; `at_least` counts seconds."""
    end = first_failed_at + GIVE_UP_AFTER
    if now >= end:
        return GiveUp()
    wait = WAITS[attempts - 1] if attempts <= len(WAITS) else LONG_WAIT
    spread = wait * (1 + SPREAD * (2 * jitter - 1))
    return RetryAt(min(now + max(spread, timedelta(seconds=at_least)), end))


def pause(paused_since: datetime | None, now: datetime, jitter: float, *, at_least: float = 0) -> datetime:
    """Until when an account waits for its next probe: as long again as it has waited, 30 s to 10 min."""
    waited = now - paused_since if paused_since else timedelta()
    wait = min(max(waited, FIRST_PAUSE), LONGEST_PAUSE) * (1 + SPREAD * (2 * jitter - 1))
    return now + max(wait, timedelta(seconds=at_least))


def paused_since(since: datetime | None, until: datetime | None, now: datetime) -> datetime | None:
    """When the pause began that `now` goes on with; None where none does."""
    return since if until and now - until < FORGOTTEN else None


@dataclass(frozen=True)
class Span:
    """What a limit counts over: any `length` there is. It is counted in pieces, each until the last of it is over."""

    length: timedelta
    piece: timedelta

    def start(self, moment: datetime) -> int:
        """The piece of `moment`: its beginning, in seconds since 1970."""
        seconds = int(self.piece.total_seconds())
        return int(moment.timestamp()) // seconds * seconds

    def end(self, start: int) -> datetime:
        """When nothing of the piece counts any more."""
        return datetime.fromtimestamp(start, UTC) + self.piece + self.length


MINUTE = Span(timedelta(minutes=1), timedelta(seconds=2))
HOUR = Span(timedelta(hours=1), timedelta(minutes=1))
DAY = Span(timedelta(days=1), timedelta(minutes=20))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Recipients an account takes in any minute, hour, day; None is without limit."""

    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None

    @property
    def spans(self) -> tuple[tuple[Span, int], ...]:
        pairs = ((MINUTE, self.per_minute), (HOUR, self.per_hour), (DAY, self.per_day))
        return tuple((span, limit) for span, limit in pairs if limit is not None)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Recipients that went, by the beginning of the piece of each span in which they did."""

    minute: Mapping[int, int] = field(default_factory=dict)
    hour: Mapping[int, int] = field(default_factory=dict)
    day: Mapping[int, int] = field(default_factory=dict)

    def of(self, span: Span, now: datetime) -> dict[int, int]:
        """What still counts at `now`, oldest first."""
        pieces = {MINUTE: self.minute, HOUR: self.hour, DAY: self.day}[span]
        return {start: used for start, used in sorted(pieces.items()) if used > 0 and span.end(start) > now}


@dataclass(frozen=True, kw_only=True)
class Grant:
    """How many of the wanted mails may go, with how many recipients, those counted; with none, until when to wait."""

    mails: int
    recipients: int
    usage: Usage
    until: datetime | None = None


def grant(limits: Limits, usage: Usage, sizes: Sequence[int], now: datetime) -> Grant:
    """What may go of mails with so many recipients each, in this order. One that is beyond a limit goes alone."""
    mails = recipients = 0
    for size in sizes:
        if not all(_fits(_total(usage, span, now) + recipients, size, limit) for span, limit in limits.spans):
            break
        mails, recipients = mails + 1, recipients + size
    if mails or not sizes:
        return Grant(mails=mails, recipients=recipients, usage=count(usage, recipients, now, now))
    return Grant(mails=0, recipients=0, usage=usage, until=free_at(limits, usage, sizes[0], now))


def count(usage: Usage, recipients: int, at: datetime, now: datetime) -> Usage:
    """`recipients` more that went at `at`; less, where it is negative. What no longer counts is dropped."""

    def pieces(span: Span) -> dict[int, int]:
        counted = usage.of(span, now)
        start = span.start(at)
        counted[start] = max(0, counted.get(start, 0) + recipients)
        return {start: used for start, used in counted.items() if used}

    return Usage(minute=pieces(MINUTE), hour=pieces(HOUR), day=pieces(DAY))


def room(limits: Limits, usage: Usage, now: datetime) -> int | None:
    """How many recipients may go now; None without limit."""
    left = [limit - _total(usage, span, now) for span, limit in limits.spans]
    return max(0, min(left)) if left else None


def free_at(limits: Limits, usage: Usage, size: int, now: datetime) -> datetime | None:
    """From when a mail with `size` recipients may go; None when it may now."""
    waits = [_free_at(usage, span, limit, size, now) for span, limit in limits.spans]
    return max((wait for wait in waits if wait), default=None)


def duration(limits: Limits, usage: Usage, recipients: int, now: datetime) -> timedelta:
    """The least time that the limits allow `recipients` to take from `now`, with what is used already."""
    return max((_least(usage, span, limit, recipients, now) for span, limit in limits.spans), default=timedelta())


def _total(usage: Usage, span: Span, now: datetime) -> int:
    return sum(usage.of(span, now).values())


def _fits(used: int, size: int, limit: int) -> bool:
    return used + size <= limit or (used == 0 and limit > 0)


def _free_at(usage: Usage, span: Span, limit: int, size: int, now: datetime) -> datetime | None:
    pieces = usage.of(span, now)
    used = sum(pieces.values())
    if _fits(used, size, limit):
        return None
    for start, recipients in pieces.items():
        used -= recipients
        if _fits(used, size, limit):
            return span.end(start)
    return now + span.length  # a limit of none


def _least(usage: Usage, span: Span, limit: int, recipients: int, now: datetime) -> timedelta:
    beyond = recipients - max(0, limit - _total(usage, span, now))
    if beyond <= 0 or not limit:
        return timedelta()
    first = _free_at(usage, span, limit, 1, now) or now + span.length
    return first - now + span.length * ((beyond - 1) // limit)


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a server's refusals have taught. Slowness (`at`) climbs back; its ceilings (`ceiling_at`) last a day."""

    connections: int | None = None
    per_minute: int | None = None
    at: datetime | None = None
    most_connections: int | None = None
    per_connection: int | None = None
    ceiling_at: datetime | None = None


def slow_down(learned: Learned, connections: int, per_minute: int, now: datetime) -> Learned:
    """After 432, 421, 454: one connection less than were in use, and a lower rate than went (recipients a minute)."""
    learned = current(learned, now)
    if learned.at and now - learned.at < ONE_LESSON:
        return learned
    rate = max(1, int(per_minute * SLOWER)) if per_minute > 0 else learned.per_minute
    return replace(learned, connections=max(1, connections - 1), per_minute=rate, at=now)


def fewer_connections(learned: Learned, allowed: int, now: datetime) -> Learned:
    """The server took `allowed` connections and refused one more; the rate was not at fault."""
    known = current(learned, now)
    return replace(known, most_connections=max(1, min(allowed, known.most_connections or allowed)), ceiling_at=now)


def shorter_connections(learned: Learned, mails: int, now: datetime) -> Learned:
    """The server closed a connection after `mails` mails."""
    known = current(learned, now)
    return replace(known, per_connection=min(mails, known.per_connection or mails), ceiling_at=now)


def current(learned: Learned, now: datetime) -> Learned:
    """What still counts: each is forgotten a day after its last lesson."""
    if learned.at is None or now - learned.at >= REMEMBERED:
        learned = replace(learned, connections=None, per_minute=None, at=None)
    if learned.ceiling_at is None or now - learned.ceiling_at >= REMEMBERED:
        learned = replace(learned, most_connections=None, per_connection=None, ceiling_at=None)
    return learned


def allowed_connections(configured: int, learned: Learned, now: datetime) -> int:
    known = current(learned, now)
    allowed = min(configured, known.most_connections or configured)
    if known.connections is None or known.at is None:
        return allowed
    return min(allowed, known.connections + (now - known.at) // CONNECTION_EVERY)


def allowed_per_minute(configured: int | None, learned: Learned, now: datetime) -> int | None:
    """The lower of what the account says and what was learned, climbed back by a tenth every five minutes."""
    known = current(learned, now)
    if known.per_minute is None or known.at is None:
        return configured
    steps = (now - known.at) // CLIMB_EVERY
    climbed = int(known.per_minute * CLIMB**steps)
    return climbed if configured is None else min(configured, climbed)
