"""The link of a mail to its page: made with a key of the company's own, so that no copy of the database gives any.

`https://…/v/3f2a-Jx0…/`: the mail's number, and 128 bits that only who has the key makes. Nothing of it is stored.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from enum import StrEnum

from cartero.companies.models import Company
from cartero.platform import crypto

_TOKEN = re.compile(r"([0-9a-f]{1,15})-([A-Za-z0-9_-]{22})", re.ASCII)
_NOBODYS = b"of no company"


def key_of(company: Company) -> bytes:
    """Empty where the company has none yet. Raises SealBroken."""
    return crypto.unseal(company.link_key_sealed).encode()


class Purpose(StrEnum):
    """What a link is good for. One of a test mail shows its page all the same, but nothing pressed there counts."""

    VIEW = "view"
    TEST = "test"
    UNSUBSCRIBE = "unsubscribe"


def token(key: bytes, delivery_id: int, purpose: Purpose = Purpose.VIEW) -> str:
    return f"{delivery_id:x}-{_signature(key, purpose, delivery_id)}"


def url(base: str, made: str) -> str:
    return f"{base}/v/{made}/"


def pixel_url(base: str, made: str) -> str:
    """Of the image that tells that a mail was opened."""
    return f"{url(base, made)}p.gif"


def unsubscribe_url(base: str, made: str) -> str:
    return f"{base}/baja/{made}/"


def delivery_of(made: str) -> int | None:
    """The number that a token claims to be of; whether it is, `is_of` says."""
    found = _TOKEN.fullmatch(made)
    return int(found[1], 16) if found else None


def is_of(made: str, key: bytes, delivery_id: int, purpose: Purpose = Purpose.VIEW) -> bool:
    """In the same time whatever is wrong; without a key nothing is right."""
    right = token(key or _NOBODYS, delivery_id, purpose)
    return _same(right, made) and bool(key)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _signature(key: bytes, purpose: str, delivery_id: int) -> str:
    made = hmac.digest(key, f"{purpose} {delivery_id}".encode(), "sha256")
    return urlsafe_b64encode(made[:16])[:22].decode("ascii")
