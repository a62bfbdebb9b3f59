"""The embedded PostgreSQL of one data folder: a Unix socket, no TCP, stopped by the last who uses it.

Three locks tell who lives, where a process number could not (a zombie's, or a stranger's after a power cut):
`start.lock` is held while somebody starts or stops it, `use.lock` is shared by all who use it, and `server.lock` is
inherited by the postmaster and its children, so it is free only when the last of them is gone.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import psutil
import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from cartero.platform import datafolder, dying, pgbinaries
from cartero.platform.errors import CarteroError
from cartero.platform.pgbinaries import RunAs

SUPERUSER, ROLE, DATABASE = "postgres", "cartero", "cartero"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 103  # bytes of a Unix socket's path: 107 on Linux, 103 on macOS
PATIENCE = 300  # seconds that a start may take; after a crash under load it redoes the log
STOPPING = 30  # seconds for a fast shutdown, before an immediate one
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # The log is for the operator: no values of rows, which may be personal data, and no routine lines.
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


class StartFailed(CarteroError):
    """The embedded PostgreSQL did not start."""

    text = _("No se pudo iniciar la base de datos: %(reason)s. El detalle está en %(log)s.")


class OtherVersion(CarteroError):
    """The data was written by another major version of PostgreSQL."""

    text = _(
        "La base de datos de %(folder)s es de PostgreSQL %(found)s y este Cartero trae PostgreSQL %(ours)s, "
        "que no puede abrirla. No se cambió nada. Vuelva a la versión anterior de Cartero, "
        "saque una copia con pg_dump y restáurela "
        "con esta versión en una carpeta nueva (CARTERO_HOME)."
    )


class UsedElsewhere(CarteroError):
    """Somebody whom we cannot see, such as another container, runs a server on this data."""

    text = _("Otro Cartero, quizá en otro contenedor, está usando la base de datos de %(folder)s. Deténgalo primero.")


@dataclass(frozen=True, kw_only=True)
class DatabaseAddress:
    socket_folder: Path

    @property
    def url(self) -> str:
        """For DATABASE_URL: the role that owns the database and is no superuser."""
        return self.url_of(role=ROLE, database=DATABASE)

    def url_of(self, *, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='')}"


@dataclass(kw_only=True)
class _Server:
    """What this process knows of the server of one data folder."""

    folder: Path
    run_as: RunAs
    use: int | None = None  # the descriptor that holds our share of use.lock
    child: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"


_servers: dict[Path, _Server] = {}


def ensure(home: Path, *, dies_with_us: bool = False) -> DatabaseAddress:
    """Attaches to the running server of `home`, or makes and starts one; mends what a crash left. Cheap when it runs.

    `dies_with_us`: a server started by this call shuts down when this process dies, even by SIGKILL.
    Raises StartFailed, OtherVersion, UsedElsewhere.
    """
    datafolder.passable(home)
    with _locked(home / "start.lock"):
        server = _servers.get(home) or _server(home)
        _servers[home] = server
        if server.use is None:
            server.use = _open_lock(server.folder / "use.lock")
            fcntl.flock(server.use, fcntl.LOCK_SH)
        if not _is_ready(server):
            _start(server, dies_with_us=dies_with_us)
        address = DatabaseAddress(socket_folder=Path(_pid_file(server)[4]))
        _ensure_database(address)
        return address


def is_running(home: Path) -> bool:
    """Whether the server of `home`, which `ensure` gave us, is still there."""
    server = _servers[home]
    if server.child is not None and server.child.poll() is None:
        return True
    return not _is_free(server)


def stop(home: Path) -> None:
    """Gives up our use of the server; whoever is the last shuts it down and waits until it is gone."""
    with _locked(home / "start.lock"):
        server = _servers.pop(home, None)
        if server is None or server.use is None:
            return
        try:
            fcntl.flock(server.use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            _shut_down(server)
        finally:
            os.close(server.use)


def _server(home: Path) -> _Server:
    run_as = pgbinaries.account()
    folder = _folder(home, run_as)
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            _give(folder, run_as)
        owner = folder.stat()
    except OSError as error:
        raise datafolder.FolderUnusable(folder=str(folder), reason=error.strerror) from error
    if run_as and owner.st_uid:  # root takes up what another user began
        run_as = RunAs(user=owner.st_uid, group=owner.st_gid, extra_groups=[])
    return _Server(folder=folder, run_as=run_as)


def _folder(home: Path, run_as: RunAs) -> Path:
    """Inside `home`; below the system's folder where PostgreSQL's account may not enter it, such as one of root's."""
    pointer = home / "postgres-folder"
    if pointer.exists():
        return Path(pointer.read_text(encoding="utf-8").strip())
    inside = home / "postgres"
    if inside.exists() or not run_as or pgbinaries.can_enter(home, run_as):
        return inside
    # Never one that is there already: a new home begins with an empty database.
    apart = Path(tempfile.mkdtemp(dir=datafolder.passable(datafolder.SYSTEM_FOLDER), prefix="database-"))
    _give(apart, run_as)
    datafolder.write_once(pointer, f"{apart}\n")
    return apart


def _is_ready(server: _Server) -> bool:
    """True when the server answers; False when there is none. In between it waits, and ends what a dead one left."""
    deadline = time.monotonic() + PATIENCE
    while not _is_free(server):
        lines = _pid_file(server)
        if lines[7:8] == ["ready"] and _is_postmaster(int(lines[0]), server.data):
            return True
        if lines and not _is_postmaster(int(lines[0]), server.data):
            _end_orphans(server.data)
        if time.monotonic() > deadline:
            raise UsedElsewhere(folder=str(server.folder))
        time.sleep(0.01)
    return False


def _is_free(server: _Server) -> bool:
    """Whether no process of a server on this data lives, also none that was started by hand."""
    descriptor = _open_lock(server.folder / "server.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    lines = _pid_file(server)
    return not lines or not _is_postmaster(int(lines[0]), server.data)


def _pid_file(server: _Server) -> list[str]:
    """The lines of postmaster.pid: process, data, since, port, 4: socket's folder, address, memory, 7: status."""
    try:
        lines = (server.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [line.strip() for line in lines] if lines and lines[0].strip().isdigit() else []


def _is_postmaster(pid: int, data: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _end_orphans(data: Path) -> None:
    """Ends sessions whose postmaster is dead: a long query does not notice, and the next start would wait for it."""
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and process.cwd() == str(data):
                process.kill()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def _start(server: _Server, *, dies_with_us: bool) -> None:
    programs = pgbinaries.usable_programs(server.folder.parent, server.run_as)
    if not server.data.exists():
        _init(server, programs)
    found = (server.data / "PG_VERSION").read_text(encoding="utf-8").strip()
    if found != pgbinaries.wheel().major:
        raise OtherVersion(folder=str(server.folder), found=found, ours=pgbinaries.wheel().major)
    socket = _socket_folder(server) / SOCKET
    # Nobody holds server.lock, so these files are a dead server's, whoever has its process number now.
    for left in (server.data / "postmaster.pid", socket, socket.with_name(f"{SOCKET}.lock")):
        left.unlink(missing_ok=True)
    settings = SETTINGS | {"unix_socket_directories": str(socket.parent)}
    arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    lock = _open_lock(server.folder / "server.lock")
    fcntl.flock(lock, fcntl.LOCK_EX)
    with server.log.open("ab") as log:
        server.child = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(server.data), *arguments],
            cwd="/",
            env=pgbinaries.CLEAN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C is for us: it must not stop the database before the workers
            preexec_fn=dying.with_parent(signal.SIGINT) if dies_with_us else None,
            **server.run_as,
        )
    os.close(lock)
    _await_ready(server, server.child)


def _await_ready(server: _Server, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while (lines := _pid_file(server))[:1] != [str(child.pid)] or lines[7:8] != ["ready"]:
        if child.poll() is not None or time.monotonic() > deadline:
            raise StartFailed(reason=_last_line(server.log), log=str(server.log))
        time.sleep(0.01)


def _init(server: _Server, programs: Path) -> None:
    """Makes the cluster under another name first: a first start that is cut short leaves nothing half made."""
    draft = server.folder / "data.new"
    if draft.exists():
        shutil.rmtree(draft)
    encoding = [
        "-E",
        "UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    access = [
        "-U",
        SUPERUSER,
        "--auth-local=trust",
        "--auth-host=reject",
    ]  # the folder is 0700
    with server.log.open("ab") as log:
        done = subprocess.run(
            [str(programs / "initdb"), "-D", str(draft), *access, *encoding],
            cwd="/",
            env=pgbinaries.CLEAN_ENVIRONMENT,
            stdout=log,
            stderr=log,
            check=False,
            **server.run_as,
        )
    if done.returncode:
        raise StartFailed(reason=_last_line(server.log), log=str(server.log))
    draft.rename(server.data)


def _socket_folder(server: _Server) -> Path:
    """A folder for the socket whose path is short and plain enough; the same one at each start, for who reconnects."""
    inside = server.folder / "socket"
    plain = re.fullmatch(r"[\w/. -]+", str(inside)) and len(os.fsencode(inside / SOCKET)) <= LONGEST_SOCKET
    if plain:
        inside.mkdir(mode=0o700, exist_ok=True)
        return _give(inside, server.run_as)
    note = server.folder / "socket-folder"
    if note.exists():
        known = Path(note.read_text(encoding="utf-8").strip())
        known.mkdir(mode=0o700, exist_ok=True)  # a restart of the machine empties /tmp
        seen = known.lstat()
        if seen.st_uid == server.run_as.get("user", os.geteuid()) or seen.st_uid == os.geteuid():
            return _give(known, server.run_as)
        note.unlink()  # somebody else's now
    short = Path(tempfile.mkdtemp(dir="/tmp", prefix="cartero-"))
    datafolder.write_once(note, f"{short}\n")
    return _give(short, server.run_as)


def _ensure_database(address: DatabaseAddress) -> None:
    with psycopg.connect(address.url_of(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            names = map(sql.Identifier, (DATABASE, ROLE))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _shut_down(server: _Server) -> None:
    """Fast: open transactions are rolled back, all is written. After STOPPING seconds at once; the log mends it."""
    signals: list[Literal[signal.Signals.SIGINT, signal.Signals.SIGQUIT]] = [
        signal.SIGINT,
        signal.SIGQUIT,
    ]
    for how in signals:
        deadline = time.monotonic() + STOPPING
        lines = _pid_file(server)
        if lines and _is_postmaster(int(lines[0]), server.data):
            os.kill(int(lines[0]), how)
        while not _is_free(server) and time.monotonic() < deadline:
            time.sleep(0.01)
    if server.child is not None:
        server.child.wait()


def _give(folder: Path, run_as: RunAs) -> Path:
    if run_as:
        os.chown(folder, run_as["user"], run_as["group"])
    return folder


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "…"


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = _open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
