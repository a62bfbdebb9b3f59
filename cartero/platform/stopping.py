"""Whether this process has been asked to end. Long work looks between two steps and gives back what is not begun."""

import threading

_asked = threading.Event()


def ask() -> None:
    _asked.set()


def is_asked() -> bool:
    return _asked.is_set()
