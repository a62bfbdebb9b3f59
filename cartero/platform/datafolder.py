"""Where Cartero keeps what is its own: keys, files, logs and, without DATABASE_URL, the database."""

import base64
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs
from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError

SYSTEM_FOLDER = Path("/var/lib/cartero")


class FolderUnusable(CarteroError):
    """The data folder cannot be made or written."""

    text = _(
        "Cartero no puede escribir en su carpeta de datos %(folder)s: %(reason)s. "
        "Corrija los permisos o nombre otra carpeta con CARTERO_HOME."
    )


class SecretEmpty(CarteroError):
    """A key file is there but holds nothing."""

    text = _(
        "El archivo %(file)s está vacío. Recupérelo de una copia de respaldo: sin él no se leen los datos cifrados."
    )


def home() -> Path:
    """The data folder: CARTERO_HOME, else the user's own, for root the system's. It is made when it is not there."""
    named = os.environ.get("CARTERO_HOME")
    return passable(Path(named).expanduser().absolute() if named else usual_home())


def usual_home() -> Path:
    """Where the data folder is when nobody names another."""
    return SYSTEM_FOLDER if os.geteuid() == 0 else platformdirs.user_data_path("cartero")


def folder(name: str) -> Path:
    """The folder `name` of the data folder, for our own user only."""
    return _made(home() / name, mode=0o700)


def key() -> str:
    """256 random bits in the form that Fernet wants."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def secret(name: str, make: Callable[[], str] = key) -> str:
    """What the file `name` holds; made at random, once, however many processes ask at the same time."""
    file = home() / name
    if not file.exists():
        write_once(file, make())
    value = file.read_text(encoding="utf-8").strip()
    if not value:
        raise SecretEmpty(file=str(file))
    return value


def write_once(file: Path, content: str) -> None:
    """Gives `file` this content, whole and only for our user, unless another process was first."""
    try:
        descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    except OSError as error:
        raise FolderUnusable(folder=str(file.parent), reason=error.strerror) from error


def passable(path: Path) -> Path:
    """Makes `path` where it is missing; for root such that the account of PostgreSQL may pass through, but not look.

    So is an empty folder that was made for us; one with content is left as it is: it may be root's own home.
    """
    return _made(path, mode=0o711 if os.geteuid() == 0 else 0o700)


def _made(path: Path, *, mode: int) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(exist_ok=True)
        if path.stat().st_uid == os.geteuid() and not any(path.iterdir()):
            path.chmod(mode)  # whatever the umask
    except OSError as error:
        raise FolderUnusable(folder=str(path), reason=error.strerror) from error
    return path
