"""Names of files as the recipient sees them: no folders, nothing a system refuses or a reader could be fooled by."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from cartero.invoices.data import Document

LONGEST_STEM = 100
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,100}\.[A-Za-z0-9]{1,10}")  # nothing to be done
_REFUSED = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]+')


def safe(name: str) -> str:
    """The last part of `name` without signs that Windows, macOS or Linux refuse; empty if nothing usable is left.

    Invisible signs go too: one that turns the reading direction makes `fdp.exe` look like `exe.pdf`.
    """
    if _PLAIN.fullmatch(name):
        return name
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(sign for sign in _REFUSED.sub("-", last) if unicodedata.category(sign) not in ("Cf", "Cs", "Co"))
    stem, dot, suffix = shown.strip(" .").rpartition(".")
    return f"{stem[:LONGEST_STEM]}{dot}{suffix[:10]}" if stem else suffix[:LONGEST_STEM]


def of_number(number: str, suffix: str) -> str:
    """`FE18342.pdf`; a number that holds a slash keeps both its sides."""
    stem = re.sub(r"[/\\]+", "-", number).strip()
    return safe(f"{stem or 'documento'}.{suffix}")


def apart(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The same files, no two of one name: `FE1.pdf`, `FE1 (2).pdf`. Case alone does not part them, as on Windows."""
    taken: set[str] = set()
    shown: list[Document] = []
    for document in documents:
        stem, dot, suffix = document.name.rpartition(".")
        name, count = document.name, 1
        while name.lower() in taken:
            count += 1
            name = f"{stem} ({count}){dot}{suffix}" if stem else f"{suffix} ({count})"
        taken.add(name.lower())
        shown.append(named(document, name))
    return tuple(shown)


def named(document: Document, name: str) -> Document:
    return document if document.name == name else replace(document, name=name)
