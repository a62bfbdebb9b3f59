"""Random names and tokens."""

import hashlib
import secrets
import uuid


def token() -> str:
    """128 random bits, URL-safe."""
    return secrets.token_urlsafe(16)


def lease() -> uuid.UUID:
    return uuid.uuid4()


def sha256(content: bytes) -> str:
    """Hex digits of the SHA-256 of `content`."""
    return hashlib.sha256(content).hexdigest()


def quotable() -> str:
    """A short number that a person can read over the telephone."""
    return secrets.token_hex(4).upper()
