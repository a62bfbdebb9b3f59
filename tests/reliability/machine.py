"""One machine of Cartero: a data folder, a PostgreSQL, a mail server with a log, and workers that can be killed."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from cartero.platform import postgres
from tests import prepared
from tests.importing.ubl_documents import COMPANY, delivery, party, zipped
from tests.reliability.sums import faults
from tests.smtp_answers import Kept
from tests.waiting import wait_until

LEASE = 4  # seconds, so that a takeover is seen soon
PATIENCE = 90  # seconds that a sending may take to come to its end by itself
MAILS = 240
CONNECTIONS = 8
PYTHON = [sys.executable, "-m"]


class Talker:
    """A process that is told things, one JSON a line, and answers each."""

    def __init__(self, module: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [*PYTHON, module], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self, what: object) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"{self.process.args} has died"
        return json.loads(line)

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass
class Server:
    """The scripted mail server, a process of its own that logs before it answers."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def kept(self) -> list[Kept]:
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [Kept(**json.loads(line)) for line in lines if line.endswith("}")]

    def begun(self) -> list[float]:
        """When each MAIL command came in."""
        begun = self.log.with_suffix(".begun")
        return [float(line) for line in begun.read_text().split()] if begun.exists() else []

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


class Machine:
    host = "127.0.0.1"  # where its mail servers listen

    def __init__(self, home: Path) -> None:
        self.home = home
        self.elsewhere = Path(tempfile.mkdtemp(prefix="cartero-servers-", dir="/tmp"))  # where no fault of ours reaches
        prepared.seed(home)
        self.database = postgres.ensure(home, dies_with_us=True)
        usual = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self.environment = usual | {
            "CARTERO_HOME": str(home),
            "DATABASE_URL": self.database.url,
            "CARTERO_LEASE_SECONDS": str(LEASE),
            "CARTERO_SMTP_TIMEOUT_SCALE": "0.01",
        }
        self.workers: list[psutil.Process] = []
        self.servers: list[Server] = []
        self.light_up()

    def light_up(self) -> None:
        """The clerk comes, and the nursery; the database is there for them."""
        self.database = postgres.ensure(self.home, dies_with_us=True)
        self.clerk = Talker("tests.reliability.clerk", self.environment)
        self.nursery = Talker("tests.reliability.nursery", self.environment)

    def put_out(self) -> None:
        """Nobody of ours uses the machine any more, and its database rests."""
        self.clerk.stop()
        self.nursery.stop()
        postgres.stop(self.home)

    def run(self, *arguments: object) -> str:
        """What a command answers. Fails the test when the command fails."""
        done = self.begin(*arguments)
        out, error = done.communicate()
        assert done.returncode == 0, error
        return out

    def begin(self, *arguments: object) -> subprocess.Popen[str]:
        command = [*PYTHON, "cartero", *map(str, arguments)]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def do(self, name: str, *arguments: object) -> Any:
        """Has the clerk do it; she tries again while the database is away."""
        deadline = time.monotonic() + PATIENCE
        while "away" in (answer := self.clerk.tell([name, *arguments])):
            assert time.monotonic() < deadline, answer
            time.sleep(0.2)
        return answer["is"]

    def work(self, **orders: Any) -> psutil.Process:
        """One more worker; `orders` as faults.install takes them."""
        worker = psutil.Process(self.nursery.tell(orders))
        self.workers.append(worker)
        return worker

    def serve(self, *says: dict[str, Any], tax_id: str = "", **fields: Any) -> Server:
        """A mail server that answers so, with an empty log; the account is set to it and has no past."""
        folder = Path(tempfile.mkdtemp(dir=self.elsewhere))
        script, log = folder / "script.json", folder / "mails.jsonl"
        script.write_text(json.dumps(says))
        command = [*PYTHON, "tests.smtp", "--host", self.host, "--log", str(log), "--script", str(script)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        server = Server(process, int(process.stdout.readline()), log)
        self.servers.append(server)
        usual = {"host": self.host, "port": server.port, "connections": CONNECTIONS}
        self.do("set_account", usual | fields, tax_id)
        return server

    def start(self, first: int = 0, last: int = 0, size: int = 0) -> int:
        """A sending of all documents, or some, that has begun; in parts of `size` mails."""
        mailing = self.do("register", COMPANY, first, last, size)
        self.do("move", mailing, "start")
        return int(mailing)

    def wait_for_end(self, mailing: int, seconds: float = PATIENCE) -> None:
        wait_until(lambda: self.do("status", mailing) == "finished", seconds, lambda: self.told(mailing), every=0.25)

    def disagreements(self, server: Server, mailing: int, **rule: bool) -> list[str]:
        return faults(server.kept, self.do("deliveries", mailing), self.do("counted", mailing), **rule)

    def told(self, mailing: int) -> str:
        """For a test that failed."""
        log = self.home / "workers.log"
        words = log.read_text(errors="replace")[-3000:] if log.exists() else ""
        return f"{self.do('status', mailing)} {self.do('reason', mailing)} {self.do('counted', mailing)}\n{words}"

    def lay_off(self) -> None:
        """Every worker and server ends, whatever was begun is cancelled, nothing came back: the next test is alone."""
        for worker in self.workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
        wait_until(lambda: not any(map(is_alive, self.workers)), 20)
        self.workers.clear()
        for server in self.servers:
            server.stop()
        self.servers.clear()
        self.do(
            "query",
            "UPDATE mailings_mailing SET status = 'cancelled' WHERE status IN ('sending', 'scheduled', 'stopped')",
        )
        self.do("query", "DELETE FROM procrastinate_jobs")
        self.do("query", "DELETE FROM procrastinate_workers")
        self.do("query", "UPDATE transport_connectionslot SET holder = NULL, until = NULL")
        self.do("query", "DELETE FROM transport_readingmailbox")
        self.do("query", "UPDATE parties_address SET state = 'pending'")  # what came back left them bad

    def stop(self) -> None:
        with contextlib.suppress(AssertionError, OSError):
            self.lay_off()
        self.put_out()
        shutil.rmtree(self.elsewhere, ignore_errors=True)


@contextlib.contextmanager
def machine(mails: int = MAILS, home: Path | None = None) -> Iterator[Machine]:
    """A machine whose company has so many documents, each for a tercero of its own."""
    home = home or Path(tempfile.mkdtemp(prefix="cartero-crash-", dir="/tmp"))
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    here = Machine(home)
    try:
        here.run("company", "create", "--nit", COMPANY, "--name", "Conjunto Los Cedros SAS")
        here.run("import", "--company", COMPANY, documents(home, mails))
        sender = ["--name", "principal", "--from", "facturas@cedros.example.co"]
        where = ["--host", "127.0.0.1", "--port", 2525, "--security", "none", "--connections", CONNECTIONS]
        here.run("account", "set", "--company", COMPANY, *sender, *where)
        yield here
    finally:
        here.stop()
        shutil.rmtree(home, ignore_errors=True)


def documents(folder: Path, many: int) -> Path:
    """One ZIP with a container and a PDF for each tercero."""
    files: dict[str, bytes] = {}
    for n in range(many):
        buyer = party(str(800_100_000 + n), f"Tercero {n} SAS", digit="", emails=(f"tercero{n}@example.com",))
        files |= delivery(f"FE{n + 1}", customer=buyer)
    path = folder / "mes.zip"
    path.write_bytes(zipped(files))
    return path


def is_alive(worker: psutil.Process) -> bool:
    try:
        return worker.status() not in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
    except psutil.NoSuchProcess:
        return False


def is_frozen(worker: psutil.Process) -> bool:
    return worker.status() == psutil.STATUS_STOPPED


def kill(worker: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        worker.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_alive(worker), 20)


def slowly(stage: str, seconds: float) -> dict[str, Any]:
    """An answer that takes about so long, byte by byte."""
    text = "2.1.0 ok"
    code = 250
    return {"stage": stage, "code": code, "text": text, "drip": seconds / (len(text) + 6)}
