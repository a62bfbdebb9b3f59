"""How soon a sending begins after *Iniciar*, and ends after *Detener*, under load, by the MAIL commands."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import ROOT
from benchmarks.home import Home

PATIENCE = 10.0  # seconds until the first mail
AFTERWARDS = 3.0  # seconds in which nothing more may come


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """Seconds from the commit of a move (its answer comes after it) to the first, and to the last MAIL command."""

    first_mail: float
    last_mail: float


def reaction(home: Home, first: int, count: int) -> Reaction:
    log = home.folder / "seen.jsonl"
    command = [sys.executable, "-m", "tests.smtp", "--port", "0", "--log", str(log)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout is not None
    try:
        home.set_account(int(server.stdout.readline()))
        mailing = home.register(first, count)
        home.skip_rehearsal(mailing)
        home.start_workers()
        home.run("mailing", "start", mailing)
        home.wait_until(log.with_suffix(".begun").exists, PATIENCE)
        home.run("mailing", "stop", mailing)  # comes a second later, when the sending is well under way
        time.sleep(AFTERWARDS)
        home.stop_workers()
        begun = _begun(log)
        ((started, stopped),) = home.query(
            "SELECT extract(epoch FROM started_at)::float8, extract(epoch FROM changed_at)::float8"
            " FROM mailings_mailing WHERE id = %s AND status = 'stopped'",
            mailing,
        )
        return Reaction(first_mail=begun[0] - started, last_mail=begun[-1] - stopped)
    finally:
        server.kill()
        server.wait()


def _begun(log: Path) -> list[float]:
    return sorted(map(float, log.with_suffix(".begun").read_text(encoding="utf-8").split()))
