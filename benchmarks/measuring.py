"""What something cost: seconds on the clock, and CPU of all processes that took part."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import psutil


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of so many mails. Rounds of the same work may be added."""

    mails: int
    seconds: float
    cpu: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(mails=self.mails + other.mails, seconds=self.seconds + other.seconds, cpu=self.cpu + other.cpu)

    @property
    def per_second(self) -> float:
        return self.mails / self.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / self.mails


class Meter:
    """Counts from its making. `processes`: roots of the trees that do the work; those reaped meanwhile count too."""

    def __init__(self, processes: Sequence[psutil.Process]) -> None:
        self._processes = processes
        self._cpu = self._used()
        self._began = time.monotonic()

    def cost(self, mails: int, seconds: float | None = None, cpu: float = 0.0) -> Cost:
        """`seconds`: where the work itself tells better than the clock; `cpu`: of processes that are gone by now."""
        spent = time.monotonic() - self._began
        return Cost(mails=mails, seconds=seconds or spent, cpu=self._used() - self._cpu + cpu)

    def _used(self) -> float:
        return sum(map(_used, self._processes))


class Recorder:
    """Notes every tenth of a second how much was used, so that the cost between two instants can be told afterwards."""

    def __init__(self, processes: Sequence[psutil.Process]) -> None:
        self._processes = processes
        self._notes: list[tuple[float, float]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._record, daemon=True)

    def __enter__(self) -> Self:
        self._note()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._note()

    def cost(self, mails: int, began: float, ended: float) -> Cost:
        """What was used from `began` to `ended` (seconds since 1970)."""
        first = max((note for note in self._notes if note[0] <= began), default=self._notes[0])
        last = min((note for note in self._notes if note[0] >= ended), default=self._notes[-1])
        return Cost(mails=mails, seconds=ended - began, cpu=last[1] - first[1])

    def _record(self) -> None:
        while not self._over.wait(0.1):
            self._note()

    def _note(self) -> None:
        self._notes.append((time.time(), sum(map(_used, self._processes))))


def _used(root: psutil.Process) -> float:
    used = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # its parent has it now
        used += times.user + times.system + times.children_user + times.children_system
    return used
