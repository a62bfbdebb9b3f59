"""`cartero demo`: Cartero with invented data and a mailbox of its own. No mail leaves the machine."""

import os
import secrets
import shlex
import socket
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext, gettext_lazy

from cartero.cli import run, starting, supervising, web
from cartero.cli.demonstration.bar import Bar
from cartero.cli.mailbox import FOLDER, HOST
from cartero.cli.spanish import noop as _
from cartero.cli.supervising import Child
from cartero.platform import datafolder, env
from cartero.platform.errors import CarteroError
from cartero.platform.mailbox import Mailbox

DOCUMENTS = 1200
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another
PASSWORD = "demo-password"  # noqa: S105  # the name of its file
PATIENCE = 600  # seconds that the whole of `--once` may take once its data are there
# What an operator has set for his own Cartero: neither his database nor his mail server are the demonstration's.
NOT_OURS = (
    "DATABASE_URL", "DATABASE_URL_FILE", "CARTERO_FILES", "CARTERO_MAIL_HOST", "CARTERO_MAIL_USER",
    "CARTERO_MAIL_PASSWORD", "CARTERO_MAIL_PASSWORD_FILE", "CARTERO_MAIL_STARTTLS",
)  # fmt: skip

app = typer.Typer()


class Unfinished(CarteroError):
    """`--once` was interrupted, or its sending did not end in time."""

    text = gettext_lazy("El envío no llegó a su fin: se interrumpió o tardó demasiado. Los datos quedan en %(folder)s.")


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help=_("Hace un envío completo sin navegador, lo comprueba y termina."))
    ] = False,
    port: Annotated[
        int | None, typer.Option(help=_("Puerto de las páginas; si no se dice, CARTERO_PORT, y si no, 8000."))
    ] = None,
    workers: Annotated[int | None, typer.Option(help=_("Cuántos trabajadores; si no se dice, dos."), min=1)] = None,
    documents: Annotated[int, typer.Option(hidden=True, min=10)] = DOCUMENTS,
) -> None:
    mailbox_port = _stand_apart(once=once, port=port)
    home = datafolder.home()
    with supervising.only_one(home):
        if not once:
            web.require_port()
        embedded = starting.open_database(dies_with_us=True)
        run.prepare()
        bar = Bar()
        filling = import_module("cartero.cli.demonstration.filling")  # its models want Django first
        company = filling.fill(documents, mailbox_port, datafolder.secret(PASSWORD, _password), bar.tell)
        bar.end()
        many = workers or env.number("CARTERO_WORKERS", default=2)
        children = [Child("mailbox", ["mailbox", "--port", str(mailbox_port), *(["--takes-all"] if once else [])])]
        children += [Child(f"worker {number}", ["worker"]) for number in range(1, many + 1)]
        if once:
            deliver = import_module("cartero.cli.demonstration.once")
            _once(deliver, deliver.deliver(company, Mailbox(datafolder.folder(FOLDER)), bar.tell), children, bar)
            return
        filling.send_first_month(company)
        starting.let_go_of_connections()
        watch = run.Watch(embedded=embedded, announce=lambda: _announce(filling.people()))
        supervising.Tree([Child("web", ["web"]), *children], keep=watch.look).run()
        typer.echo(gettext("La demostración se apagó. Sus datos quedan en %(folder)s.") % {"folder": home})


def _stand_apart(*, once: bool, port: int | None) -> int:
    """Our environment and our children's: a data folder apart, nothing of the operator's. The mailbox's port."""
    for name in NOT_OURS:
        os.environ.pop(name, None)
    if port is not None:
        os.environ["CARTERO_PORT"] = str(port)
    if not os.environ.get("CARTERO_HOME"):
        os.environ["CARTERO_HOME"] = tempfile.mkdtemp(prefix="cartero-demo-") if once else str(_folder())
    os.environ["CARTERO_HOME"] = str(datafolder.home())
    mailbox_port = _free_port()
    os.environ["CARTERO_MAILBOX"] = str(mailbox_port)
    if not once:  # what Cartero writes to its own users is seen in the mailbox too; `--once` counts deliveries alone
        os.environ["CARTERO_MAIL_HOST"], os.environ["CARTERO_MAIL_PORT"] = HOST, str(mailbox_port)
    return mailbox_port


def _folder() -> Path:
    """Beside the data folder of a real Cartero, never in it."""
    real = datafolder.usual_home()
    return real.with_name(f"{real.name}-demo")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        port: int = trial.getsockname()[1]
        return port


def _password() -> str:
    """80 bits, in four groups that can be typed."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _announce(people: Sequence[Any]) -> None:
    address = web.public_address()
    typer.echo()
    typer.echo(gettext("La demostración está lista: %(address)s") % {"address": address})
    typer.echo(gettext("  Los correos llegan a   %(address)s/buzon/") % {"address": address})
    for person in people:
        facts = {"email": person.email, "role": person.role.label}
        typer.echo(gettext("  Usuario  %(email)-44s %(role)s") % facts)
    typer.echo(gettext("  Clave de todos         %(password)s") % {"password": datafolder.secret(PASSWORD, _password)})
    typer.echo(gettext("Ningún correo sale de este equipo. Para apagarla: Ctrl-C."))


def _once(module: Any, work: Generator[None, None, Any], children: Sequence[Child], bar: Bar) -> None:
    """Runs `work` between looks at the children. Raises Exit(1) unless all arrived."""
    errand = _Errand(work)
    tree = supervising.Tree(children, keep=lambda: errand.look(tree.end))
    tree.run()
    bar.end()
    result = errand.outcome()
    for line in module.lines(result):
        typer.echo(line)
    home = datafolder.home()
    typer.echo(gettext("Los correos están en %(folder)s") % {"folder": home / FOLDER})
    typer.echo(gettext("Para verlos en las páginas: CARTERO_HOME=%(home)s bin/demo") % {"home": shlex.quote(str(home))})
    if not result.is_right:
        raise typer.Exit(1)


class _Errand:
    """Work that goes on a step a look, until it ends, fails or takes too long."""

    def __init__(self, work: Generator[None, None, Any]) -> None:
        self.work = work
        self.deadline = time.monotonic() + PATIENCE
        self.result: Any = None
        self.error: CarteroError | None = None

    def look(self, end: Callable[[], None]) -> None:
        try:
            next(self.work)
        except StopIteration as done:
            self.result = done.value
            end()
        except CarteroError as error:
            self.error = error
            end()
        if time.monotonic() > self.deadline:
            end()

    def outcome(self) -> Any:
        """Raises what went wrong, or Unfinished."""
        if self.error is not None:
            raise self.error
        if self.result is None:
            raise Unfinished(folder=str(datafolder.home()))
        return self.result
