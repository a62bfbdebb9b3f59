"""One turn at a time for an account in this process: a second would only fight for the same connections."""

import threading

_busy: set[int] = set()
_lock = threading.Lock()


def enter(account_id: int) -> bool:
    """Whether it had no turn here; now it has."""
    with _lock:
        is_free = account_id not in _busy
        _busy.add(account_id)
    return is_free


def leave(account_id: int) -> None:
    with _lock:
        _busy.discard(account_id)
