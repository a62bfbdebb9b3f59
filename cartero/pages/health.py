"""`/health`: whether this Cartero can do its work, for a program that watches. Says no more of each part."""

import time
from collections.abc import Callable, Mapping

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cartero.pages.access import public
from cartero.platform import queue, schema, sql, storage
from cartero.platform.storage import StorageAway

FRESH = 1.0  # seconds that an answer is good for: anybody may ask, and asking must cost nothing


def _database() -> bool:
    return bool(sql.run(__package__, "answers"))


def _migrations() -> bool:
    return not schema.missing()


def _workers() -> bool:
    return queue.workers() > 0


def _storage() -> bool:
    storage.try_out()
    return True


PARTS: Mapping[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "workers": _workers,
    "storage": _storage,
}
_last: tuple[float, dict[str, bool]] = (float("-inf"), {})


@require_GET
@public
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503."""
    parts = {"web": True} | _looked()
    is_well = all(parts.values())
    return JsonResponse({"ok": is_well, **parts}, status=200 if is_well else 503)


def _looked() -> dict[str, bool]:
    global _last
    moment, parts = _last
    if time.monotonic() - moment > FRESH:
        parts = look()
        _last = (time.monotonic(), parts)
    return parts


def look() -> dict[str, bool]:
    """Each part by itself; without a database what asks it is not tried, since each would wait for it."""
    parts: dict[str, bool] = {}
    for name, check in PARTS.items():
        is_worth_it = name == "storage" or parts.get("database", True)
        parts[name] = is_worth_it and _holds(check)
    return parts


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, StorageAway):
        return False
