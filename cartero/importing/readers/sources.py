"""Where files that came together lie: on disk (loose uploads, a folder) or in a ZIP; read one at a time, by name."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _

from cartero.importing.readers.archive import LARGEST_ENTRY
from cartero.importing.refusals import UnreadableError


class Source(Protocol):
    """Files by name; `read`, `head` and `open` raise UnreadableError."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def read(self, name: str) -> bytes: ...

    def head(self, name: str, size: int) -> bytes: ...

    def open(self, name: str) -> BinaryIO: ...


@dataclass(frozen=True, kw_only=True)
class Files:
    """Files on disk: the name that each came with -> where it lies now."""

    paths: dict[str, Path] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.paths)

    def read(self, name: str) -> bytes:
        with self.open(name) as stream:
            content = stream.read(LARGEST_ENTRY + 1)
        if len(content) > LARGEST_ENTRY:
            raise UnreadableError(
                _("archivo"), _("pesa más de 20 MB"), _("Quítelo: los documentos electrónicos no llegan a ese tamaño.")
            )
        return content

    def head(self, name: str, size: int) -> bytes:
        with self.open(name) as stream:
            return stream.read(size)

    def open(self, name: str) -> BinaryIO:
        try:
            # O_NOFOLLOW: a link put there after the folder was listed leads nowhere.
            return os.fdopen(os.open(self.paths[name], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
        except OSError as error:
            raise UnreadableError(
                _("archivo"),
                _("no se puede abrir"),
                _("Revise que exista, que no sea un enlace y que se pueda leer."),
            ) from error


def folder(path: Path) -> Files:
    """All regular files below a folder, by their path in it; links are not followed."""
    found: dict[str, Path] = {}
    for directory, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            file = Path(directory, name)
            if file.is_file() and not file.is_symlink():
                found[file.relative_to(path).as_posix()] = file
    return Files(paths=found)
