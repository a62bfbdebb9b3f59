"""Received files, kept once by their SHA-256, apart for each company."""

from collections.abc import Sequence
from contextlib import suppress

from django.utils.translation import gettext_lazy as _

from cartero.platform import ids, storage
from cartero.platform.errors import CarteroError


class FileLost(CarteroError):
    """A stored file is not where it was put, or its content has changed."""

    text = _("Falta un archivo guardado o cambió su contenido. Avise a quien administra Cartero.")


def keep(company_id: int, content: bytes) -> str:
    """Stores `content` unless it is there already; its SHA-256 in hex. Raises StorageAway."""
    sha256 = ids.sha256(content)
    storage.here().put(_name(company_id, sha256), content)
    return sha256


def keep_all(company_id: int, contents: Sequence[bytes]) -> list[str]:
    """The same for many, as many at once as is good for the storage."""
    hashes = [ids.sha256(content) for content in contents]
    names = [_name(company_id, sha256) for sha256 in hashes]
    storage.here().put_all(zip(names, contents, strict=True))
    return hashes


def read(company_id: int, sha256: str) -> bytes:
    """The bytes as they were kept. Raises StorageAway; FileLost when they are gone or no longer have that hash."""
    try:
        content = storage.here().get(_name(company_id, sha256))
    except FileNotFoundError as error:
        raise FileLost(sha256=sha256) from error
    if ids.sha256(content) != sha256:
        raise FileLost(sha256=sha256)
    return content


def hash_now(company_id: int, sha256: str) -> str:
    """The SHA-256 of what lies now where a file with that hash was kept; empty where nothing does."""
    try:
        return ids.sha256(storage.here().get(_name(company_id, sha256)))
    except FileNotFoundError:
        return ""


def look(company_id: int) -> None:
    """Raises StorageAway while files of a company cannot be read."""
    with suppress(FileNotFoundError):
        storage.here().get(f"{company_id}/{storage.MARKER}")


def drop(company_id: int, sha256: str) -> None:
    storage.here().drop(_name(company_id, sha256))


def _name(company_id: int, sha256: str) -> str:
    return f"{company_id}/{sha256[:2]}/{sha256}"
