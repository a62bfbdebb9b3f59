"""When the next attempt is, how many recipients may go now, and what a server's refusals teach."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
LONG_WAIT = timedelta(hours=2)
GIVE_UP_AFTER = timedelta(hours=48)  # RFC 5321, 4.5.4.1, asks for days; an invoice's clerk wants to know sooner
SPREAD = 0.2

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)

REMEMBERED = timedelta(days=1)
SLOWER, CLIMB, CLIMB_EVERY = 0.7, 1.1, timedelta(minutes=5)
ONE_LESSON = timedelta(seconds=30)  # the refusals of several connections at once are one lesson
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


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


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Recipients an account takes; None is without limit."""

    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None


@dataclass(frozen=True)
class Window:
    """Recipients since the window began; it begins with the first recipient and ends after its length."""

    since: datetime | None = None
    used: int = 0


@dataclass(frozen=True, kw_only=True)
class Usage:
    minute: Window = Window()
    hour: Window = Window()
    day: Window = Window()


@dataclass(frozen=True, kw_only=True)
class Grant:
    """How many of the wanted recipients may go, the usage with them counted; with 0 granted, until when to wait."""

    recipients: int
    usage: Usage
    until: datetime | None = None


def grant(limits: Limits, usage: Usage, wanted: int, now: datetime) -> Grant:
    """What may go of `wanted` recipients, all windows kept."""
    usage = _current(usage, now)
    free, until = _room(limits, usage, now)
    granted = wanted if free is None else min(wanted, free)
    if granted <= 0:
        return Grant(recipients=0, usage=usage, until=until if wanted > 0 else None)
    return Grant(recipients=granted, usage=_used(usage, granted, now))


def give_back(usage: Usage, recipients: int, now: datetime) -> Usage:
    """Granted ones that did not go after all; a window that has ended since does not get them."""
    usage = _current(usage, now)
    return Usage(
        minute=replace(usage.minute, used=max(0, usage.minute.used - recipients)),
        hour=replace(usage.hour, used=max(0, usage.hour.used - recipients)),
        day=replace(usage.day, used=max(0, usage.day.used - recipients)),
    )


def duration(limits: Limits, usage: Usage, recipients: int, now: datetime) -> timedelta:
    """The least time that the limits allow `recipients` to take from `now`, with what is used already."""
    usage = _current(usage, now)
    return max(
        _least(limits.per_minute, usage.minute, MINUTE, recipients, now),
        _least(limits.per_hour, usage.hour, HOUR, recipients, now),
        _least(limits.per_day, usage.day, DAY, recipients, now),
    )


def _windows(limits: Limits, usage: Usage) -> tuple[tuple[int | None, Window, timedelta], ...]:
    return (
        (limits.per_minute, usage.minute, MINUTE),
        (limits.per_hour, usage.hour, HOUR),
        (limits.per_day, usage.day, DAY),
    )


def _room(limits: Limits, usage: Usage, now: datetime) -> tuple[int | None, datetime | None]:
    """Free recipients in the fullest window (None: no limit), and when the last of the full ones ends."""
    free: int | None = None
    until: datetime | None = None
    for limit, window, length in _windows(limits, usage):
        if limit is None:
            continue
        room = max(0, limit - window.used)
        free = room if free is None else min(free, room)
        if room == 0:
            end = (window.since or now) + length
            until = max(until, end) if until else end
    return free, until


def _current(usage: Usage, now: datetime) -> Usage:
    return Usage(
        minute=_still(usage.minute, MINUTE, now), hour=_still(usage.hour, HOUR, now), day=_still(usage.day, DAY, now)
    )


def _still(window: Window, length: timedelta, now: datetime) -> Window:
    return window if window.since and now < window.since + length else Window()


def _used(usage: Usage, recipients: int, now: datetime) -> Usage:
    return Usage(
        minute=Window(usage.minute.since or now, usage.minute.used + recipients),
        hour=Window(usage.hour.since or now, usage.hour.used + recipients),
        day=Window(usage.day.since or now, usage.day.used + recipients),
    )


def _least(limit: int | None, window: Window, length: timedelta, recipients: int, now: datetime) -> timedelta:
    if not limit:
        return timedelta()
    beyond = recipients - max(0, limit - window.used)
    if beyond <= 0:
        return timedelta()
    first_end = (window.since or now) + length
    return first_end - now + length * ((beyond - 1) // limit)


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a server's refusals have taught, and when last; forgotten after a day."""

    connections: int | None = None
    per_minute: int | None = None
    per_connection: int | None = None
    at: datetime | None = None


def slow_down(learned: Learned, connections: int, per_minute: int, now: datetime) -> Learned:
    """After 432, 421, 454: one connection less than were in use, and a lower rate than went (recipients a minute)."""
    learned = current(learned, now)
    if learned.at and now - learned.at < ONE_LESSON and learned.connections is not None:
        return learned
    rate = max(1, int(per_minute * SLOWER)) if per_minute > 0 else learned.per_minute
    return replace(learned, connections=max(1, connections - 1), per_minute=rate, at=now)


def fewer_connections(learned: Learned, allowed: int, now: datetime) -> Learned:
    """The server took `allowed` connections and refused one more; the rate was not at fault."""
    return replace(current(learned, now), connections=max(1, allowed), at=now)


def shorter_connections(learned: Learned, mails: int, now: datetime) -> Learned:
    """The server closed a connection after `mails` mails."""
    learned = current(learned, now)
    known = learned.per_connection
    return replace(learned, per_connection=min(mails, known) if known else mails, at=learned.at or now)


def current(learned: Learned, now: datetime) -> Learned:
    """What still counts: all is forgotten a day after the last lesson."""
    if learned.at is None or now - learned.at >= REMEMBERED:
        return Learned()
    return learned


def allowed_connections(configured: int, learned: Learned, now: datetime) -> int:
    known = current(learned, now).connections
    return min(configured, known) if known else configured


def allowed_per_minute(configured: int | None, learned: Learned, now: datetime) -> int | None:
    """The lower of what the account says and what was learned, climbed back by a tenth every five minutes."""
    known = current(learned, now)
    if known.per_minute is None or known.at is None:
        return configured
    steps = (now - known.at) // CLIMB_EVERY
    climbed = int(known.per_minute * CLIMB**steps)
    return climbed if configured is None else min(configured, climbed)
