"""What something cost: seconds on the clock, and CPU of all processes that took part."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

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


def _used(root: psutil.Process) -> float:
    used = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # its parent has it now
        used += times.user + times.system + times.children_user + times.children_system
    return used
