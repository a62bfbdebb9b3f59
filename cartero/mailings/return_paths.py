"""Where a mail's server sends it back to: an address of the delivery's own, where its account takes any (VERP).

`rebotes+*@valle.example.co` becomes `rebotes+dmqyz1-k3n7c2xq@valle.example.co`. Only who has our key makes one.
"""

import re
from base64 import b32encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

ANY = "*"
LONGEST = 13  # digits of a number in base 36, up to the last key of a database

_TOKEN = re.compile(rf"([0-9a-z]{{1,{LONGEST}}})-([a-z2-7]{{8}})(?![0-9a-z])", re.I)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def of(pattern: str, delivery_id: int) -> str:
    """The address for one delivery; a pattern without `*` is an address for all, an empty one is none."""
    return pattern.replace(ANY, token(delivery_id)) if ANY in pattern else pattern


def token(delivery_id: int) -> str:
    """Lower case alone: servers are free to change the case of an address on its way."""
    return f"{_base36(delivery_id)}-{_signature(delivery_id)}"


def read(text: str) -> int | None:
    """The delivery whose token is in an address, or in another word of a report; None where none of ours is."""
    for found in _TOKEN.finditer(text[:1_000]):
        delivery_id = int(found[1], 36)
        if delivery_id < 2**63 and constant_time_compare(_signature(delivery_id), found[2].lower()):
            return delivery_id
    return None


def _signature(delivery_id: int) -> str:
    """40 bits: who guesses still has to know whom it was written to."""
    made = salted_hmac("cartero.return_path", str(delivery_id), secret=settings.SECRET_KEY, algorithm="sha256")
    return b32encode(made.digest()[:5]).decode("ascii").lower()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
