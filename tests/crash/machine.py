"""One machine of Cartero: a data folder, the command `cartero`, and workers as processes that can be killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LEASE = "6"  # seconds, so that a takeover is seen soon


class Machine:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        } | {"CARTERO_HOME": str(home), "CARTERO_LEASE_SECONDS": LEASE}
        self.workers: list[subprocess.Popen[bytes]] = []

    def run(self, *arguments: object) -> Any:
        """What a command answers in JSON. Fails the test when the command fails."""
        done = self._call(*arguments, "--json")
        assert done.returncode == 0, done.stderr.decode() + self._errors()
        return json.loads(done.stdout)

    def lines(self, *arguments: object) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._call(*arguments).stdout.splitlines()]

    def start_worker(self) -> subprocess.Popen[bytes]:
        """In a session of its own, so that a signal meets it alone."""
        command = [sys.executable, "-m", "cartero", "worker"]
        worker = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL, start_new_session=True)
        self.workers.append(worker)
        return worker

    def stop(self) -> None:
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(60)
        self.workers.clear()

    def _errors(self) -> str:
        log = self.home / "logs" / "errors.log"
        return log.read_text(encoding="utf-8")[-2_000:] if log.exists() else ""

    def _call(self, *arguments: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "cartero", *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, check=False)


@contextmanager
def machine() -> Iterator[Machine]:
    home = Path(tempfile.mkdtemp(prefix="cartero-crash-", dir="/tmp"))
    here = Machine(home)
    try:
        yield here
    finally:
        here.stop()
        shutil.rmtree(home, ignore_errors=True)


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    """Looks often: what is waited for may last a moment."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.005)


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()
