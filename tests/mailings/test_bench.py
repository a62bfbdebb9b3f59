from threading import Event
from types import SimpleNamespace

import pytest

from cartero.mailings.bench import Bench
from cartero.mailings.making import Unmade


def orders(*ids):
    return [SimpleNamespace(delivery_id=pk) for pk in ids]


def named(order):
    return Unmade(reason=str(order.delivery_id), detail="")


def taken(bench, many):
    found = {}
    while len(found) < many:
        found |= {order.delivery_id: result for order, result in bench.take(1, 2)}
    return found


@pytest.fixture
def bench_of():
    made = []

    def make(function, ahead=4):
        made.append(Bench(function, ahead))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


def test_all_are_made(bench_of):
    bench = bench_of(named)
    bench.put(orders(*range(20)))
    assert taken(bench, 20) == {n: Unmade(reason=str(n), detail="") for n in range(20)}
    assert bench.is_empty


def test_few_are_made_ahead(bench_of):
    begun = []
    bench = bench_of(lambda order: begun.append(order.delivery_id) or named(order), ahead=3)
    bench.put(orders(*range(20)))
    first = bench.take(1, 2)
    assert len(begun) <= 3 + len(first)


def test_an_error_nobody_foresaw_is_that_mails_own(bench_of):
    def broken(order):
        return named(order) if order.delivery_id != 2 else 1 / 0

    bench = bench_of(broken)
    bench.put(orders(1, 2, 3))
    results = taken(bench, 3)
    assert isinstance(results[2], ZeroDivisionError)
    assert isinstance(results[3], Unmade)


def test_one_that_takes_too_long_is_known_and_the_others_go_on(bench_of):
    go = Event()

    def slow(order):
        if order.delivery_id == 1:
            go.wait(20)
        return named(order)

    bench = bench_of(slow)
    bench.put(orders(1, 2, 3, 4))
    assert set(taken(bench, 3)) == {2, 3, 4}
    assert bench.overdue(0) == [1]
    assert bench.overdue(60) == []
    go.set()


def test_what_is_cleared_does_not_come_back(bench_of):
    bench = bench_of(named)
    bench.put(orders(*range(20)))
    bench.clear()
    assert bench.is_empty
    bench.put(orders(99))
    assert set(taken(bench, 1)) == {99}


def test_it_tells_how_many_are_left(bench_of):
    go_on = Event()
    bench = bench_of(lambda order: go_on.wait(5) and named(order), ahead=3)
    bench.put(orders(*range(20)))
    assert bench.left == 20
    go_on.set()
    first = taken(bench, 5)
    assert bench.left == 20 - len(first)
