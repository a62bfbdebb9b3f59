import contextlib
import os
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from cartero.platform.mailbox import Mailbox
from tests.cli.test_run import free_port
from tests.waiting import wait_until

MAIL = EmailMessage()
MAIL["From"], MAIL["To"], MAIL["Subject"] = "facturas@valle.example.co", "ana@example.com", "Factura"
MAIL.set_content("Buenos días\n.\n..\n")


@contextlib.contextmanager
def serving(home: Path, *options: str) -> Iterator[smtplib.SMTP]:
    port = free_port()
    command = [sys.executable, "-m", "cartero", "mailbox", "--port", str(port), *options]
    process = subprocess.Popen(command, env=os.environ | {"CARTERO_HOME": str(home)})
    try:
        yield connected(port, process)
    finally:
        process.terminate()
        assert process.wait(timeout=10) == 0


def connected(port: int, process: subprocess.Popen[bytes]) -> smtplib.SMTP:
    wait_until(lambda: process.poll() is not None or listens(port), 30)
    assert process.poll() is None, "it ended before it listened"
    return smtplib.SMTP("127.0.0.1", port, timeout=10)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("mailbox")


def test_a_mail_that_it_accepted_is_there(home: Path) -> None:
    content = MAIL.as_bytes(policy=MAIL.policy.clone(linesep="\r\n", max_line_length=0))
    with serving(home) as client:
        client.sendmail("rebotes@valle.example.co", ["ana@example.com", "luz@example.com"], content)
        box = Mailbox(home / "mailbox")
        (mail,) = box.all()
        client.quit()
    assert mail.recipients == ("ana@example.com", "luz@example.com")
    assert mail.sender == "rebotes@valle.example.co"
    assert box.read(mail) == content
    assert (home / "mailbox").stat().st_mode & 0o077 == 0  # for nobody else


def test_some_mailboxes_say_no(home: Path) -> None:
    with serving(home) as client:
        client.helo()
        client.mail("rebotes@valle.example.co")
        assert client.rcpt("ana@rechaza.example.co")[0] == 550
        assert client.rcpt("ana@espera.example.co")[0] == 451
        assert client.rcpt("ana@espera.example.co")[0] == 250


def test_or_all_say_yes(home: Path) -> None:
    with serving(home, "--takes-all") as client:
        client.helo()
        client.mail("rebotes@valle.example.co")
        assert client.rcpt("ana@rechaza.example.co")[0] == 250
