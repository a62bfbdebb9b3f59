"""A frame with slots: cut once, bound to what a mailing shares, encoded once; a mail is then a join of bytes.

Frames are our own files. They know `@@name@@` (a slot) and `@@#name@@ … @@/name@@` (a section: once where its value is
a text that is not empty, once an item where it is a list). What a user wrote is only ever a value, never cut again.
"""

import re
from binascii import b2a_qp
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

_SHORT = 70  # signs that surely stand on one line as they are

_MARK = re.compile(r"@@([#/]?)([a-z_.]+)@@")


@dataclass(frozen=True)
class Slot:
    """A place to fill. `in_url`: it stands inside an address (`https://…`), so its value is percent-encoded."""

    name: str
    in_url: bool = False


@dataclass(frozen=True)
class Section:
    """Pieces that come as often as their value says."""

    name: str
    body: tuple["Piece", ...]


@dataclass(frozen=True)
class EncodedSection:
    """A `Section` ready for the wire."""

    name: str
    body: tuple["EncodedPiece", ...]


Piece: TypeAlias = str | Slot | Section
EncodedPiece: TypeAlias = bytes | Slot | EncodedSection
Values: TypeAlias = Mapping[str, str | Sequence[Mapping[str, str]]]


def parse(source: str) -> tuple[Piece, ...]:
    """Cut `source` at its marks. Raises ValueError where a section is not closed, or closed twice."""
    stack: list[tuple[str, list[Piece]]] = [("", [])]
    position = 0
    for mark in _MARK.finditer(source):
        stack[-1][1].append(source[position : mark.start()])
        position = mark.end()
        sign, name = mark.groups()
        if sign == "#":
            stack.append((name, []))
        elif sign == "/":
            opened, body = stack.pop()
            if opened != name:
                raise ValueError(f"section {opened!r} is closed as {name!r}")
            stack[-1][1].append(Section(name, tuple(body)))
        else:
            stack[-1][1].append(Slot(name))
    if len(stack) > 1:
        raise ValueError(f"section {stack[-1][0]!r} is not closed")
    return (*stack[0][1], source[position:])


def bind(pieces: Iterable[Piece], values: Mapping[str, str | tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """Put in what a mailing shares. Texts go in as they are: escape them first. An empty one drops its section."""
    bound: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) or piece.name not in values:
            bound.append(Section(piece.name, bind(piece.body, values)) if isinstance(piece, Section) else piece)
        elif isinstance(piece, Section):
            bound.extend(bind(piece.body, values) if values[piece.name] else ())
        else:
            value = values[piece.name]
            bound.extend((value,) if isinstance(value, str) else value)
    return tuple(bound)


def names(pieces: Iterable[Piece]) -> set[str]:
    """Every slot and section in `pieces`."""
    found: set[str] = set()
    for piece in pieces:
        if not isinstance(piece, str):
            found.add(piece.name)
        if isinstance(piece, Section):
            found |= names(piece.body)
    return found


def encode(pieces: Iterable[Piece]) -> tuple[EncodedPiece, ...]:
    """Quoted-printable: each piece begins on a line of its own, so it is encoded without knowing its neighbours."""
    return (*_encode(pieces), b"\r\n")  # a body must not end in a soft break (RFC 2045, 6.7)


def _encode(pieces: Iterable[Piece]) -> tuple[EncodedPiece, ...]:
    encoded: list[EncodedPiece] = []
    text: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
            continue
        encoded.append(quoted("".join(text)))
        text.clear()
        encoded.append(EncodedSection(piece.name, _encode(piece.body)) if isinstance(piece, Section) else piece)
    encoded.append(quoted("".join(text)))
    return tuple(piece for piece in encoded if piece != b"")


def quoted(text: str) -> bytes:
    """`text` in quoted-printable lines of at most 76, ended by a soft break where it does not end a line itself.

    No line begins with a dot: SMTP would double it, and the whole mail be written anew for that.
    """
    if not text:
        return b""
    if len(text) < _SHORT and text.isascii() and text.isprintable() and _stays(text):
        return f"{text}=\r\n".encode()
    lines = b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")
    lines = (b"\r\n" + lines).replace(b"\r\n.", b"\r\n=2E=\r\n")[2:]
    return lines if text[-1] == "\n" else lines + b"=\r\n"


def _stays(text: str) -> bool:
    """Whether a short text needs no sign encoded, at its ends neither."""
    return "=" not in text and text[0] != "." and text[-1] not in " ."


@lru_cache(maxsize=4096)  # much is the same in all mails of a mailing, or stands twice in one
def _written(write: Callable[[str, bool], str], value: str, in_url: bool) -> bytes:
    return quoted(write(value, in_url))


def fill(pieces: Iterable[EncodedPiece], values: Values, write: Callable[[str, bool], str]) -> bytes:
    """The body of one mail. `write` makes a value fit for its place: (value, in_url) -> text."""
    lines: list[bytes] = []
    _fill(pieces, values, write, lines)
    return b"".join(lines)


def _fill(
    pieces: Iterable[EncodedPiece], values: Values, write: Callable[[str, bool], str], lines: list[bytes]
) -> None:
    for piece in pieces:
        if isinstance(piece, bytes):
            lines.append(piece)
            continue
        value = values.get(piece.name, "")
        if isinstance(piece, Slot):
            lines.append(_written(write, str(value), piece.in_url))
        elif isinstance(value, str):
            if value:
                _fill(piece.body, values, write, lines)
        else:
            for item in value:
                _fill(piece.body, item, write, lines)
