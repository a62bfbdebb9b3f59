"""Waiting for another process, without taking the time that it needs."""

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], seconds: float, told: Callable[[], str] = str, every: float = 0.05) -> None:
    """Looks often: what is waited for may last a moment. Fails with what `told` says then."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"it did not come to that: {told()}"
        time.sleep(every)
