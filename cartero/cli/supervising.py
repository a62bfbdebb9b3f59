"""The process tree of `cartero run`: children that are started again when they die, and are all gone when we are."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import typer
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cartero.platform import dying
from cartero.platform.errors import CarteroError

TICK = 0.1  # seconds
GRACE = 30  # seconds in which the mails in mid-air are finished
PAUSES = (0.2, 1, 2, 4)  # seconds before a child that died is started again, ever longer, while it lives shortly
LIVED = 30  # seconds after which a child's earlier deaths are forgotten


class AlreadyRunning(CarteroError):
    """Another `cartero run` works on this data folder."""

    text = _("Cartero ya está encendido con la carpeta de datos %(folder)s. Para otro, nombre otra con CARTERO_HOME.")


@dataclass
class Child:
    """One process that must be there."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    deaths: int = 0
    due: float = 0

    def start(self) -> None:
        self.started = time.monotonic()
        # A session of its own: Ctrl-C reaches us alone, and what it leaves behind is found by its group.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cartero", *self.arguments],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dying.with_parent(signal.SIGKILL),
        )

    def look_after(self) -> None:
        """Starts it, or starts it again when it has died, after a pause."""
        if self.process is not None and self.process.poll() is not None:
            self._say_it_died(self.process.returncode)
            self.deaths = 1 if time.monotonic() - self.started > LIVED else self.deaths + 1
            self.due = time.monotonic() + PAUSES[min(self.deaths, len(PAUSES)) - 1]
            self.end_group(self.process.pid)
            self.process = None
        if self.process is None and time.monotonic() >= self.due:
            self.start()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process is not None and self.is_alive():
            self.process.terminate()

    def end(self) -> None:
        if self.process is not None:
            self.end_group(self.process.pid)
            self.process.wait()

    @staticmethod
    def end_group(pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)

    def _say_it_died(self, code: int) -> None:
        words = gettext("Se cayó «%(name)s» (código %(code)d); se enciende de nuevo.")
        typer.echo(words % {"name": self.name, "code": code}, err=True)


class Tree:
    """Looks after `children`, and before each look calls `keep`, until SIGTERM, SIGINT or SIGHUP, or `end`."""

    def __init__(self, children: Sequence[Child], keep: Callable[[], None]) -> None:
        self.children = children
        self.keep = keep
        self.is_stopping = False

    def run(self) -> None:
        dying.adopt_orphans()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        while not self.is_stopping:
            self.keep()
            for child in self.children:
                child.look_after()
            self._reap_strangers()
            time.sleep(TICK)
        self._end_all()

    def end(self) -> None:
        """For `keep`: this was the last look."""
        self.is_stopping = True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.end()

    def _end_all(self) -> None:
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + GRACE
        while any(child.is_alive() for child in self.children) and time.monotonic() < deadline:
            time.sleep(TICK)
        for child in self.children:
            child.end()
        self._reap_strangers()

    def _reap_strangers(self) -> None:
        """Takes leave of what dead children left to us; our own children are waited for where they are known."""
        ours = {child.process.pid for child in self.children if child.process is not None}
        with contextlib.suppress(ChildProcessError):
            while seen := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if seen.si_pid in ours:
                    return
                os.waitpid(seen.si_pid, os.WNOHANG)


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Raises AlreadyRunning when another process is inside for the same folder."""
    with os.fdopen(os.open(home / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(folder=str(home)) from None
        yield
