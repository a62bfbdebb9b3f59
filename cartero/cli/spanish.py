"""Typer speaks English; the operator reads Spanish: the words of its help, and of what it refuses."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext
from typer import _click as click
from typer._click import exceptions


def noop(text: str) -> str:
    """Marks `text` for the catalogue, imported as `_`; Django's own loads the settings, and help must not wait."""
    return text


_ = noop
WORDS = {
    "Options": _("Opciones"),
    "Arguments": _("Argumentos"),
    "Commands": _("Órdenes"),
    "Show this message and exit.": _("Muestra esta ayuda."),
    "[required]": _("[obligatorio]"),
    "[default: ": _("[si no se dice: "),
}
METAVARS = {"OPTIONS": _("OPCIONES"), "COMMAND": _("ORDEN"), "ARGS": _("ARGUMENTOS")}
MISSING = _("Falta %(name)s. Vea «%(command)s --help».")
NO_OPTION = _("No existe la opción %(name)s. Vea «%(command)s --help».")
NO_COMMAND = _("Falta la orden, o no existe. Vea «%(command)s --help».")
BAD_VALUE = _("El valor de %(name)s no sirve. Vea «%(command)s --help».")
UNCLEAR = _("La orden no se entiende: %(detail)s. Vea «%(command)s --help».")


class SpanishFormatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, spanish in METAVARS.items():
            args = args.replace(english, spoken(spanish))
        super().write_usage(prog, args, prefix=spoken(_("Uso: ")) if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(_worded(heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _worded(text)) for name, text in rows], col_max, col_spacing)


click.Context.formatter_class = SpanishFormatter


def spoken(text: str) -> str:
    """`text` in the reader's language; as it stands while no settings are loaded."""
    return gettext(text) if settings.configured else text


def refusal(error: exceptions.ClickException) -> str:
    """One line that says what the operator wrote wrongly."""
    context = error.ctx if isinstance(error, exceptions.UsageError) else None
    hint = error.param_hint if isinstance(error, exceptions.BadParameter) else None
    facts = {
        "command": context.command_path if context else "cartero",
        "name": hint or "",
        "detail": error.message.rstrip("."),
    }
    match error:
        case exceptions.MissingParameter(param=param) if param is not None:
            return spoken(MISSING) % {**facts, "name": param.get_error_hint()}
        case exceptions.NoSuchOption(option_name=option):
            return spoken(NO_OPTION) % {**facts, "name": option}
        case exceptions.BadParameter(param_hint=str()):
            return spoken(BAD_VALUE) % facts
        case exceptions.BadParameter(param=param) if param is not None:
            return spoken(BAD_VALUE) % {**facts, "name": param.get_error_hint()}
        case exceptions.UsageError() if "ommand" in error.message:
            return spoken(NO_COMMAND) % facts
        case _:
            return spoken(UNCLEAR) % facts


def _worded(text: str) -> str:
    for english, spanish in WORDS.items():
        text = text.replace(english, spoken(spanish))
    return text
