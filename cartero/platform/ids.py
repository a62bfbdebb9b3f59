"""Random names and tokens."""

import hashlib
import secrets
import uuid
from time import time

_FAR = 1 << 44  # above any number of a row, so that all have as many hex digits


def token() -> str:
    """128 random bits, URL-safe."""
    return secrets.token_urlsafe(16)


def rising() -> dict[str, str | int]:
    """What a statement makes names of, that rise with the numbers of its rows and tell nothing of them.

    `begun`: seconds since 1970 in hex; `behind` is to be added to a number; `secret` is to be hashed with it.
    """
    return {"begun": f"{int(time()):08x}", "behind": _FAR + secrets.randbelow(_FAR), "secret": secrets.token_hex()}


def lease() -> uuid.UUID:
    return uuid.uuid4()


def sha256(content: bytes) -> str:
    """Hex digits of the SHA-256 of `content`."""
    return hashlib.sha256(content).hexdigest()


def quotable() -> str:
    """A short number that a person can read over the telephone."""
    return secrets.token_hex(4).upper()
