import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests import prepared
from tests.waiting import wait_until

ALIVE = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass
class Cartero:
    """A real `cartero run`, with all that it started."""

    process: subprocess.Popen[str]
    address: str
    said: list[str]

    def family(self) -> list[psutil.Process]:
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def called(self, word: str) -> list[psutil.Process]:
        found = []
        for member in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):  # a zombie too, which the next look has buried
                found += [member] if word in member.cmdline() else []
        return found

    def answers(self) -> int:
        with urllib.request.urlopen(f"{self.address}/", timeout=20) as response:  # noqa: S310  # its own address
            return int(response.status)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def environment(home: Path, port: int) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return own | {"CARTERO_HOME": str(home), "CARTERO_PORT": str(port), "CARTERO_WORKERS": "1", "PYTHONUNBUFFERED": "1"}


@contextlib.contextmanager
def running(home: Path, port: int) -> Iterator[Cartero]:
    process = subprocess.Popen(
        [sys.executable, "-m", "cartero", "run"], env=environment(home, port), stdout=subprocess.PIPE, text=True
    )
    said: list[str] = []
    assert process.stdout is not None
    while not (said and ALIVE.search(said[-1])):
        line = process.stdout.readline()
        assert line, "it ended before it was ready"
        said.append(line)
    cartero = Cartero(process, ALIVE.search(said[-1]).group(), said)  # type: ignore[union-attr]
    try:
        yield cartero
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=45)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One folder for all, whose tables are made once; its path has a space."""
    with tempfile.TemporaryDirectory(prefix="cartero run ", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def stopped_home() -> Iterator[Path]:
    """Another, for the tests that end what runs in it."""
    with tempfile.TemporaryDirectory(prefix="cartero run ", dir="/tmp") as folder:
        prepared.seed(Path(folder))
        yield Path(folder)


@pytest.fixture(scope="module")
def cartero(home: Path) -> Iterator[Cartero]:
    with running(home, free_port()) as ready:
        yield ready


def test_it_is_one_tree_that_answers(cartero: Cartero) -> None:
    assert cartero.answers() == 200
    assert len(cartero.called("web")) == 3  # Granian and its two
    assert [member for member in cartero.family() if member.name() == "postgres"]


def test_the_first_time_it_shows_a_code(cartero: Cartero, home: Path) -> None:
    assert cartero.process.stdout is not None
    assert (home / "first-run-code").read_text() in cartero.process.stdout.readline()


@pytest.mark.parametrize(
    ("victims", "how"),
    [(slice(None), signal.SIGTERM), (slice(1), signal.SIGINT)],
    ids=["the whole tree", "only the first process"],
)
def test_killed_it_comes_again_and_asked_to_it_stops_whole(
    stopped_home: Path, victims: slice, how: signal.Signals
) -> None:
    port = free_port()
    with running(stopped_home, port) as cartero:
        family = cartero.family()
        for member in family[victims]:
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended by itself
                member.kill()
        cartero.process.wait(timeout=10)
    with running(stopped_home, port) as again:
        assert again.answers() == 200
        assert [member for member in family if member.is_running()] == []
        family = again.family()
        again.process.send_signal(how)
        assert again.process.wait(timeout=30) == 0
        assert [member for member in family if member.is_running()] == []


@pytest.mark.parametrize("victim", ["web", "worker"])
def test_a_child_that_dies_is_started_again(cartero: Cartero, victim: str) -> None:
    dead = cartero.called(victim)
    for member in dead:
        member.kill()
    wait_until(lambda: bool(cartero.called(victim)) and not {*cartero.called(victim)} & {*dead}, 60)
    assert cartero.process.poll() is None


def test_a_database_that_dies_is_started_again(cartero: Cartero) -> None:
    server = next(member for member in cartero.family() if member.name() == "postgres")
    server.kill()
    wait_until(lambda: is_well(cartero), 60)


def is_well(cartero: Cartero) -> bool:
    with contextlib.suppress(OSError):
        return cartero.answers() == 200
    return False


def test_two_run_side_by_side(cartero: Cartero, stopped_home: Path) -> None:
    with running(stopped_home, free_port()) as second:
        assert cartero.answers() == second.answers() == 200
        assert {member.pid for member in cartero.family()}.isdisjoint(member.pid for member in second.family())


def run(home: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cartero", *arguments]
    return subprocess.run(command, env=environment(home, port), capture_output=True, text=True, check=False)


def test_a_second_one_in_the_same_folder_is_refused(cartero: Cartero, home: Path) -> None:
    done = run(home, free_port(), "run")
    assert done.returncode == 1
    assert "ya está encendido" in done.stderr
    assert cartero.answers() == 200


def test_a_port_that_is_taken_is_refused(stopped_home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(stopped_home, taken.getsockname()[1], "run")
    assert done.returncode == 1
    assert "ocupado" in done.stderr


def test_a_short_command_leaves_the_running_one_alone(cartero: Cartero, home: Path) -> None:
    assert run(home, 0, "migrate").returncode == 0
    assert cartero.answers() == 200


def test_the_doctor_finds_it_well(cartero: Cartero, home: Path) -> None:
    # The first may come before the worker's first sign.
    assert any((found := run(home, 0, "doctor")).returncode == 0 for _ in range(3)), found.stdout
    assert "✗" not in found.stdout
