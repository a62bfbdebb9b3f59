"""Counts over many rows: kept for a minute where they are dear, made anew where they are not."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

DEAR = 0.05  # seconds
KEPT = 60  # seconds
T = TypeVar("T")


def kept(key: str, compute: Callable[[], T]) -> T:
    """What `compute` gives now, or gave a moment ago."""
    found: T | None = cache.get(key)
    if found is not None:
        return found
    began = time.monotonic()
    value = compute()
    if time.monotonic() - began > DEAR:
        cache.set(key, value, KEPT)
    return value
