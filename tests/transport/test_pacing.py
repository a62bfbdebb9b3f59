from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cartero.transport import pacing
from cartero.transport.pacing import DAY, HOUR, MINUTE, GiveUp, Learned, Limits, RetryAt, Usage

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
MIDDLE = 0.5


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("attempts", "wait"), [(1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (6, 120), (7, 120), (20, 120)]
)
def test_next_attempt(attempts: int, wait: int) -> None:
    assert pacing.next_attempt(attempts, NOW, NOW, MIDDLE) == RetryAt(NOW + minutes(wait))


@pytest.mark.parametrize(("jitter", "wait"), [(0, 4), (0.5, 5), (1, 6)])
def test_attempts_are_spread_by_a_fifth(jitter: float, wait: int) -> None:
    assert pacing.next_attempt(2, NOW, NOW, jitter) == RetryAt(NOW + minutes(wait))


def test_greylisting_waits_a_minute_at_least() -> None:
    assert pacing.next_attempt(1, NOW, NOW, 0, at_least=60) == RetryAt(NOW + minutes(1))
    assert pacing.next_attempt(2, NOW, NOW, MIDDLE, at_least=60) == RetryAt(NOW + minutes(5))


def test_after_48_hours_it_gives_up_and_tries_once_more_before() -> None:
    first = NOW - timedelta(hours=47)
    assert pacing.next_attempt(30, first, NOW, MIDDLE) == RetryAt(first + timedelta(hours=48))
    assert pacing.next_attempt(30, NOW - timedelta(hours=48), NOW, MIDDLE) == GiveUp()


def test_all_the_attempts_of_a_delivery() -> None:
    now, attempts = NOW, 0
    while isinstance(decision := pacing.next_attempt(attempts + 1, NOW, now, MIDDLE), RetryAt):
        assert decision.at > now
        now, attempts = decision.at, attempts + 1
    assert (attempts, now) == (29, NOW + timedelta(hours=48))


@pytest.mark.parametrize(
    ("since", "wait"), [(None, 30), (0, 30), (29, 30), (60, 60), (300, 300), (600, 600), (7200, 600)]
)
def test_pause(since: float | None, wait: float) -> None:
    began = None if since is None else NOW - timedelta(seconds=since)
    assert pacing.pause(began, NOW, MIDDLE) == NOW + timedelta(seconds=wait)


def test_a_pause_for_an_hourly_limit_lasts_longer() -> None:
    assert pacing.pause(None, NOW, MIDDLE, at_least=900) == NOW + minutes(15)


def used(minute: int = 0, hour: int = 0, day: int = 0, ago: float = 0) -> Usage:
    at = NOW - timedelta(seconds=ago)
    return Usage(minute={MINUTE.start(at): minute}, hour={HOUR.start(at): hour}, day={DAY.start(at): day})


# How many of mails with one recipient each may go, and else from when one may: a piece counts until its last is over.
GRANTS: list[tuple[Limits, Usage, int, int, datetime | None]] = [
    (Limits(), Usage(), 100, 100, None),  # no limit
    (Limits(per_minute=30), Usage(), 100, 30, None),
    (Limits(per_minute=30), used(minute=30), 1, 0, NOW + timedelta(seconds=62)),
    (Limits(per_minute=30), used(minute=30, ago=59), 1, 0, NOW + timedelta(seconds=2)),
    (Limits(per_minute=30), used(minute=30, ago=62), 100, 30, None),  # all of it is more than a minute ago
    (Limits(per_minute=30, per_hour=50), used(minute=30, hour=30, ago=62), 100, 20, None),
    (Limits(per_minute=30, per_hour=50), used(minute=20, hour=50), 1, 0, NOW + minutes(61)),
    (Limits(per_minute=30, per_day=500), used(minute=30, hour=30, day=500), 1, 0, NOW + minutes(24 * 60 + 20)),
    (Limits(per_day=500), used(day=499), 100, 1, None),
    (Limits(per_day=500), used(day=900), 100, 0, NOW + minutes(24 * 60 + 20)),  # lowered meanwhile
    (Limits(per_minute=0), Usage(), 5, 0, NOW + minutes(1)),
    (Limits(per_minute=30), Usage(), 0, 0, None),
]


@pytest.mark.parametrize(("limits", "usage", "wanted", "granted", "until"), GRANTS)
def test_grant(limits: Limits, usage: Usage, wanted: int, granted: int, until: datetime | None) -> None:
    grant = pacing.grant(limits, usage, [1] * wanted, NOW)
    assert (grant.recipients, grant.until) == (granted, until)


@pytest.mark.parametrize(
    ("sizes", "minute", "mails"),
    [
        ([4, 4, 4], 0, 2),  # whole mails, in their order
        ([4, 7, 1], 0, 1),  # a small one does not overtake
        ([25, 1], 0, 1),  # more than the limit, when nothing else was used: it goes, alone
        ([25], 1, 0),
    ],
)
def test_a_mail_goes_whole(sizes: list[int], minute: int, mails: int) -> None:
    grant = pacing.grant(Limits(per_minute=10), used(minute=minute), sizes, NOW)
    assert (grant.mails, grant.recipients) == (mails, sum(sizes[:mails]))


def test_all_spans_count_what_was_granted() -> None:
    before = used(minute=5, hour=7, day=9, ago=120)
    usage = pacing.grant(Limits(per_day=500), before, [10], NOW).usage
    assert usage.minute == {MINUTE.start(NOW): 10}
    assert usage.hour == {HOUR.start(NOW - minutes(2)): 7, HOUR.start(NOW): 10}
    assert usage.day == {DAY.start(NOW - minutes(2)): 9, DAY.start(NOW): 10}


def test_what_did_not_go_is_given_back() -> None:
    granted = pacing.grant(Limits(per_minute=30), Usage(), [1] * 30, NOW)
    back = pacing.count(granted.usage, -20, NOW, NOW + timedelta(seconds=5))
    assert pacing.room(Limits(per_minute=30), back, NOW + timedelta(seconds=5)) == 20
    assert pacing.count(granted.usage, -20, NOW, NOW + minutes(2)).minute == {}  # it had ended meanwhile


STEPS = {
    "as fast as it may": lambda went: timedelta(milliseconds=50),
    "slowly, then in a burst": lambda went: timedelta(seconds=1.9 if went < 29 else 0.01),
    "by fits and starts": lambda went: timedelta(seconds=(went * 7919) % 13),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_no_minute_hour_or_day_takes_more_than_its_limit(step: Callable[[int], timedelta]) -> None:
    limits, usage, now = Limits(per_minute=30, per_hour=200, per_day=700), Usage(), NOW
    went: list[datetime] = []
    while len(went) < 1500:
        grant = pacing.grant(limits, usage, [1] * 3, now)
        usage = grant.usage
        went += [now] * grant.recipients
        now = grant.until or now + step(len(went))
    for length, limit in ((minutes(1), 30), (minutes(60), 200), (timedelta(days=1), 700)):
        most = max(index - bisect_right(went, at - length) + 1 for index, at in enumerate(went))
        assert most == limit


@pytest.mark.parametrize(
    ("limits", "usage", "recipients", "expected"),
    [
        (Limits(), Usage(), 10_000, timedelta()),
        (Limits(per_minute=30), Usage(), 30, timedelta()),
        (Limits(per_minute=30), Usage(), 31, minutes(1)),
        (Limits(per_minute=30), Usage(), 300, minutes(9)),
        (Limits(per_day=500), Usage(), 1200, timedelta(days=2)),
        (Limits(per_minute=30, per_day=500), Usage(), 1200, timedelta(days=2)),
        (Limits(per_day=500), used(day=500, ago=3600), 1, minutes(23 * 60 + 20)),
    ],
)
def test_duration(limits: Limits, usage: Usage, recipients: int, expected: timedelta) -> None:
    assert pacing.duration(limits, usage, recipients, NOW) == expected


def test_one_connection_less_and_slower() -> None:
    learned = pacing.slow_down(Learned(), 4, 100, NOW)
    assert learned == Learned(connections=3, per_minute=70, at=NOW)
    assert pacing.allowed_connections(4, learned, NOW) == 3
    assert pacing.allowed_per_minute(None, learned, NOW) == 70


def test_the_refusals_of_all_connections_at_once_are_one_lesson() -> None:
    learned = pacing.slow_down(Learned(), 4, 100, NOW)
    again = pacing.slow_down(learned, 4, 100, NOW + timedelta(seconds=5))
    assert again == learned
    assert pacing.slow_down(learned, 3, 70, NOW + minutes(1)).connections == 2


def test_it_never_learns_to_send_nothing() -> None:
    learned = pacing.slow_down(Learned(), 1, 1, NOW)
    assert (pacing.allowed_connections(4, learned, NOW), pacing.allowed_per_minute(30, learned, NOW)) == (1, 1)


@pytest.mark.parametrize(("later", "rate"), [(0, 70), (4, 70), (5, 77), (10, 84), (30, 100), (2000, 100)])
def test_the_rate_climbs_back_slowly(later: int, rate: int) -> None:
    learned = pacing.slow_down(Learned(), 4, 100, NOW)
    assert pacing.allowed_per_minute(100, learned, NOW + minutes(later)) == rate


@pytest.mark.parametrize(("later", "connections"), [(0, 1), (14, 1), (15, 2), (30, 3), (45, 4), (300, 4)])
def test_connections_climb_back_slowly(later: int, connections: int) -> None:
    learned = pacing.slow_down(Learned(), 2, 100, NOW)
    assert pacing.allowed_connections(4, learned, NOW + minutes(later)) == connections


def test_what_was_learned_is_forgotten_after_a_day() -> None:
    learned = pacing.shorter_connections(pacing.fewer_connections(Learned(), 2, NOW), 50, NOW)
    almost, after = NOW + timedelta(hours=23, minutes=59), NOW + timedelta(days=1)
    assert pacing.current(learned, almost) == Learned(most_connections=2, per_connection=50, ceiling_at=NOW)
    assert pacing.allowed_connections(4, learned, almost) == 2
    assert pacing.current(learned, after) == Learned()
    assert pacing.allowed_connections(4, learned, after) == 4


def test_slowness_and_ceilings_are_forgotten_apart() -> None:
    learned = pacing.slow_down(pacing.fewer_connections(Learned(), 3, NOW), 4, 100, NOW + timedelta(hours=20))
    later = pacing.current(learned, NOW + timedelta(days=1))
    assert (later.most_connections, later.per_minute) == (None, 70)


def test_the_shortest_connection_counts() -> None:
    learned = pacing.shorter_connections(Learned(), 100, NOW)
    assert pacing.shorter_connections(learned, 40, NOW).per_connection == 40
    assert pacing.shorter_connections(learned, 200, NOW).per_connection == 100
