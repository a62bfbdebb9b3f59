"""Received files, kept once by their SHA-256, apart for each company."""

from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from cartero.platform import ids
from cartero.platform.errors import CarteroError


class FileLost(CarteroError):
    """A stored file is not where it was put, or its content has changed."""

    text = _("Falta un archivo guardado o cambió su contenido. Avise a quien administra Cartero.")


def keep(company_id: int, content: bytes) -> str:
    """Stores `content` unless it is there already; its SHA-256 in hex."""
    sha256 = ids.sha256(content)
    path = _path(company_id, sha256)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return sha256


def read(company_id: int, sha256: str) -> bytes:
    """The bytes as they were kept. Raises FileLost when they are gone or no longer have that hash."""
    try:
        with default_storage.open(_path(company_id, sha256)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise FileLost(sha256=sha256) from error
    if ids.sha256(content) != sha256:
        raise FileLost(sha256=sha256)
    return content


def drop(company_id: int, sha256: str) -> None:
    default_storage.delete(_path(company_id, sha256))


def _path(company_id: int, sha256: str) -> str:
    return str(PurePosixPath(str(company_id), sha256[:2], sha256))
