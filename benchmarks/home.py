"""One Cartero on this machine: a data folder, a company with documents, `cartero worker` processes, its commands."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import psycopg

from benchmarks import documents
from benchmarks.documents import Filed
from cartero.platform import postgres
from tests.waiting import wait_until

COMPANY = "999000001"
ACCOUNT = "banco"
CONNECTIONS = 64
WORKERS = 2
COMMAND = [sys.executable, "-m", "cartero"]
STARTING, AT_REST = 120.0, 3.0  # seconds: the most that workers may take to come up; until what that took has settled
SENDING = 7200.0  # seconds: the most that a sending, or its Ensayo, may take


class Home:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        address = postgres.ensure(folder, dies_with_us=True)
        self.url, self.socket = address.url, address.socket_folder
        usual = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self.environment = usual | {"CARTERO_HOME": str(folder), "DATABASE_URL": self.url}
        self.workers: list[psutil.Process] = []
        self.database = psycopg.connect(self.url, autocommit=True)
        self.run("migrate")
        known = self.query("SELECT id FROM companies_company WHERE tax_id = %s", COMPANY)
        self.company = known[0][0] if known else self._found()
        self.files = folder / "files" / str(self.company)
        self.manifest = folder / "manifest.jsonl"

    @property
    def postmaster(self) -> psutil.Process:
        (pid,) = self.database.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        return psutil.Process(pid).parent() or psutil.Process()

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        done = self.database.execute(statement, parameters)  # type: ignore[arg-type]  # statements are ours
        return done.fetchall() if done.description else []

    def run(self, *arguments: object) -> Any:
        """What a command answers. Fails when it fails."""
        as_json = [] if arguments[0] == "migrate" else ["--json"]
        done = subprocess.run(
            [*COMMAND, *map(str, arguments), *as_json], env=self.environment, capture_output=True, check=False
        )
        if done.returncode:
            sys.exit(f"cartero {' '.join(map(str, arguments))}: {done.stderr.decode()}")
        return json.loads(done.stdout) if as_json else None

    def fill(self, first: int, count: int, *, with_pdf: bool = True) -> None:
        """The company gets documents number `first` and following, each for a tercero of its own, with files.

        One without PDF is drawn from its data; those who want a PDF at hand find that one in the manifest.
        """
        numbers = range(first, first + count)
        made = (documents.filed(documents.invoice(n), self.files, is_drawn=not with_pdf) for n in numbers)
        with self.manifest.open("a", encoding="utf-8") as manifest:
            for batch in _batches(made, 5_000):
                manifest.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in batch)
                self._insert(batch, with_pdf=with_pdf)
        self.query("VACUUM ANALYZE")

    def list_documents(self, prefix: str, count: int) -> None:
        """So many documents without files, ten for each tercero: enough to register, not to send."""
        with self.database.cursor() as cursor:
            self._execute(cursor, "list", company=self.company, prefix=prefix, count=count)
        self.query("VACUUM ANALYZE")

    def list_documents_sent(self, count: int) -> None:
        """So many documents in every state, with their mails and events: enough to look at."""
        with self.database.transaction(), self.database.cursor() as cursor:
            self._execute(cursor, "pages", company=self.company, count=count)
        self.query("VACUUM ANALYZE")

    def set_account(self, port: int, connections: int = CONNECTIONS) -> None:
        where = ["--host", "127.0.0.1", "--port", port, "--security", "none", "--connections", connections]
        sender = ["--name", ACCOUNT, "--from", "facturas@banco.example.co", "--from-name", "Banco de Pruebas"]
        self.run("account", "set", "--company", COMPANY, *sender, *where)
        self.query("UPDATE transport_mailaccount SET learned_connections = NULL, learned_most_connections = NULL")

    def register(self, first: int, count: int, kind: str = "delivery", *more: str) -> int:
        span = ["--number-from", first, "--number-to", first + count - 1]
        return int(
            self.run("mailing", "register", "--company", COMPANY, "--kind", kind, "--account", ACCOUNT, *span, *more)[
                "id"
            ]
        )

    def start_workers(self, count: int = WORKERS) -> None:
        """Comes back once they wait for work: what it costs to load them is no part of any sending."""
        self.query("DELETE FROM procrastinate_workers")  # of those that were killed
        for number in range(1, count + 1):
            command = [*COMMAND, "worker", "--processor", str(number)]
            log = (self.folder / "workers.log").open("ab")
            worker = subprocess.Popen(command, env=self.environment, stderr=log, start_new_session=True)
            self.workers.append(psutil.Process(worker.pid))
            _children.append(worker)
        self.wait_until(lambda: self.query("SELECT count(*) FROM procrastinate_workers") == [(count,)], STARTING)
        time.sleep(AT_REST)

    def stop_workers(self) -> None:
        for worker in _children:
            worker.terminate()
        for worker in _children:
            worker.wait(60)
        _children.clear()
        self.workers.clear()

    def is_rehearsed(self, mailing: int) -> bool:
        return bool(
            self.query("SELECT 1 FROM mailings_mailing WHERE id = %s AND rehearsal IN ('ok', 'problem')", mailing)
        )

    def skip_rehearsal(self, mailing: int) -> None:
        """As if somebody had pressed *Iniciar* before the Ensayo could begin."""
        self.query("UPDATE mailings_delivery SET rehearsal = 'ok' WHERE mailing_id = %s", mailing)
        self.rehearse_no_more()

    def rehearse_no_more(self) -> None:
        """What is registered by now is left alone by workers that start later."""
        self.query("UPDATE mailings_mailing SET rehearsal = 'ok' WHERE rehearsal IN ('due', 'running')")
        self.query("DELETE FROM procrastinate_jobs WHERE task_name = 'rehearse'")

    def await_end(self, mailing: int) -> None:
        """Looks now and then: a command that waits would take a second of the processors to be loaded."""
        going = "SELECT 1 FROM mailings_mailing WHERE id = %s AND status = 'sending'"
        self.wait_until(lambda: not self.query(going, mailing), SENDING)

    def wait_until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Fails with what the workers have said when it takes longer."""
        wait_until(holds, seconds, (self.folder / "workers.log").read_text, every=0.1)

    def sending(self, mailing: int) -> tuple[float, float, int]:
        """When *Iniciar* was pressed, when the last mail was taken, by the database's clock; how many were."""
        ((began, ended, accepted),) = self.query(
            "SELECT extract(epoch FROM m.started_at)::float8, extract(epoch FROM max(d.accepted_at))::float8,"
            " count(d.accepted_at) FROM mailings_mailing m JOIN mailings_delivery d ON d.mailing_id = m.id"
            " WHERE m.id = %s GROUP BY 1",
            mailing,
        )
        return began, ended, accepted

    def _found(self) -> int:
        return int(self.run("company", "create", "--nit", COMPANY, "--name", "Banco de Pruebas SAS")["id"])

    def _insert(self, batch: list[Filed], *, with_pdf: bool) -> None:
        with self.database.transaction(), self.database.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE made (n serial, facts jsonb) ON COMMIT DROP")
            with cursor.copy("COPY made (facts) FROM STDIN") as copy:
                for each in batch:
                    copy.write_row([json.dumps(asdict(each))])
            self._execute(cursor, "fill", company=self.company, with_pdf=with_pdf)

    def _execute(self, cursor: psycopg.Cursor[Any], name: str, **parameters: Any) -> None:
        """The statements of a file beside this one."""
        text = Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
        for statement in text.split(";\n"):
            cursor.execute(statement, parameters)  # type: ignore[arg-type]  # ours


_children: list[subprocess.Popen[bytes]] = []


@contextmanager
def home(kept: Path | None = None) -> Iterator[Home]:
    """In a folder of its own that is gone afterwards; in `kept`, as it was left the last time."""
    folder = kept or Path(tempfile.mkdtemp(prefix="cartero-bench-", dir="/tmp"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    try:
        here = Home(folder)
        try:
            yield here
        finally:
            here.stop_workers()
            here.database.close()
            postgres.stop(folder)
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _batches(made: Iterable[Filed], size: int) -> Iterator[list[Filed]]:
    batch: list[Filed] = []
    for each in made:
        batch.append(each)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
