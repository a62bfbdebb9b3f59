"""ZIP archives whose bytes depend on their entries alone.

Written by hand (PKWARE's APPNOTE, 4.3) and deflated by ISA-L: on containers and PDFs zlib costs several times as much,
which is more than all the rest of a mail whose documents are at hand.
"""

import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from struct import Struct, error

from isal import isal_zlib

from cartero.invoices.data import Document

LEVEL = 1  # of ISA-L; its highest packs no tighter and takes longer
RAW = -15  # deflate without zlib's frame
STORED, DEFLATED, NEEDED, UNIX = 0, 8, 20, 3  # APPNOTE 4.4.5, 4.4.3, 4.4.2; the same system everywhere
XML = b"<?xml"  # text, which always shrinks
SAMPLE, WORTH = 4096, 0.95  # bytes from the middle of a file, and what they must shrink to
UTF8_NAME = 0x800
MODE = 0o644 << 16
_SHARED = Struct("<HHHHHIIIHH")  # from the version needed to the length of the extra field
_CENTRAL = Struct("<4sBB")
_BEHIND = Struct("<HHHII")
_END = Struct("<4sHHHHIIH")
_LOCAL_SIZE = 4 + _SHARED.size


def zip_bytes(entries: Iterable[Document], moment: datetime) -> bytes:
    """The entries in their order, all dated `moment` (a ZIP tells two seconds and knows no zone)."""
    day = max(moment.year - 1980, 0) << 9 | moment.month << 5 | moment.day
    hour = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    files: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for entry in entries:
        name, content = entry.name.encode(), entry.content
        method, packed = _packed(content)
        flags = 0 if entry.name.isascii() else UTF8_NAME
        sizes = (len(packed), len(content), len(name), 0)
        shared = _SHARED.pack(NEEDED, flags, method, hour, day, isal_zlib.crc32(content), *sizes)
        files += (b"PK\x03\x04", shared, name, packed)
        directory += (_CENTRAL.pack(b"PK\x01\x02", NEEDED, UNIX), shared, _BEHIND.pack(0, 0, 0, MODE, offset), name)
        offset += _LOCAL_SIZE + len(name) + len(packed)
    listed, count = b"".join(directory), len(directory) // 4
    return b"".join((*files, listed, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), offset, 0)))


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK")


def unzipped(archive: bytes) -> dict[str, bytes] | None:
    """What a ZIP of our own holds, by name; None where it does not open or a checksum is wrong."""
    try:
        return dict(_entries(archive))
    except (_DamagedError, error, UnicodeDecodeError, zlib.error):
        return None


class _DamagedError(Exception):
    """Not a ZIP as `zip_bytes` writes them."""


def _packed(content: bytes) -> tuple[int, bytes]:
    """Deflated, or as it is where that would win nothing: what fills a PDF is deflated already."""
    if content.startswith(XML) or _shrinks(content):
        return DEFLATED, isal_zlib.compress(content, LEVEL, RAW)
    return STORED, content


def _shrinks(content: bytes) -> bool:
    middle = len(content) // 2
    sample = content[middle : middle + SAMPLE]
    return len(isal_zlib.compress(sample, LEVEL, RAW)) <= WORTH * len(sample)


def _entries(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content, by the directory at the end. Raises _DamagedError, and what its parts raise."""
    if len(archive) < _END.size:
        raise _DamagedError
    mark, *_disks, count, size, position, comment = _END.unpack_from(archive, len(archive) - _END.size)
    if mark != b"PK\x05\x06" or comment or position + size + _END.size != len(archive):
        raise _DamagedError
    for _ in range(count):
        if archive[position : position + 4] != b"PK\x01\x02":
            raise _DamagedError
        shared = archive[position + 6 : position + 6 + _SHARED.size]
        *_disk, start = _BEHIND.unpack_from(archive, position + 6 + _SHARED.size)
        position += 6 + _SHARED.size + _BEHIND.size
        name = archive[position : position + _SHARED.unpack(shared)[8]]
        position += len(name)
        if archive[start : start + _LOCAL_SIZE + len(name)] != b"".join((b"PK\x03\x04", shared, name)):
            raise _DamagedError
        yield name.decode(), _content(archive, start + _LOCAL_SIZE + len(name), shared)


def _content(archive: bytes, start: int, shared: bytes) -> bytes:
    _version, _flags, method, _hour, _day, checksum, packed_size, size, *_lengths = _SHARED.unpack(shared)
    content = archive[start : start + packed_size]
    if method == DEFLATED:
        content = zlib.decompress(content, RAW, max(size, 1))  # not by the library that packed it
    if len(content) != size or isal_zlib.crc32(content) != checksum:
        raise _DamagedError
    return content
