"""How many mails a turn claims at a time."""

from time import monotonic

from cartero.mailings import lots
from cartero.mailings.lots import Lots


def of(limit, seconds_ago):
    return Lots(limit=limit, at=monotonic() - seconds_ago)


def test_a_brisk_turn_claims_more_at_a_time():
    brisk = of(lots.FIRST, 0)
    for _ in range(10):
        brisk.enter(brisk.limit, brisk.limit)
    assert brisk.limit == lots.MOST


def test_a_slow_turn_claims_fewer_at_a_time():
    slow = of(100, lots.SLOW + 1)
    slow.enter(100, 100)
    assert slow.limit == 50
    slow = of(lots.FIRST, lots.SLOW + 1)
    slow.enter(lots.FIRST, lots.FIRST)
    assert slow.limit == lots.FIRST


def test_small_lots_at_the_end_say_nothing_of_the_pace():
    last = of(32, 0)
    last.enter(32, 5)
    assert (last.limit, last.last, last.was_all) == (32, 5, False)


def test_it_knows_that_nothing_was_left():
    last = of(32, 0)
    last.enter(32, 0)
    assert last.was_all


def test_a_limit_without_room_does_not_pass_for_the_end():
    last = of(32, 0)
    last.enter(32, 20)
    last.enter(0, 0)
    assert (last.last, last.was_all) == (20, False)
