"""The files that all machines share, by name, in the folder or the bucket that CARTERO_FILES names.

What is put is whole or not there; putting the same again changes nothing. Whatever is wrong with the place itself is
a StorageAway, so that no file is taken for lost that is only out of reach.

StorageAway
 ├─ StorageSilent    it does not answer
 ├─ StorageFull
 ├─ StorageGone      the folder is not mounted, there is no such bucket
 └─ StorageRefuses   credentials, permissions
"""

import errno
import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from cartero.platform import ids
from cartero.platform.errors import CarteroError

MARKER = "cartero-marker"  # by it each machine knows that it sees the same files as the others
BUCKET = "s3://"


class StorageAway(CarteroError):
    """Stored files cannot be used for now, none of them is lost, and what was going on goes on by itself."""

    text = _("No se pueden usar los archivos guardados por ahora. Lo que estaba en marcha sigue solo cuando se pueda.")


class StorageSilent(StorageAway):
    """Where files are stored does not answer, or breaks off."""

    text = _("El almacenamiento de archivos no responde. Lo que estaba en marcha sigue solo cuando responda.")


class StorageFull(StorageAway):
    """There is no room for one more file."""

    text = _("No queda espacio para guardar archivos. Lo que estaba en marcha sigue solo cuando lo haya.")


class StorageGone(StorageAway):
    """The folder or the bucket is not there at all."""

    text = _("No se encuentra dónde se guardan los archivos. Lo que estaba en marcha sigue solo cuando se encuentre.")


class StorageRefuses(StorageAway):
    """Who we are may not do that with files."""

    text = _("El almacenamiento no deja usar los archivos. Lo que estaba en marcha sigue solo cuando lo permita.")


class Place(Protocol):
    """One kind of storage. All raise StorageAway; a name that nothing was put under is a FileNotFoundError."""

    def put(self, name: str, content: bytes) -> None: ...

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None: ...

    def take_in(self, name: str, path: Path) -> None:
        """Puts a file of this machine, however large, which need not be at `path` any more afterwards."""

    def get(self, name: str) -> bytes: ...

    def lent(self, names: Sequence[str]) -> AbstractContextManager[list[Path]]:
        """Files on this machine's disk with what those hold, to be read and left alone, until the end of the block."""

    def drop(self, name: str) -> None: ...

    def drop_folder(self, name: str) -> None: ...


def here() -> Place:
    return _place(settings.FILES)


def is_bucket() -> bool:
    return settings.FILES.startswith(BUCKET)


def try_out() -> None:
    """Writes a file, reads it again and takes it away. Raises StorageAway."""
    place, name = here(), f"{MARKER}-{ids.token()}"
    place.put(name, b"1")
    place.get(name)
    place.drop(name)


def marker() -> str:
    """What lies in the storage, put there by whoever came first. Raises StorageAway."""
    try:
        return here().get(MARKER).decode()
    except FileNotFoundError:
        here().put(MARKER, ids.token().encode())
        return here().get(MARKER).decode()


def remember() -> str:
    """The marker, noted in the database for those that look later. Raises StorageAway."""
    seen = marker()
    cache.add(MARKER, seen, timeout=None)
    return seen


def is_same() -> bool:
    """Whether these are the files that the database knows, if it knows any. Raises StorageAway."""
    known = cache.get(MARKER)
    if known is None:
        return True
    try:
        return bool(here().get(MARKER).decode() == known)
    except FileNotFoundError:
        return False


def check_same() -> None:
    """Raises StorageGone where these are other files than the database knows: a disk that is not mounted."""
    if not is_same():
        raise StorageGone(path=settings.FILES, reason=os.strerror(errno.ENOENT))


@lru_cache(maxsize=8)
def _place(where: str) -> Place:
    kind = "bucket.Bucket" if where.startswith(BUCKET) else "folder.Folder"
    place: Place = import_string(f"{__package__}.{kind}")(where)  # what S3 takes to load, only who uses it pays for
    return place
