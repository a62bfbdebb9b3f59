"""Runs one contender on the documents of a home, and says what it cost. All are processes of their own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import bound
from benchmarks.home import SENDING, WORKERS, Home
from benchmarks.measuring import Cost, Meter

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / ".venv" / "bin" / "python"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Where everybody runs: the same database server, the same sink, the same files."""

    home: Home
    sink: psutil.Process
    port: int

    @property
    def servers(self) -> list[psutil.Process]:
        return [self.sink, self.home.postmaster]


@dataclass(frozen=True, kw_only=True)
class Span:
    """Documents number `first` and following."""

    first: int
    count: int


def set_up_peers() -> None:
    """Installs what the peers need into an environment of their own, once."""
    stamp = PEERS.parent.parent / "installed"
    wanted = (ROOT / "benchmarks" / "requirements.txt").read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", PEERS.parent.parent], check=True)
    install = [
        PEERS,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        ROOT / "benchmarks" / "requirements.txt",
    ]
    subprocess.run(install, check=True)
    stamp.write_text(wanted, encoding="utf-8")


def bare(ground: Ground, kind: str, span: Span) -> Cost:
    """`bound.py` in two processes."""
    bound.fill(ground.home.url, ground.home.manifest, span.first, span.count)
    command = [sys.executable, "-m", "benchmarks.bound", "--kind", kind, "--url", ground.home.url]
    where = ["--files", str(ground.home.files), "--port", str(ground.port)]
    return _raced([[*command, *where]] * WORKERS, ground, span.count)


def script(ground: Ground, span: Span, *, weasy: bool = False) -> Cost:
    """A loop over smtplib in two processes, each with its half."""
    half = span.count // WORKERS
    command = [str(PEERS), "-m", "benchmarks.peers.script", *_files(ground), *(["--weasy"] if weasy else [])]
    spans = [["--first", str(span.first + n * half), "--count", str(half)] for n in range(WORKERS)]
    return _raced([[*command, *each] for each in spans], ground, half * WORKERS)


def post_office(ground: Ground, span: Span, *, weasy: bool = False, queue_by: int = 1) -> Cost:
    """Two processes of four threads send; `queue_by` is how many fill its queue."""
    ground.home.query("DROP DATABASE IF EXISTS post_office")
    ground.home.query("CREATE DATABASE post_office")
    command = [str(PEERS), "-m", "benchmarks.peers.post_office", *_files(ground), *(["--weasy"] if weasy else [])]
    where = ["--socket", str(ground.home.socket), "--database", "post_office", "--queue-by", str(queue_by)]
    return _raced([[*command, *where, "--first", str(span.first), "--count", str(span.count)]], ground, span.count)


def product(ground: Ground, span: Span, *, rehearsed: bool) -> tuple[Cost, float]:
    """`cartero worker` in two processes: register, start, wait. Beside the cost, the larger worker's memory in MB."""
    home = ground.home
    mailing = home.register(span.first, span.count)
    if not rehearsed:
        home.skip_rehearsal(mailing)
    home.start_workers()
    if rehearsed:
        home.wait_until(lambda: home.is_rehearsed(mailing), SENDING)
    meter = Meter([*ground.servers, *home.workers])
    home.run("mailing", "start", mailing)
    home.await_end(mailing)
    began, ended, accepted = home.sending(mailing)
    cost = meter.cost(span.count, ended - began)
    if accepted != span.count:
        sys.exit(f"of {span.count} mails {accepted} went")
    memory = max(worker.memory_info().rss for worker in home.workers) / 1e6
    home.stop_workers()
    return cost, memory


def _files(ground: Ground) -> list[str]:
    home = ground.home
    return ["--manifest", str(home.manifest), "--files", str(home.files), "--port", str(ground.port)]


def _raced(commands: list[list[str]], ground: Ground, mails: int) -> Cost:
    """Starts all, lets them go together, and waits for the last."""
    runners = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for command in commands
    ]
    for runner in runners:
        _line(runner)
    meter = Meter([*ground.servers, *(psutil.Process(runner.pid) for runner in runners)])
    for runner in runners:
        _go_on(runner)
    done = sum(json.loads(_line(runner))["done"] for runner in runners)
    cost = meter.cost(mails)
    for runner in runners:
        _go_on(runner)
        runner.wait()
    if done != mails:
        sys.exit(f"{commands[0]}: {done} of {mails} mails")
    return cost


def _line(runner: subprocess.Popen[str]) -> str:
    assert runner.stdout is not None
    line = runner.stdout.readline()
    if not line:
        sys.exit(f"{runner.args} has died")
    return line


def _go_on(runner: subprocess.Popen[str]) -> None:
    assert runner.stdin is not None
    runner.stdin.write("\n")
    runner.stdin.flush()
