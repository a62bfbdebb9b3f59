from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from cartero.platform.gathering import Gathering

LONG = 20.0  # seconds that nothing here should take


def test_what_threads_put_is_taken_together():
    gathering = Gathering()
    with ThreadPoolExecutor(4) as threads:
        for number in range(20):
            threads.submit(gathering.put, number)
        taken = gathering.take(20, LONG)
    assert sorted(taken) == list(range(20))
    assert gathering.take(0, LONG) == []


def test_patience_ends_with_what_there_is():
    gathering = Gathering()
    gathering.put("only")
    began = monotonic()
    assert gathering.take(2, 0.05) == ["only"]
    assert 0.04 < monotonic() - began < LONG


def test_without_patience_it_only_looks():
    gathering = Gathering()
    assert gathering.take(1, 0) == []
    gathering.put("one")
    gathering.put("other")
    assert gathering.take(1, 0) == ["one", "other"]
