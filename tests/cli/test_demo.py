"""The whole demonstration with real processes, but with few documents."""

import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cartero.platform.mailbox import Mailbox
from tests.cli.test_run import environment, free_port

COMMAND = [sys.executable, "-m", "cartero", "demo"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cartero demo ", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def once(home: Path) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "--once", "--documents", "60", "--workers", "1"]
    hostile = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "CARTERO_MAIL_HOST": "mail.example.com"}
    return subprocess.run(
        command, env=environment(home, 0) | hostile, capture_output=True, text=True, check=False, timeout=150
    )


def test_once_does_the_main_job_and_proves_it(once: subprocess.CompletedProcess[str], home: Path) -> None:
    assert once.returncode == 0, once.stderr[-2000:]
    assert "Finalizado" in once.stdout
    sums = re.findall(r"^  [ =+] \S.*?([\d.]+)$", once.stdout, re.MULTILINE)
    documents, *parts = [int(count.replace(".", "")) for count in sums]
    assert documents == sum(parts) == 30  # the newest of two months
    sent = parts[0]
    mails = list(Mailbox(home / "mailbox").all())
    assert len(mails) == len({mail.message_id for mail in mails}) == sent > 20
    assert f"{home}/mailbox" in once.stdout


def test_it_shows_how_far_it_is(once: subprocess.CompletedProcess[str]) -> None:
    for words in ("Importando documentos", "Ensayo", "Enviando"):
        assert re.search(rf"^{words}.* 100%", once.stderr, re.MULTILINE)


def test_the_pages_show_the_same_data_and_stop_whole(once: subprocess.CompletedProcess[str], home: Path) -> None:
    """Started again in that folder: no second filling, the same password."""
    port = free_port()
    process = subprocess.Popen(
        COMMAND, env=environment(home, port), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        said += line
    assert f"http://127.0.0.1:{port}/buzon/" in said
    assert (home / "demo-password").read_text() in said
    assert len(re.findall(r"@demostracion\.example\.co", said)) == 4
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/buzon/", timeout=20) as answer:  # its own
        assert answer.url.endswith("/entrar/?next=/buzon/")  # who is not signed in sees nothing
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=45) == 0
    assert [member for member in family if member.is_running()] == []
    assert "Importando" not in process.stderr.read()
