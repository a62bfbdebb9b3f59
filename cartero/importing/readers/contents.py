"""What lies in one place, told apart by names and first bytes; and which files belong to which document."""

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cartero.importing.readers.file_names import ending, names_another, numbers_in, plain, stem, unpadded
from cartero.importing.readers.sources import Source
from cartero.importing.refusals import UnreadableError

_HEAD = 4096
_ZIP = b"PK\x03\x04"
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z]\w*)[\s>/]")
_JUNK = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Names by what the files are. Documents: containers first, as they are more than the XML that they hold."""

    answers: tuple[str, ...]
    documents: tuple[str, ...]
    pdfs: tuple[str, ...]
    zips: tuple[str, ...]
    others: tuple[str, ...]
    alone: frozenset[str]
    """The documents that are the only one of their folder."""

    def is_beside_document(self, name: str) -> bool:
        return posixpath.dirname(name) in self._folders

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(posixpath.dirname(document) for document in self.documents)


def look(source: Source) -> Contents:
    """Sorts the files of a place; reads a few bytes of each XML."""
    sorts: dict[str, list[str]] = defaultdict(list)
    for name in source.names:
        if not _is_junk(name):
            sorts[_sort_of(source, name)].append(name)
    containers, plain = sorts["container"], sorts["document"]
    return Contents(
        answers=tuple(sorts["answer"]),
        documents=(*containers, *plain),
        pdfs=tuple(sorts["pdf"]),
        zips=tuple(sorts["zip"]),
        others=tuple(sorts["other"]),
        alone=frozenset(_alone(containers) | (_alone(plain) - _beside(plain, containers))),
    )


def _is_junk(name: str) -> bool:
    last = posixpath.basename(name)
    return last.startswith(".") or name.startswith("__MACOSX/") or last.casefold() in _JUNK


def _sort_of(source: Source, name: str) -> str:
    by_ending = {".pdf": "pdf", ".zip": "zip"}.get(ending(name))
    if by_ending:
        return by_ending
    try:
        head = source.head(name, _HEAD).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    except UnreadableError:
        return "document" if ending(name) == ".xml" else "other"  # reading it will tell what is wrong
    if ending(name) == ".xml" and head.startswith(_ZIP):
        return "zip"  # as some providers name what they mail
    if ending(name) == ".xml" or head.startswith(b"<?xml"):
        root = _ROOT.search(head)
        sorts = {b"AttachedDocument": "container", b"ApplicationResponse": "answer"}
        return sorts.get(root[1], "document") if root else "document"
    if head.startswith(b"%PDF-"):
        return "pdf"
    # Office files are ZIPs too: only the ending makes a ZIP one that is opened.
    return "other"


def _alone(names: Iterable[str]) -> set[str]:
    names = list(names)
    count = Counter(posixpath.dirname(name) for name in names)
    return {name for name in names if count[posixpath.dirname(name)] == 1}


def _beside(names: Iterable[str], others: Iterable[str]) -> set[str]:
    folders = {posixpath.dirname(other) for other in others}
    return {name for name in names if posixpath.dirname(name) in folders}


@dataclass(frozen=True, kw_only=True)
class Companions:
    """The files that go with a document: its graphic representation, and what else came for it."""

    main: str | None = None
    annexes: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    """PDFs that came alone with it and of which none says to be the main one."""


class Matching:
    """Gives each document its files, each file once: by the same name, by the number in the name, by coming alone."""

    def __init__(self, found: Contents, *, pairs_alone_in_root: bool) -> None:
        self._alone = found.alone
        self._pairs_alone_in_root = pairs_alone_in_root
        self._free: dict[str, None] = dict.fromkeys((*found.pdfs, *found.zips))
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        self._by_number: dict[str, list[str]] = defaultdict(list)
        self._by_folder: dict[str, list[str]] = defaultdict(list)
        for name in self._free:
            self._by_stem[stem(name)].append(name)
            self._by_folder[posixpath.dirname(name)].append(name)
            for number in numbers_in(name)[:1]:
                for each in {number, unpadded(number)}:
                    self._by_number[each].append(name)

    def forget(self, names: Iterable[str]) -> None:
        """These belong to nobody: ZIPs that are opened."""
        for name in names:
            self._free.pop(name, None)

    def is_free(self, name: str) -> bool:
        return name in self._free

    def take(self, document: str, prefix: str = "", number: str = "") -> Companions:
        """The files of a document; without its number (it was not read again) those that its name alone gives it."""
        named = self._named(document, number)
        around = self._around(document, prefix, number)
        pdfs = [name for name in named if ending(name) != ".zip"]
        pdfs_around = [name for name in around if ending(name) != ".zip"]
        if not pdfs and len(pdfs_around) > 1:
            return Companions(unclear=tuple(pdfs_around))
        main = next(iter(pdfs or pdfs_around), None)
        files = dict.fromkeys([*named, *around])
        self.forget(files)
        files.pop(main or "", None)
        return Companions(main=main, annexes=tuple(files))

    def _named(self, document: str, number: str) -> list[str]:
        """Same name in the same folder, then the same name anywhere if only one has it, then the number in the name."""
        same = [name for name in self._by_stem[stem(document)] if self.is_free(name)]
        here = [name for name in same if posixpath.dirname(name) == posixpath.dirname(document)]
        numbered = sorted((name for name in self._by_number[plain(number)] if self.is_free(name)), key=len)
        return list(dict.fromkeys([*here, *(same if len(same) == 1 else []), *(numbered if number else [])]))

    def _around(self, document: str, prefix: str, number: str) -> list[str]:
        folder = posixpath.dirname(document)
        if document not in self._alone or not (folder or self._pairs_alone_in_root):
            return []
        return [
            name for name in self._by_folder[folder] if self.is_free(name) and not names_another(name, prefix, number)
        ]
