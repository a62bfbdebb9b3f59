import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests import prepared


def cartero(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as the operator runs it, against the suite's own server unless told otherwise."""
    command = [sys.executable, "-m", "cartero", *arguments]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cartero main ", dir="/tmp") as folder:
        yield Path(folder)


def test_help_is_spanish_and_touches_nothing(tmp_path: Path) -> None:
    done = cartero("--help", CARTERO_HOME=str(tmp_path / "untouched"), DATABASE_URL="")
    assert done.returncode == 0
    assert "Enciende todo" in done.stdout
    assert [word for word in ("Usage", "Options", "Commands", "Show this") if word in done.stdout] == []
    assert not (tmp_path / "untouched").exists()


NOT_UNDERSTOOD = [
    ([], "Uso: cartero"),
    (["nada"], "cartero --help"),
    (["migrate", "--nada"], "--nada"),
    (["run", "--workers", "cero"], "--workers"),
    (["run", "--workers", "0"], "--workers"),
]


@pytest.mark.parametrize(("arguments", "named"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_2(arguments: list[str], named: str) -> None:
    done = cartero(*arguments)
    assert done.returncode == 2
    assert named in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["migrate"], ["worker"], ["web"], ["run"], ["mailing", "list"]])
def test_a_database_out_of_reach_is_one_line(command: list[str], home: Path) -> None:
    done = cartero(*command, CARTERO_HOME=str(home), CARTERO_PORT="0", DATABASE_URL="postgresql://x@127.0.0.1:1/x")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "DATABASE_URL" in done.stderr


def test_a_wrong_setting_is_one_line(home: Path) -> None:
    done = cartero("migrate", CARTERO_HOME=str(home), CARTERO_PORT="ocho mil")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "ocho mil" in done.stderr


def test_a_fault_of_ours_is_a_number_and_its_trace_is_kept(home: Path) -> None:
    done = cartero("manage", "shell", "--verbosity=0", "--command", "1 / 0", CARTERO_HOME=str(home))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    log = (home / "logs/errors.log").read_text()
    assert "ZeroDivisionError" in log
    assert log.split()[1] in done.stderr  # the number


@pytest.mark.parametrize("command", ["worker", "web"])
def test_a_database_that_is_behind_is_not_changed_unasked(command: str, home: Path) -> None:
    done = cartero(command, CARTERO_HOME=str(home), CARTERO_PORT="0")  # the suite's own database, which holds no tables
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "cartero migrate" in done.stderr


CHANGE = """
from django.db import connection
connection.cursor().execute("UPDATE django_migrations SET name = '0002_of_theirs' WHERE name = '0002_beyond_models'")
"""


@pytest.mark.parametrize("command", [["migrate"], ["run"], ["company", "create", "--nit", "900123456", "--name", "U"]])
def test_a_database_that_went_another_way_is_left_as_it_is(command: list[str], home: Path) -> None:
    prepared.seed(home)
    cartero("manage", "shell", "--verbosity=0", "--command", CHANGE, **_embedded(home))
    done = cartero(*command, CARTERO_PORT="0", **_embedded(home))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "base de datos nueva" in done.stderr


def test_short_commands_share_a_database_and_leave_none_behind(home: Path) -> None:
    command = [sys.executable, "-m", "cartero", "migrate"]
    environment = os.environ | {"CARTERO_HOME": str(home), "DATABASE_URL": ""}
    together = [subprocess.Popen(command, env=environment) for _ in range(2)]
    assert [process.wait() for process in together] == [0, 0]
    assert not (home / "postgres/data/postmaster.pid").exists()
    not_understood = cartero("company", "create", **_embedded(home))
    assert not_understood.returncode == 2
    assert "--nit" in not_understood.stderr
    once_more = cartero("company", "create", "--nit", "900123456", "--name", "Uno S.A.S.", **_embedded(home))
    assert once_more.returncode == 0
    assert not (home / "postgres/data/postmaster.pid").exists()


def test_a_command_that_is_told_to_end_leaves_no_database_behind(home: Path) -> None:
    prepared.seed(home)
    command = [sys.executable, "-m", "cartero", "manage", "shell", "--verbosity=0", "--command"]
    script = "print('ready', flush=True); import signal; signal.pause()"
    environment = os.environ | _embedded(home)
    with subprocess.Popen([*command, script], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        server = psutil.Process(int((home / "postgres/data/postmaster.pid").read_text().split()[0]))
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    assert not server.is_running()


def _embedded(home: Path) -> dict[str, str]:
    return {"CARTERO_HOME": str(home), "DATABASE_URL": ""}
