"""A mail's bytes that tell which of them need no second look."""

from collections.abc import Iterable


class Message(bytes):
    """A whole mail that is mostly the base64 of its attachments.

    `unencoded` is the mail without it: in base64 no line is odd or too long, and none begins with a dot, so who looks
    for such things looks there, at a fifth of the bytes.
    """

    unencoded: bytes


def message(parts: Iterable[bytes], unencoded: Iterable[bytes]) -> Message:
    """The mail of these parts, of which all but base64 are in `unencoded` too."""
    whole = Message(b"".join(parts))
    whole.unencoded = b"".join(unencoded)
    return whole


def unencoded(mail: bytes) -> bytes:
    """What of a mail has to be looked at: all of it, where it does not tell."""
    return mail.unencoded if isinstance(mail, Message) else mail
