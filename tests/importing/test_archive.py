"""ZIPs made to harm: each is refused in words, and what is sound is read."""

import stat
import struct
import zipfile
from io import BytesIO

import pytest

from cartero.importing.readers import archive
from cartero.importing.readers.archive import Archive, Budget, SpentError, open_archive
from cartero.importing.refusals import UnreadableError
from tests.importing.ubl_documents import zipped


def opened(content: bytes, budget: Budget | None = None) -> Archive:
    return open_archive(BytesIO(content), budget or Budget())


def with_entry(name: str, content: bytes = b"x", *, mode: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = method
        made.writestr(info, content)
    return stream.getvalue()


def test_a_sound_zip_gives_its_files_in_order():
    content = zipped({"b/FE2.xml": b"dos", "a/FE1.xml": b"uno", "vacía/": b""})
    found = opened(content)
    assert found.names == ("b/FE2.xml", "a/FE1.xml")
    assert [found.read(name) for name in found.names] == [b"dos", b"uno"]
    assert found.head("b/FE2.xml", 2) == b"do"


def patched(content: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    return content


def overlapping() -> bytes:
    """Two directory entries over the same bytes."""
    content = bytearray(zipped({"a.xml": b"uno", "b.xml": b"dos"}))
    second = content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<L", 0)
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(zipped({"a.xml": b"uno"}))
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def twice() -> bytes:
    return patched(zipped({"a.xml": b"uno", "b.xml": b"dos"}), (b"b.xml", b"a.xml"))


def lying_size() -> bytes:
    """A bomb that declares a modest size."""
    content = bytearray(zipped({"a.xml": b"0" * 5_000_000}))
    entry = content.find(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<L", 900)
    return bytes(content)


def huge_directory() -> bytes:
    content = bytearray(zipped({"a.xml": b"uno"}))
    content[-10:-6] = struct.pack("<L", 50_000_000)
    return bytes(content)


HOSTILE = [
    ("no ZIP", b"PK, dice", "no es un ZIP"),
    ("empty", b"", "no es un ZIP"),
    ("cut", zipped({"a.xml": b"uno" * 1000})[:-30], "no es un ZIP"),
    ("upwards", with_entry("../a.xml"), "ruta que no se permite"),
    ("upwards inside", with_entry("a/../../b.xml"), "ruta que no se permite"),
    ("upwards for Windows", with_entry("a\\..\\b.xml"), "ruta que no se permite"),
    ("absolute", with_entry("/etc/passwd"), "ruta que no se permite"),
    ("absolute for Windows", with_entry("C:/a.xml"), "ruta que no se permite"),
    ("name with a line break", with_entry("a\nb.xml"), "ruta que no se permite"),
    ("name cut by NUL", patched(with_entry("a.xml#pdf"), (b"a.xml#", b"a.xml\0")), "ruta que no se permite"),
    ("long name", with_entry("a" * 1025), "ruta que no se permite"),
    ("link", with_entry("a.xml", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "contiene un enlace"),
    ("pipe", with_entry("a.xml", mode=stat.S_IFIFO), "contiene un enlace"),
    ("encrypted", encrypted(), "protegido con contraseña"),
    ("twice the same name", twice(), "trae dos archivos llamados «a.xml»"),
    ("overlap", overlapping(), "se montan unos sobre otros"),
    ("bomb", zipped({"a.xml": b"0" * 5_000_000}), "más de 200 veces"),
    ("21 MB", with_entry("a.xml", b"0" * (21 * 1024**2), method=zipfile.ZIP_STORED), "más de 20 MB"),
    ("bzip2", with_entry("a.xml", method=zipfile.ZIP_BZIP2), "método de compresión"),
    ("directory of 50 MB", huge_directory(), "más de 50000 archivos"),
]


@pytest.mark.parametrize(("content", "what"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_zip_is_refused_in_words(content, what):
    with pytest.raises(UnreadableError) as caught:
        opened(content)
    assert what in caught.value.what
    assert caught.value.mend


DAMAGED = [
    ("lying size", lying_size()),
    ("changed content", patched(with_entry("a.xml", b"uno", method=zipfile.ZIP_STORED), (b"uno", b"dos"))),
]


@pytest.mark.parametrize("content", [case[1] for case in DAMAGED], ids=[case[0] for case in DAMAGED])
def test_damage_is_seen_while_reading(content):
    found = opened(content)
    with pytest.raises(UnreadableError, match="está dañado"):
        found.read("a.xml")


def test_everything_unpacked_counts_together():
    budget = Budget(unpacked=1000)
    first = opened(zipped({"a.xml": b"0" * 600}), budget)
    assert len(first.read("a.xml")) == 600
    with pytest.raises(SpentError, match="2 GB"):
        opened(zipped({"b.xml": b"0" * 600}), budget)


def test_entries_count_together():
    budget = Budget(entries=3)
    opened(zipped({"a.xml": b"", "b.xml": b""}), budget)
    with pytest.raises(SpentError, match="50000"):
        opened(zipped({"a.xml": b"", "b.xml": b""}), budget)


NAMES = [
    ("importación.xml", "cp437"),  # Windows, console of the USA
    ("PEÑA Versión.xml", "cp850"),  # Windows, console of Latin America
    ("Álvarez.xml", "cp850"),  # Á is a line drawing sign in CP437
    ("Ángel-año.xml", "utf-8"),  # macOS, without the flag
]


@pytest.mark.parametrize(("name", "codec"), NAMES)
def test_names_without_the_flag_for_utf_8(name, codec):
    raw = name.encode(codec)
    placeholder = "x" * len(raw)
    content = zipped({placeholder: b"uno"}).replace(placeholder.encode(), raw)
    found = opened(content)
    assert found.names == (name,)
    assert found.read(name) == b"uno"


def test_limits_are_those_promised():
    limits = (archive.MOST_ENTRIES, archive.MOST_UNPACKED, archive.LARGEST_ENTRY, archive.MOST_RATIO)
    assert limits == (50_000, 2 * 1024**3, 20 * 1024**2, 200)
