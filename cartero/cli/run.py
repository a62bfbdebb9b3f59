"""`cartero run`: one machine's whole Cartero as one process tree."""

import os
import time
from collections.abc import Callable
from importlib import import_module
from typing import Annotated

import typer
from django.utils.translation import gettext

from cartero.cli import starting, supervising, web
from cartero.cli.spanish import noop as _
from cartero.platform import datafolder, env, postgres, processors
from cartero.platform.errors import CarteroError

PAUSE = 2  # seconds between two attempts to start a database that does not start

app = typer.Typer()


@app.command()
def run(
    port: Annotated[
        int | None, typer.Option(help=_("Puerto de las páginas; si no se dice, CARTERO_PORT, y si no, 8000."))
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help=_("Cuántos trabajadores; si no se dice, CARTERO_WORKERS, y si no, uno por núcleo."), min=1),
    ] = None,
) -> None:
    home = datafolder.home()
    os.environ["CARTERO_HOME"] = str(home)  # the children's too, wherever they look from
    if port is not None:
        os.environ["CARTERO_PORT"] = str(port)
    workers = workers or env.number("CARTERO_WORKERS", default=max(2, processors.count()))
    with supervising.only_one(home):
        web.require_port()
        embedded = starting.open_database(dies_with_us=True)
        prepare()
        code: str | None = import_module("cartero.cli.first_run").code()  # its models want Django first
        starting.let_go_of_connections()
        children = [supervising.Child("web", ["web"]), *_workers(workers)]
        supervising.Tree(children, keep=Watch(embedded=embedded, announce=lambda: _announce(code)).look).run()
        typer.echo(gettext("Cartero se apagó."))


def _workers(count: int) -> list[supervising.Child]:
    """Where there is one for each processor, each keeps to its own."""
    keep = count >= processors.count()
    return [
        supervising.Child(f"worker {number}", ["worker", *(["--processor", str(number)] if keep else [])])
        for number in range(1, count + 1)
    ]


def prepare() -> None:
    """Tables and static files up to date."""
    starting.load_django()
    if not starting.is_migrated():
        starting.migrate()
    starting.collect_static()


def _announce(code: str | None) -> None:
    typer.echo(gettext("Cartero está listo: %(address)s") % {"address": web.public_address()})
    if code:
        typer.echo(gettext("Es la primera vez. Código para crear la empresa: %(code)s") % {"code": code})


class Watch:
    """What we look at between our children: that the database lives, and when the pages answer first."""

    def __init__(self, *, embedded: bool, announce: Callable[[], None]) -> None:
        self.embedded = embedded
        self.announce = announce
        self.has_announced = False
        self.next_start: float = 0

    def look(self) -> None:
        if self.embedded and not postgres.is_running(datafolder.home()) and time.monotonic() >= self.next_start:
            self._start_database()
        if not self.has_announced and web.answers():
            self.has_announced = True
            self.announce()

    def _start_database(self) -> None:
        try:
            starting.restart_database()
        except CarteroError as error:  # no room on the disk, for one: it may pass
            typer.echo(error.user_text, err=True)
            self.next_start = time.monotonic() + PAUSE
