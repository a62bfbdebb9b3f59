"""A mail's bytes that tell which of them need no second look."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Lines:
    """What stands between the CRLF of a mail. `odd`: a CR or LF stands there alone; servers differ on what it ends, so
    it hides a second mail (CVE-2023-51764). `longest` is in octets."""

    odd: bool
    longest: int


class Message(bytes):
    """A whole mail that is mostly the base64 of its attachments.

    `unencoded` is the mail without it: in base64 no line is odd or too long, and none begins with a dot, so who looks
    for such things looks there, at a fifth of the bytes.
    """

    unencoded: bytes

    @cached_property
    def lines(self) -> "Lines":
        return _lines(self.unencoded)


def message(parts: Iterable[bytes], unencoded: Iterable[bytes]) -> Message:
    """The mail of these parts, of which all but base64 are in `unencoded` too."""
    whole = Message(b"".join(parts))
    whole.unencoded = b"".join(unencoded)
    return whole


def lines(mail: bytes) -> Lines:
    """Of what has to be looked at; who composes a mail asks, and again who sends it."""
    return mail.lines if isinstance(mail, Message) else _lines(mail)


def unencoded(mail: bytes) -> bytes:
    """What of a mail has to be looked at: all of it, where it does not tell."""
    return mail.unencoded if isinstance(mail, Message) else mail


def _lines(text: bytes) -> Lines:
    lines = text.split(b"\r\n")
    rest = b"".join(lines)  # to look into it is twice as fast as to count the three kinds of line ends
    return Lines(odd=b"\r" in rest or b"\n" in rest, longest=max(map(len, lines)))
