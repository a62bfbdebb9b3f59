"""How often somebody may ask, or be wrong about what only few know: tokens in addresses, secrets of programs."""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MOST, SECONDS = 20, 60


def is_over(request: HttpRequest, what: str, most: int = MOST) -> bool:
    """Whether `what` was counted of her address `most` times in this minute."""
    return int(cache.get(_name(request, what), 0)) >= most


def count(request: HttpRequest, what: str) -> None:
    name = _name(request, what)
    if not cache.add(name, 1, 2 * SECONDS):
        cache.incr(name)


def _name(request: HttpRequest, what: str) -> str:
    return f"wrong-{what}-{get_adapter(request).get_client_ip(request)}-{int(time.time() // SECONDS)}"
