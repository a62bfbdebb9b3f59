from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from cartero.transport.envelope import Transmission
from cartero.transport.lanes import Landed, Lanes, Parcel
from cartero.transport.pool import Pool
from cartero.transport.replies import Sent, Stop
from tests.smtp import SmtpServer
from tests.transport.conftest import account_at

MESSAGE = b"Message-ID: <1@example.co>\r\n\r\nHola\r\n"
SOON = 60.0
MakeLanes = Callable[[int], Lanes]


@pytest.fixture
def make_lanes(smtp_server: SmtpServer) -> Iterator[MakeLanes]:
    made: list[Lanes] = []

    def make(size: int) -> Lanes:
        made.append(Lanes(Pool(account_at(smtp_server), size), most=size))
        return made[-1]

    yield make
    for lanes in made:
        while lanes.is_busy:
            lanes.landed(1)
            lanes.ready(0)
        lanes.close()


def opened(lanes: Lanes, wanted: int) -> None:
    deadline = monotonic() + 5
    while lanes.ready(wanted) < wanted and monotonic() < deadline:
        lanes.landed(0.05)
    assert lanes.ready(wanted) == wanted


def hand(lanes: Lanes, *keys: int, not_after: float = SOON) -> None:
    for key in keys:
        parcel = Parcel(key=key, envelope_from="f@example.co", to=[f"t{key}@example.co"], message=MESSAGE)
        lanes.hand(parcel, monotonic() + not_after)


def landed(lanes: Lanes, many: int) -> dict[int, Landed]:
    found: dict[int, Landed] = {}
    deadline = monotonic() + 5
    while len(found) < many and monotonic() < deadline:
        found |= {each.key: each for each in lanes.landed(0.5)}
    return found


def verdict(landed: Landed) -> object:
    return landed.done.verdict if isinstance(landed.done, Transmission) else None


def test_as_many_fly_as_there_are_connections(make_lanes: MakeLanes, smtp_server: SmtpServer) -> None:
    lanes = make_lanes(3)
    opened(lanes, 3)
    assert lanes.ready(9) == 3
    hand(lanes, 1, 2, 3)
    assert lanes.ready(1) == 0
    assert {key: verdict(each) for key, each in landed(lanes, 3).items()} == dict.fromkeys((1, 2, 3), Sent())
    hand(lanes, 4)
    assert set(landed(lanes, 1)) == {4}
    assert smtp_server.counts["greeting"] == 3


def test_the_first_connection_is_opened_alone(make_lanes: MakeLanes, smtp_server: SmtpServer) -> None:
    """A password that is refused is said once."""
    smtp_server.answer("greeting", 554, "no")
    lanes = make_lanes(4)
    assert lanes.ready(4) == 0
    lanes.landed(2)
    for _ in range(3):
        assert lanes.ready(4) == 0
    assert smtp_server.counts["greeting"] == 1
    assert lanes.refusal is not None
    assert lanes.refusal.verdict == Stop(reason="blocked_here")


def test_a_slow_mail_holds_up_only_itself(make_lanes: MakeLanes, smtp_server: SmtpServer) -> None:
    smtp_server.answer("rcpt", 250, "2.1.5 ok", when="t1@example.co", drip=0.03)
    lanes = make_lanes(2)
    opened(lanes, 2)
    hand(lanes, 1, 2)
    order: list[int] = []
    next_one = 3
    while 1 not in order:
        done = lanes.landed(1)
        order += [each.key for each in done]
        for each in done:
            if each.key != 1:
                hand(lanes, next_one)
                next_one += 1
    assert len(order) > 4


def test_what_comes_too_late_is_not_begun(make_lanes: MakeLanes, smtp_server: SmtpServer) -> None:
    lanes = make_lanes(1)
    opened(lanes, 1)
    hand(lanes, 1, not_after=-1)
    assert landed(lanes, 1)[1].done is None
    assert smtp_server.counts["mail"] == 0
    hand(lanes, 2)
    assert verdict(landed(lanes, 1)[2]) == Sent()


def test_a_connection_that_died_meanwhile_takes_no_mail(
    make_lanes: MakeLanes, smtp_server: SmtpServer, until: Callable[[Callable[[], bool]], bool]
) -> None:
    lanes = make_lanes(1)
    opened(lanes, 1)
    smtp_server.drop_connections()
    assert until(lambda: not smtp_server.open)
    hand(lanes, 1)
    assert landed(lanes, 1)[1].done is None
    opened(lanes, 1)
    hand(lanes, 1)
    assert verdict(landed(lanes, 1)[1]) == Sent()


def test_closing_says_good_bye(
    make_lanes: MakeLanes, smtp_server: SmtpServer, until: Callable[[Callable[[], bool]], bool]
) -> None:
    lanes = make_lanes(2)
    opened(lanes, 2)
    lanes.close()
    assert until(lambda: not smtp_server.open)
    assert smtp_server.counts["quit"] == 2
