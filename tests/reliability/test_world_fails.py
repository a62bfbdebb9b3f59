"""The database, the network, the disk, the clocks, the whole machine: each fails under a sending."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from cartero.platform import pgbinaries, postgres
from tests.cli.test_run import free_port, running
from tests.importing.ubl_documents import COMPANY
from tests.reliability import proxy
from tests.reliability.ledger import Ledger
from tests.reliability.machine import CONNECTIONS, MAILS, Machine, is_alive, machine, slowly
from tests.reliability.seeds import seeds
from tests.reliability.test_worker_killed import in_doubt
from tests.waiting import wait_until

SLOW = slowly("end", 0.3)
LONG, RARE = seeds(25), seeds(10)


def postmaster(here: Machine) -> psutil.Process:
    return psutil.Process(int((here.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0]))


@pytest.mark.parametrize("seed", seeds(50))
def test_the_database_may_die(here: Machine, ledger: Ledger, seed: int) -> None:
    """By an immediate stop, and by SIGKILL; who sends goes on within ten seconds after it is back."""
    chance = random.Random(seed)
    server, mailing = here.serve(SLOW), here.start()
    here.work()
    here.work()
    for how in (signal.SIGQUIT, signal.SIGKILL):
        enough = len(server.kept) + chance.randint(15, 40)
        wait_until(lambda n=enough: len(server.kept) >= n, 60, lambda: here.told(mailing))
        dying = postmaster(here)
        dying.send_signal(how)
        wait_until(lambda d=dying: not is_alive(d), 20)
        postgres.ensure(here.home, dies_with_us=True)
        before = len(server.kept)
        wait_until(lambda n=before: len(server.kept) > n or _is_finished(here, mailing), 15, lambda: here.told(mailing))
    here.wait_for_end(mailing)
    assert here.disagreements(server, mailing) == []
    assert in_doubt(here, mailing) <= 2 * CONNECTIONS
    ledger.add(3, faults=2, mails=MAILS, doubts=in_doubt(here, mailing))


def _is_finished(here: Machine, mailing: int) -> bool:
    return bool(here.do("status", mailing) == "finished")


@pytest.mark.parametrize("seed", LONG)
def test_the_network_to_the_mail_server_may_fail(here: Machine, ledger: Ledger, seed: int) -> None:
    """Reset, or swallowed without a word, at each step; our own time-outs end what is swallowed."""
    chance = random.Random(seed)
    server, mailing = here.serve(slowly("end", 0.1)), here.start()
    between = proxy.before_mail(server.port)
    port = between.listener.getsockname()[1]
    here.do("set_account", {"port": port, "connections": 4})
    here.work()
    faults = [(mark, action) for mark in proxy.MARKS for action in ("reset", "swallow")]
    for mark, action in chance.sample(faults, len(faults)):
        struck = between.struck
        between.strike(mark, chance.randint(1, 4), action)
        wait_until(lambda n=struck: between.struck > n or _due_later(here, mailing), 60, lambda: here.told(mailing))
    here.do("query", "UPDATE mailings_delivery SET retry_at = now() WHERE status = 'pending'")
    here.do("query", "UPDATE transport_mailaccount SET paused_until = NULL")
    here.wait_for_end(mailing)
    between.stop()
    assert here.disagreements(server, mailing) == []
    assert in_doubt(here, mailing) <= between.struck
    ledger.add(5, faults=between.struck, mails=MAILS, doubts=in_doubt(here, mailing))


def _due_later(here: Machine, mailing: int) -> bool:
    """Nothing goes at this moment, though nothing is lost: brings it forward, as time would."""
    here.do("query", "UPDATE transport_mailaccount SET paused_until = NULL, paused_since = NULL")
    here.do("query", "UPDATE mailings_delivery SET retry_at = now() WHERE status = 'pending' AND retry_at > now()")
    return bool(here.do("status", mailing) == "finished")


@pytest.mark.parametrize("seed", RARE)
def test_a_database_that_swallows_all_does_not_hold_a_worker_for_ever(here: Machine, ledger: Ledger, seed: int) -> None:
    """The watchdog ends it; another one goes on over a line that works."""
    import socket

    server, mailing = here.serve(SLOW), here.start(1, 60)
    folder = Path(tempfile.mkdtemp(prefix="cartero-line-", dir="/tmp"))
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / postgres.SOCKET))
    listener.listen()
    real = str(here.database.socket_folder / postgres.SOCKET)

    def dial() -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        line.connect(real)
        return line

    between = proxy.Proxy(listener, dial)
    victim = here.work(host=str(folder), patience=12, answer=3)
    enough = random.Random(seed).randint(3, 40)
    wait_until(lambda: len(server.kept) > enough, 40, lambda: here.told(mailing))
    between.is_silent = True
    wait_until(lambda: not is_alive(victim), 60, lambda: here.told(mailing))
    here.work()
    here.wait_for_end(mailing)
    between.stop()
    shutil.rmtree(folder)
    assert here.disagreements(server, mailing) == []
    assert in_doubt(here, mailing) <= CONNECTIONS
    ledger.add(5, faults=1, mails=60, doubts=in_doubt(here, mailing))


@pytest.mark.parametrize("seed", RARE)
def test_clocks_lie(here: Machine, ledger: Ledger, seed: int) -> None:
    """Workers an hour ahead and an hour behind, and a database whose clock jumps: only the database's counts."""
    server, mailing = here.serve(slowly("end", 0.2)), here.start()
    workers = [here.work(shift=3600), here.work(shift=-3600), here.work()]
    chance = random.Random(seed)
    try:
        for seconds in (3600, -3600):
            enough = len(server.kept) + chance.randint(20, 40)
            wait_until(lambda n=enough: len(server.kept) >= n, 60, lambda: here.told(mailing))
            here.do("jump", seconds)
        here.wait_for_end(mailing)
    finally:
        here.do("jump", 0)
    assert all(map(is_alive, workers))
    assert here.disagreements(server, mailing) == []
    assert in_doubt(here, mailing) <= 2 * CONNECTIONS
    ledger.add(8, faults=5, mails=MAILS, doubts=in_doubt(here, mailing))


@contextlib.contextmanager
def another_database(here: Machine, dump: Path) -> Iterator[str]:
    """A restored backup: its address."""
    programs = pgbinaries.usable_programs(here.home / "postgres", pgbinaries.account())
    superuser = here.database.url_of(role=postgres.SUPERUSER, database="postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored OWNER cartero")
    url = here.database.url_of(role=postgres.ROLE, database="restored")
    subprocess.run([programs / "psql", "-q", "-d", url, "-f", dump], check=True, stdout=subprocess.DEVNULL)
    yield url
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("DROP DATABASE restored WITH (FORCE)")


@pytest.mark.parametrize("seed", RARE[:5])
def test_a_restored_backup_sends_nothing_by_itself(here: Machine, ledger: Ledger, seed: int) -> None:
    enough = random.Random(seed).randint(10, 60)
    server, mailing = here.serve(SLOW), here.start()
    worker = here.work()
    wait_until(lambda: len(server.kept) > enough, 40, lambda: here.told(mailing))
    dump = here.home / "dump.sql"
    programs = pgbinaries.usable_programs(here.home / "postgres", pgbinaries.account())
    with dump.open("wb") as file:
        subprocess.run([programs / "pg_dump", here.database.url], check=True, stdout=file)
    worker.kill()
    kept = len(server.kept)
    with another_database(here, dump) as url:
        restored = here.work(url=url)
        look = psycopg.connect(url, autocommit=True)
        held = "SELECT status, status_reason FROM mailings_mailing WHERE id = %s"
        wait_until(lambda: look.execute(held, [mailing]).fetchone() == ("stopped", "restored"), 20)
        rounds = (
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE task_name = 'keep_going' AND status = 'succeeded' AND id > %s"
        )
        newest = look.execute("SELECT max(id) FROM procrastinate_jobs").fetchone()
        wait_until(lambda: look.execute(rounds, newest).fetchone() >= (1,), 30)
        left = "SELECT count(*) FROM mailings_delivery WHERE status IN ('claimed', 'transmitting')"
        assert look.execute(left).fetchone() == (0,)
        told = "SELECT verb FROM companies_auditentry WHERE noun_id = %s ORDER BY id DESC LIMIT 1"
        assert look.execute(told, [mailing]).fetchone() == ("hold",)
        look.close()
        restored.kill()
        wait_until(lambda: not is_alive(restored), 20)
    assert len(server.kept) <= kept + CONNECTIONS
    ledger.add(14, faults=1, mails=MAILS)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system of its own size")
@pytest.mark.parametrize("seed", RARE)
def test_the_disk_may_fill(ledger: Ledger, seed: int) -> None:
    """All of the data on 300 MB, filled while mails go; it goes on when there is room."""
    with small_disk("300m") as disk, machine(60, home=disk / "home") as here:
        server, mailing = here.serve(slowly("end", 1.5), connections=2), here.start()
        here.work()
        enough = random.Random(seed).randint(2, 30)
        wait_until(lambda: len(server.kept) > enough, 60, lambda: here.told(mailing))
        here.do("query", "CREATE TABLE filler (line text)")
        ballast = disk / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(b"x" * 1_000_000)
        here.do("use_up", "filler")
        refused = here.clerk.tell(
            ["query", "CREATE TABLE more AS SELECT repeat('x', 500) FROM generate_series(1, 100000)"]
        )
        assert "No space left" in refused["away"]
        full = len(server.kept)
        enough_of_it = time.monotonic() + 10
        wait_until(
            lambda: (
                len(server.kept) > full + 3 or not postgres.is_running(here.home) or time.monotonic() > enough_of_it
            ),
            20,
        )
        ballast.unlink()
        postgres.ensure(here.home, dies_with_us=True)
        here.wait_for_end(mailing)
        assert here.disagreements(server, mailing) == []
        assert in_doubt(here, mailing) <= CONNECTIONS
        ledger.add(7, faults=1, mails=60, doubts=in_doubt(here, mailing))


@contextlib.contextmanager
def small_disk(size: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cartero-disk-", dir="/tmp"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "none", folder], check=False)
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


@pytest.mark.parametrize("seed", seeds(100))
def test_the_power_may_fail(here: Machine, ledger: Ledger, seed: int) -> None:
    """The whole tree at once, its database too; a stale postmaster.pid that names a stranger stops nothing."""
    chance = random.Random(seed)
    server, mailing = here.serve(slowly("end", 0.5)), here.do("register", COMPANY, 1, 60)
    here.do("move", mailing, "start")
    here.put_out()
    port = free_port()
    with running(here.home, port) as cartero:
        enough = len(server.kept) + chance.randint(3, 25)
        wait_until(lambda: len(server.kept) >= enough, 60)
        for member in cartero.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        cartero.process.wait(10)
    stale = here.home / "postgres" / "data" / "postmaster.pid"
    lines = stale.read_text().splitlines()
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with running(here.home, port):
        here.run("mailing", "wait", mailing, "--timeout", 90)
    here.light_up()
    assert here.disagreements(server, mailing) == []
    assert in_doubt(here, mailing) <= CONNECTIONS
    ledger.add(4, faults=1, mails=60, doubts=in_doubt(here, mailing))
