"""The command `cartero`. A command's module is imported only when it is called, with Django and a database at hand."""

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from types import FrameType

import typer
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from typer import _click as click
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer.core import TyperGroup

from cartero.cli.spanish import noop as _
from cartero.cli.spanish import refusal, spoken
from cartero.platform import datafolder, ids
from cartero.platform.errors import CarteroError

BROKEN = _("Algo falló por dentro. Número para reportarlo: %(number)s. El detalle está en %(file)s.")

UNREACHABLE = _(
    "No se puede hablar con la base de datos: %(reason)s. Revise DATABASE_URL y que el servidor esté encendido."
)
MISCONFIGURED = _("Hay un valor equivocado en la configuración: %(reason)s.")


@dataclass(frozen=True, kw_only=True)
class Command:
    module: str  # holds a Typer named `app`
    help: str
    opens: bool = True  # the database and Django, before its module is imported
    is_group: bool = False


COMMANDS = {
    "run": Command(
        module="cartero.cli.run", help=_("Enciende todo: base de datos, páginas y trabajadores."), opens=False
    ),
    "worker": Command(
        module="cartero.cli.worker", help=_("Enciende un trabajador más, en esta máquina o en otra."), opens=False
    ),
    "web": Command(module="cartero.cli.web", help=_("Enciende solo las páginas."), opens=False),
    "company": Command(module="cartero.cli.company", help=_("Empresas que facturan."), is_group=True),
    "user": Command(module="cartero.cli.user", help=_("Personas que trabajan en una empresa."), is_group=True),
    "import": Command(module="cartero.cli.import_files", help=_("Importa documentos, terceros y saldos.")),
    "account": Command(module="cartero.cli.account", help=_("Cuentas de correo."), is_group=True),
    "mailing": Command(module="cartero.cli.mailing", help=_("Envíos de facturas."), is_group=True),
    "statement": Command(
        module="cartero.cli.statement", help=_("Estados de cuenta, hechos de los saldos."), is_group=True
    ),
    "keys": Command(module="cartero.cli.keys", help=_("Llaves con que se cifran las contraseñas."), is_group=True),
    "demo": Command(
        module="cartero.cli.demo", help=_("Muestra Cartero con datos inventados y un buzón propio."), opens=False
    ),
    "mailbox": Command(
        module="cartero.cli.mailbox", help=_("Enciende un buzón local que recibe todo y no reenvía nada."), opens=False
    ),
    "doctor": Command(module="cartero.cli.doctor", help=_("Revisa que todo esté en orden."), opens=False),
    "migrate": Command(module="cartero.cli.migrate", help=_("Pone la base de datos al día."), opens=False),
    "manage": Command(module="cartero.cli.manage", help=_("Ejecuta una orden de Django."), opens=False),
}


class Commands(TyperGroup):
    """Knows its commands by name; imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = COMMANDS.get(cmd_name)
        if command is None:
            return None
        if command.opens:
            import_module("cartero.cli.starting").open_all(only_help="--help" in sys.argv)
        app: typer.Typer = import_module(command.module).app
        app.rich_markup_mode, app._add_completion = None, False  # what Typer would say there, it says in English
        called = typer.main.get_group(app) if command.is_group else typer.main.get_command(app)
        called.help = spoken(command.help)
        return called

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, spoken(command.help)) for name, command in COMMANDS.items()])


app = typer.Typer(
    cls=Commands, name="cartero", rich_markup_mode=None, add_completion=False, no_args_is_help=True,
    pretty_exceptions_enable=False,
)  # fmt: skip


@app.callback(help=_("Cartero envía facturas por correo y dice de cada una si llegó."))
def _cartero() -> None: ...


def main() -> None:
    """Exit code 0 only on success, 1 when it could not be done, 2 when the command was not understood."""
    signal.signal(signal.SIGTERM, _leave)  # so that what was begun is ended
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: Sequence[str]) -> int:
    try:
        return _called(arguments)
    except CarteroError as error:
        return _refuse(_words(error))
    except OperationalError as error:
        return _refuse(spoken(UNREACHABLE) % {"reason": str(error).strip().splitlines()[0]})
    except ImproperlyConfigured as error:
        return _refuse(spoken(MISCONFIGURED) % {"reason": error})
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # takes what is left to flush, and lives as long as we
        return 1
    except Exception:  # noqa: BLE001  # the door of the operator
        return _refuse(_reported(traceback.format_exc()))


def _called(arguments: Sequence[str]) -> int:
    try:
        code = app(list(arguments), prog_name="cartero", standalone_mode=False)
    except NoArgsIsHelpError as error:
        error.show()
        return 2
    except ClickException as error:
        click.echo(refusal(error), err=True)
        return 2
    except typer.Abort:
        return 1
    return code if isinstance(code, int) else 0


def _words(error: CarteroError) -> str:
    if not settings.configured:  # it failed before the settings could be read, which translating asks for
        settings.configure(USE_I18N=False)
    return error.user_text


def _reported(trace: str) -> str:
    """Keeps the trace for the developer; one line for the operator."""
    number = ids.quotable()
    file = datafolder.folder("logs") / "errors.log"
    with file.open("a", encoding="utf-8") as log:
        log.write(f"{datetime.now(UTC).isoformat()} {number}\n{trace}\n")
    return spoken(BROKEN) % {"number": number, "file": file}


def _refuse(words: str) -> int:
    click.echo(" ".join(words.split()), err=True)  # one line, whatever is quoted in it
    return 1


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
