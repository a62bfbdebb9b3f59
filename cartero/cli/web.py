"""`cartero web`: the pages, by Granian's processes and threads."""

import signal
import socket
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from cartero.cli import starting
from cartero.platform import database, dying, env
from cartero.platform.errors import CarteroError

PROCESSES, THREADS = 2, 4
PATIENCE = 3  # seconds; a port that a killed Cartero held is free a moment later

app = typer.Typer()


class PortTaken(CarteroError):
    """Another program listens where the pages should be."""

    text = _("El puerto %(port)s está ocupado por otro programa. Nombre otro con CARTERO_PORT o «cartero run --port».")


@app.command()
def web() -> None:
    require_port()
    database.serve_pages()
    starting.open_database()
    starting.load_django()
    starting.require_migrated()
    starting.let_go_of_connections()  # its processes make their own
    address, port = _where()
    server = Server(
        "cartero.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=load, wrap_loader=False)


def load() -> Callable[..., Any]:
    """Runs inside each of Granian's processes, which must not outlive the one that made it."""
    dying.now_with_parent(signal.SIGKILL)
    application: Callable[..., Any] = import_module("cartero.wsgi").application
    return application


def require_port() -> None:
    """Raises PortTaken. Granian would not: it shares a port with whoever listens there as the same user."""
    deadline = time.monotonic() + PATIENCE
    address, port = _where()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    while True:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((address, port))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise PortTaken(port=port) from error
        time.sleep(0.1)


def answers() -> bool:
    address, port = _where()
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def public_address() -> str:
    address: str = settings.PUBLIC_URL
    return address


def _where() -> tuple[str, int]:
    """Only this machine, unless the operator opens it: 0.0.0.0 in a container, behind a proxy."""
    return env.text("CARTERO_ADDRESS", default="127.0.0.1"), env.number("CARTERO_PORT", default=8000)
