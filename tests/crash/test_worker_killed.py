"""SIGKILL of a worker in the middle of 300 mails: whatever it had in hand goes on by itself, and nothing goes twice."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.machine import Machine, kill, machine, wait_until
from tests.crash.sums import faults
from tests.importing.ubl_documents import COMPANY, delivery, party, zipped
from tests.smtp import SmtpServer

MAILS = 300
CONNECTIONS = 8


def invoices(folder: Path) -> Path:
    """One ZIP with a container and a PDF for each of 300 terceros."""
    files: dict[str, bytes] = {}
    for n in range(MAILS):
        buyer = party(str(800_100_000 + n), f"Tercero {n} SAS", digit="", emails=(f"tercero{n}@example.com",))
        files |= delivery(f"FE{n + 1}", customer=buyer)
    path = folder / "mes.zip"
    path.write_bytes(zipped(files))
    return path


@dataclass
class Scene:
    """A machine whose company has 300 documents, and the server that its account sends through."""

    here: Machine
    server: SmtpServer

    def register(self) -> int:
        """A mailing of all; its id. The server forgets what it had."""
        self.server.mails.clear()
        mailing = self.here.run("mailing", "register", "--company", COMPANY, "--kind", "delivery")
        assert mailing["waiting"] == MAILS, mailing
        return int(mailing["id"])

    def send_until(self, mailing: int, arrived: int) -> None:
        self.here.run("mailing", "start", mailing)
        wait_until(lambda: len(self.server.mails) >= arrived, seconds=60)

    def assert_sums(self, mailing: int) -> None:
        """Waits until it is finished, with no hand touching anything, then counts."""
        told = self.here.run("mailing", "wait", mailing, "--timeout", 90)
        deliveries = self.here.lines("mailing", "deliveries", mailing)
        assert faults(self.server.mails, deliveries, told["by_status"]) == []
        assert told["in_doubt"] <= CONNECTIONS
        assert told["accepted"] + told["in_doubt"] == MAILS


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    server = SmtpServer().start()
    with machine() as here:
        here.run("company", "create", "--nit", COMPANY, "--name", "Conjunto Los Cedros SAS")
        counts = here.run("import", "--company", COMPANY, invoices(tmp_path_factory.mktemp("mes")))["counts"]
        assert counts["import"] == MAILS, counts
        account = ["--name", "principal", "--from", "facturas@cedros.example.co", "--host", "127.0.0.1"]
        limits = ["--port", server.port, "--security", "none", "--connections", CONNECTIONS]
        here.run("account", "set", "--company", COMPANY, *account, *limits)
        yield Scene(here, server)
    server.stop()


@pytest.mark.parametrize("seed", [1, 2])
def test_what_a_killed_worker_had_in_hand_goes_on(seed, scene):
    moment = random.Random(seed).randrange(20, MAILS - 60)
    mailing = scene.register()
    victim, _other = scene.here.start_worker(), scene.here.start_worker()
    scene.send_until(mailing, moment)
    kill(victim)
    scene.assert_sums(mailing)
    scene.here.stop()


def test_all_killed_and_started_again(scene):
    mailing = scene.register()
    workers = [scene.here.start_worker(), scene.here.start_worker()]
    scene.send_until(mailing, 40)
    for worker in workers:
        kill(worker)
    scene.here.start_worker()
    scene.assert_sums(mailing)
