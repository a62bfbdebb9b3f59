"""Several machines of one Cartero: data folders, process trees and, where that is allowed, networks of their own.

They share what docs/operating.md says they share: the database, the folder of the files, the keys.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import requests

from tests.importing.ubl_documents import COMPANY
from tests.machines import cluster
from tests.reliability.machine import CONNECTIONS, LEASE, PYTHON, Machine, Server, Talker, documents
from tests.waiting import wait_until

KEYS = ("secret-key", "encryption-keys")


class Networks:
    """A network for each machine, and one address at which all reach what they share; without leave, loopback.

    Loopback also where other tests run beside: a browser drops what it loads when a network comes or goes.
    """

    def __init__(self) -> None:
        self.part = os.getpid() % 200
        self.host = "127.0.0.1"
        self.names: list[str] = []
        alone = "PYTEST_XDIST_WORKER" not in os.environ
        self.is_apart = alone and os.geteuid() == 0 and shutil.which("ip") is not None and self._has_host()

    def _has_host(self) -> bool:
        host = f"10.203.{self.part}.1"
        done = subprocess.run(["ip", "addr", "add", f"{host}/32", "dev", "lo"], capture_output=True)
        self.host = self.host if done.returncode else host
        return done.returncode == 0

    def prefix(self) -> list[str]:
        """What to write before a command, so that it runs on one more machine."""
        if not self.is_apart:
            return []
        number = len(self.names) + 1
        name, ours, theirs = f"cartero-{self.part}-{number}", f"ct{self.part}a{number}", f"ct{self.part}b{number}"
        gate, inside = f"10.204.{self.part}.{4 * number + 1}", f"10.204.{self.part}.{4 * number + 2}"
        self.names.append(name)
        for line in (
            f"netns add {name}", f"link add {ours} type veth peer name {theirs}", f"link set {theirs} netns {name}",
            f"addr add {gate}/30 dev {ours}", f"link set {ours} up", f"-n {name} addr add {inside}/30 dev {theirs}",
            f"-n {name} link set {theirs} up", f"-n {name} link set lo up", f"-n {name} route add default via {gate}",
        ):  # fmt: skip
            subprocess.run(["ip", *line.split()], check=True)
        return ["ip", "netns", "exec", name]

    def close(self) -> None:
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], check=False)
        if self.is_apart:
            subprocess.run(["ip", "addr", "del", f"{self.host}/32", "dev", "lo"], check=False)


class Site(Machine):
    """The clerk sits at the pages' machine; what works are real `cartero worker`, each on a machine of its own."""

    def __init__(self, home: Path, host: str, database: str, networks: Networks) -> None:
        self.home, self.host, self.networks = home, host, networks
        self.files, self.elsewhere = home / "files", home / "servers"
        self.files.mkdir()
        self.elsewhere.mkdir()
        usual = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self.environment = usual | {
            "CARTERO_HOME": str(home / "pages"),
            "DATABASE_URL": database,
            "CARTERO_FILES": str(self.files),
            "CARTERO_LEASE_SECONDS": str(LEASE),
            "CARTERO_SMTP_TIMEOUT_SCALE": "0.01",
        }
        self.workers: list[psutil.Process] = []
        self.servers: list[Server] = []
        self.run("migrate")
        self.light_up()

    def light_up(self) -> None:
        self.clerk = Talker("tests.reliability.clerk", self.environment)

    def put_out(self) -> None:
        self.clerk.stop()

    def hire(self, *, has_keys: bool = True, **more: str) -> psutil.Process:
        """One more machine with a worker; `more` is set there alone."""
        home = Path(tempfile.mkdtemp(dir=self.home))
        for key in KEYS if has_keys else ():
            shutil.copy(self.home / "pages" / key, home / key)
        with (self.home / "workers.log").open("ab") as log:
            process = subprocess.Popen(
                [*self.networks.prefix(), *PYTHON, "cartero", "worker"],
                env=self.environment | {"CARTERO_HOME": str(home)} | more, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        worker = psutil.Process(process.pid)
        self.workers.append(worker)
        return worker

    def await_workers(self, many: int) -> None:
        wait_until(lambda: self.do("workers") >= many, 60, (self.home / "workers.log").read_text)

    @contextlib.contextmanager
    def pages(self, **more: str) -> Iterator[str]:
        """The address of a real `cartero web`."""
        port = cluster.free_port("127.0.0.1")
        environment = self.environment | {"CARTERO_PORT": str(port)} | more
        address = f"http://127.0.0.1:{port}"
        subprocess.run(
            [*PYTHON, "cartero", "manage", "collectstatic", "--noinput", "--verbosity=0"], env=environment, check=True
        )
        with (self.home / "pages.log").open("ab") as log:
            process = subprocess.Popen([*PYTHON, "cartero", "web"], env=environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: answers(address), 60, (self.home / "pages.log").read_text)
            yield address
        finally:
            process.terminate()
            process.wait()

    def at_work(self) -> set[int]:
        """Who sends at this moment, by the queue's number."""
        rows = self.do(
            "query", "SELECT worker_id FROM procrastinate_jobs WHERE task_name = 'send' AND status = 'doing'"
        )
        return {worker for (worker,) in rows if worker}

    def doctor(self, **more: str) -> list[str]:
        """What is wrong, as this machine sees it."""
        command = [*PYTHON, "cartero", "doctor", "--json"]
        done = subprocess.run(command, env=self.environment | more, capture_output=True, text=True)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        wrong = [each["check"] for each in said if each["grave"] and not each["ok"]]
        assert done.returncode == bool(wrong), done.stdout + done.stderr
        return wrong


def answers(address: str) -> bool:
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(f"{address}/entrar/", timeout=20).ok
    return False


@contextlib.contextmanager
def site(mails: int, programs: Path | None = None) -> Iterator[Site]:
    """A site whose company has so many documents; its database is the wheel's server, or that of `programs`."""
    home = Path(tempfile.mkdtemp(prefix="cartero-site-", dir="/tmp"))
    home.chmod(0o711)
    networks = Networks()
    try:
        with cluster.server(home, networks.host, programs) as database:
            here = Site(home, networks.host, database, networks)
            try:
                here.run("company", "create", "--nit", COMPANY, "--name", "Conjunto Los Cedros SAS")
                here.run("import", "--company", COMPANY, documents(home, mails))
                sender = ["--name", "principal", "--from", "facturas@cedros.example.co"]
                where = ["--host", networks.host, "--port", 2525, "--security", "none", "--connections", CONNECTIONS]
                here.run("account", "set", "--company", COMPANY, *sender, *where)
                yield here
            finally:
                here.stop()
    finally:
        networks.close()
        shutil.rmtree(home, ignore_errors=True)
