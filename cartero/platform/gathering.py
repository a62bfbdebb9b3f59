"""What threads finish one by one, taken in groups by the thread that waits for it."""

from collections import deque
from threading import Event
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Gathering(Generic[Thing]):
    """Any thread puts, one takes: who wants several wakes once, since to wake for each costs more than it brings."""

    def __init__(self) -> None:
        self._there: deque[Thing] = deque()
        self._wanted = 1
        self._enough = Event()

    def put(self, thing: Thing) -> None:
        self._there.append(thing)
        if len(self._there) >= self._wanted:
            self._enough.set()

    def take(self, many: int, patience: float) -> list[Thing]:
        """All there is, once there are `many` or `patience` seconds have passed."""
        self._wanted = many
        self._enough.clear()  # before the look: what is put after it sets it again
        if patience > 0 and len(self._there) < many:
            self._enough.wait(patience)
        return [self._there.popleft() for _ in range(len(self._there))]
