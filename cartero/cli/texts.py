"""Files that an operator names in an option: a message, a password."""

from pathlib import Path

from cartero.cli.spanish import noop as _
from cartero.platform.errors import CarteroError


class NoText(CarteroError):
    """It is not there, may not be read, or is no UTF-8."""

    text = _("El archivo «%(file)s» no existe, no se puede leer o no es texto en UTF-8.")


def text_of(file: Path) -> str:
    """Raises NoText."""
    try:
        return file.read_text(encoding="utf-8-sig")  # Windows' Notepad puts a mark before
    except (OSError, UnicodeDecodeError) as error:
        raise NoText(file=str(file)) from error


def secret_of(file: Path | None) -> str:
    """A password without the line end that editors put behind it; empty without a file. Raises NoText."""
    return text_of(file).strip() if file else ""
