from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from cartero.transport import smtp
from cartero.transport.presets import Security
from cartero.transport.server import Server, Timeouts
from cartero.transport.smtp import Connection
from tests.certificates import Authority, make_authority
from tests.smtp import SmtpServer

QUICK = Timeouts(connect=2, command=0.5, data=0.5, write=0.5, end=0.5, quit=0.3)

MakeServer = Callable[..., SmtpServer]


@pytest.fixture
def make_smtp_server() -> Iterator[MakeServer]:
    started: list[SmtpServer] = []

    def make(**options: object) -> SmtpServer:
        started.append(SmtpServer(**options).start())  # type: ignore[arg-type]  # as its fields say
        return started[-1]

    yield make
    for server in started:
        server.stop()


@pytest.fixture
def smtp_server(make_smtp_server: MakeServer, tmp_path: Path) -> SmtpServer:
    return make_smtp_server(log=tmp_path / "mails.jsonl")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority, believed by this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


def account_at(server: SmtpServer, **fields: object) -> Server:
    """How Cartero knows a scripted server; without TLS and login unless told."""
    known = {"host": server.host, "port": server.port, "security": Security.NONE, "timeouts": QUICK}
    return Server(**{"private_allowed": True, **known, **fields})  # type: ignore[arg-type]  # as its fields say


def connected(server: SmtpServer, **fields: object) -> Connection:
    opened = smtp.connect(account_at(server, **fields))
    assert isinstance(opened, Connection), opened
    return opened


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], bool]:
    """Waits for what another thread is about to do, five seconds at most."""

    def wait(happened: Callable[[], bool]) -> bool:
        pause, deadline = Event(), monotonic() + 5
        while not happened() and monotonic() < deadline:
            pause.wait(0.01)
        return happened()

    return wait
