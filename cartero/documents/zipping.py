"""ZIP archives whose bytes depend on their entries alone.

Written by hand (PKWARE's APPNOTE, 4.3) and deflated by ISA-L: on containers and PDFs zlib costs several times as much,
which is more than all the rest of a mail whose documents are at hand.
"""

import zipfile
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from struct import Struct

from isal import isal_zlib
from isal.igzip_lib import IsalError

from cartero.invoices.data import Document

LEVEL = 1  # of ISA-L; its highest packs no tighter and takes longer
RAW = -15  # deflate without zlib's frame
DEFLATED, NEEDED, UNIX = 8, 20, 3  # APPNOTE 4.4.5, 4.4.3, 4.4.2; the same system everywhere
UTF8_NAME = 0x800
MODE = 0o644 << 16
_SHARED = Struct("<HHHHHIIIHH")  # from the version needed to the length of the extra field
_CENTRAL = Struct("<4sBB")
_BEHIND = Struct("<HHHII")
_END = Struct("<4sHHHHIIH")
_LOCAL_SIZE = 4 + _SHARED.size


def zip_bytes(entries: Iterable[Document], moment: datetime) -> bytes:
    """The entries in their order, deflated, all dated `moment` (a ZIP tells two seconds and knows no zone)."""
    day = max(moment.year - 1980, 0) << 9 | moment.month << 5 | moment.day
    hour = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    files: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for entry in entries:
        name, content = entry.name.encode(), entry.content
        packed = isal_zlib.compress(content, LEVEL, RAW)
        flags = 0 if entry.name.isascii() else UTF8_NAME
        sizes = (len(packed), len(content), len(name), 0)
        shared = _SHARED.pack(NEEDED, flags, DEFLATED, hour, day, isal_zlib.crc32(content), *sizes)
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
        with zipfile.ZipFile(BytesIO(archive)) as source:
            return {entry.filename: _content(archive, entry) for entry in source.infolist()}
    except (zipfile.BadZipFile, IsalError, EOFError):  # type: ignore[misc]  # its stubs say an instance
        return None


def _content(archive: bytes, entry: zipfile.ZipInfo) -> bytes:
    start = entry.header_offset + _LOCAL_SIZE + len(entry.orig_filename.encode())
    content = isal_zlib.decompress(archive[start : start + entry.compress_size], RAW)
    if len(content) != entry.file_size or isal_zlib.crc32(content) != entry.CRC:
        raise zipfile.BadZipFile(entry.filename)
    return content
