"""ZIP files of strangers, checked before and while they are read: declared sizes lie. Nothing is unpacked to disk.

`zipfile` alone sees no overlapping entries, reads a directory of any size and cuts names at a NUL: hence these checks.
"""

import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _

from cartero.importing.refusals import UnreadableError

MOST_ENTRIES = 50_000
MOST_UNPACKED = 2 * 1024**3
LARGEST_ENTRY = 20 * 1024**2
MOST_RATIO = 200
RATIO_COUNTS_FROM = 1024**2
_CHUNK = 256 * 1024
_LONGEST_NAME = 1024
_DIRECTORY_BYTES_AN_ENTRY = 46 + 400  # a fixed part, then names and extras of a usual length

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF_8_NAME = 0x800
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class SpentError(UnreadableError):
    """The upload may unpack no more: what is left of it is not read."""


@dataclass(kw_only=True)
class Budget:
    """What one upload may still unpack, the ZIPs inside it included."""

    entries: int = MOST_ENTRIES
    unpacked: int = MOST_UNPACKED

    def take_entries(self, count: int) -> None:
        self.entries -= count
        if self.entries < 0:
            raise SpentError(
                _("archivo ZIP"),
                _("trae más de %(limit)d archivos") % {"limit": MOST_ENTRIES},
                _("Divídalo en varios ZIP más pequeños."),
            )

    def take_bytes(self, count: int) -> None:
        self.unpacked -= count
        if self.unpacked < 0:
            raise SpentError(
                _("archivo ZIP"), _("pesa más de 2 GB descomprimido"), _("Divídalo en varios ZIP más pequeños.")
            )


@dataclass(kw_only=True)
class Archive:
    """An open ZIP that has passed the checks of its directory. `names` are paths with `/`, in the order of the ZIP."""

    names: tuple[str, ...]
    _zip: zipfile.ZipFile
    _entries: dict[str, zipfile.ZipInfo] = field(repr=False)
    _budget: Budget

    def head(self, name: str, size: int) -> bytes:
        """The first `size` bytes of an entry, to see what it is; not counted. Raises UnreadableError."""
        try:
            with self._zip.open(self._entries[name]) as stream:
                return stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise _damaged(name) from error

    def open(self, name: str) -> BinaryIO:
        """An entry to seek in: a ZIP inside this one."""
        return BytesIO(self.read(name))

    def read(self, name: str) -> bytes:
        """The bytes of an entry, counted while they come. Raises UnreadableError."""
        entry = self._entries[name]
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > LARGEST_ENTRY:
                        raise _too_large(name)
                    if size > RATIO_COUNTS_FROM and size > MOST_RATIO * max(entry.compress_size, 1):
                        raise _bomb(name)
                    self._budget.take_bytes(len(chunk))
                    chunks.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise _damaged(name) from error
        return b"".join(chunks)


def open_archive(stream: BinaryIO, budget: Budget) -> Archive:
    """Checks the directory of a ZIP and opens it. Raises UnreadableError: one such entry refuses the whole ZIP."""
    _check_directory_size(stream)
    try:
        opened = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, struct.error) as error:
        raise _refused(
            _("no es un ZIP o está dañado"), _("Vuelva a comprimir los archivos, o descargue otra vez el ZIP.")
        ) from error
    infos = opened.infolist()
    budget.take_entries(len(infos))
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _checked_name(info)
        _check_entry(info, name)
        if info.is_dir() or name.endswith("/"):
            continue
        if name in entries:
            raise _refused(
                _("trae dos archivos llamados «%(name)s»") % {"name": name[-200:]},
                _("Vuelva a comprimir los archivos."),
            )
        entries[name] = info
    if sum(info.file_size for info in infos) > budget.unpacked:
        budget.take_bytes(budget.unpacked + 1)
    _refuse_overlaps(stream, infos, opened.start_dir)
    return Archive(names=tuple(entries), _zip=opened, _entries=entries, _budget=budget)


def _check_directory_size(stream: BinaryIO) -> None:
    """Before `zipfile` makes an object of each entry: a 500 MB directory would be gigabytes of them."""
    size = stream.seek(0, 2)
    start = stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise _refused(
            _("no es un ZIP o está incompleto"), _("Vuelva a comprimir los archivos, o descargue otra vez el ZIP.")
        )
    directory = struct.unpack_from("<L", tail, at + 12)[0]
    if directory == 0xFFFFFFFF:
        at_64 = tail.rfind(_END_64, 0, at)
        directory = struct.unpack_from("<Q", tail, at_64 + 40)[0] if at_64 >= 0 and len(tail) >= at_64 + 56 else size
    if directory > min(MOST_ENTRIES * _DIRECTORY_BYTES_AN_ENTRY, start + len(tail)):
        raise _refused(
            _("trae más de %(limit)d archivos") % {"limit": MOST_ENTRIES}, _("Divídalo en varios ZIP más pequeños.")
        )


def _checked_name(info: zipfile.ZipInfo) -> str:
    """The path of an entry with `/`. Raises UnreadableError for one that leads out of the ZIP."""
    # zipfile cuts a name at NUL: what it shows and what it holds would differ.
    name = (info.orig_filename if info.flag_bits & _UTF_8_NAME else _legacy_name(info.orig_filename)).replace("\\", "/")
    parts = name.split("/")
    if (
        not name
        or name.startswith("/")
        or ".." in parts
        or (len(parts[0]) > 1 and parts[0][1] == ":")
        or any(ord(letter) < 32 for letter in name)
        or len(name) > _LONGEST_NAME
    ):
        shown = "".join(letter for letter in name if letter.isprintable())
        raise _refused(
            _("trae un archivo con una ruta que no se permite: «%(name)s»") % {"name": shown[:200]},
            _("Vuelva a comprimir los archivos sin rutas absolutas ni «..»."),
        )
    return name


def _legacy_name(decoded: str) -> str:
    """A name whose UTF-8 flag is not set: macOS writes UTF-8 all the same, Windows the code page of its console."""
    if decoded.isascii():
        return decoded
    raw = decoded.encode("cp437")
    for codec in ("utf-8", "cp437", "cp850", "cp1252"):
        try:
            name = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if all(letter.isascii() or letter.isalpha() or letter in "¿¡°ª\u0301\u0303" for letter in name):
            return name
    return decoded


def _check_entry(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise _refused(_("está protegido con contraseña"), _("Comprima otra vez los archivos sin contraseña."))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(
            _("contiene un enlace: «%(name)s»") % {"name": name[-200:]},
            _("Comprima los archivos mismos, no enlaces a ellos."),
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(
            _("usa un método de compresión que no se admite en «%(name)s»") % {"name": name[-200:]},
            _("Comprima otra vez los archivos como ZIP normal."),
        )
    if info.file_size > LARGEST_ENTRY:
        raise _too_large(name)
    if info.file_size > RATIO_COUNTS_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        raise _bomb(name)


def _refuse_overlaps(stream: BinaryIO, infos: list[zipfile.ZipInfo], directory: int) -> None:
    """Two entries that share bytes unpack to more than the ZIP can hold (CVE-2024-0450)."""
    by_offset = sorted(infos, key=lambda info: info.header_offset)
    ends = [*(info.header_offset for info in by_offset), directory][1:]
    for info, end in zip(by_offset, ends, strict=True):
        stream.seek(max(0, info.header_offset))
        header = stream.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise _damaged(info.filename)
        *_fixed, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        if info.header_offset + _LOCAL_HEADER.size + name_length + extra_length + info.compress_size > end:
            raise _refused(
                _("tiene archivos que se montan unos sobre otros"),
                _("Vuelva a comprimir los archivos: el ZIP está mal hecho."),
            )


def _refused(what: str, mend: str) -> UnreadableError:
    return UnreadableError(_("archivo ZIP"), what, mend)


def _damaged(name: str) -> UnreadableError:
    return _refused(
        _("está dañado en «%(name)s»") % {"name": name[-200:]}, _("Descargue otra vez el ZIP o vuelva a comprimirlo.")
    )


def _too_large(name: str) -> UnreadableError:
    return _refused(
        _("trae un archivo de más de 20 MB: «%(name)s»") % {"name": name[-200:]},
        _("Quítelo del ZIP: los documentos electrónicos no llegan a ese tamaño."),
    )


def _bomb(name: str) -> UnreadableError:
    return _refused(
        _("trae un archivo comprimido más de 200 veces: «%(name)s»") % {"name": name[-200:]},
        _("Revise de dónde viene: puede ser un ataque. Comprima otra vez los archivos."),
    )
