"""A worker's processor.

Python runs one thread of a process at a time. Spread over processors, a process with many threads mostly hands itself
from one to the other, and what it just used is never where it goes on.
"""

import os
from contextlib import suppress

MOST_THREADS = 2
_usable: set[int] = set()  # what there was before this process kept to one


def count() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads() -> int:
    """In how many to do what frees Python, such as drawing: two on one processor drive each other's data out of it."""
    return min(MOST_THREADS, count())


def keep_to(number: int) -> None:
    """To the `number`th processor that this process may use, beginning again after the last; 1 is the first."""
    if not hasattr(os, "sched_setaffinity"):
        return  # not Linux: its system decides
    _usable.update(os.sched_getaffinity(0))
    order = sorted(_usable)
    os.sched_setaffinity(0, {order[(number - 1) % len(order)]})


def set_free(process: int) -> None:
    """What this process has started may use all of them again."""
    if _usable:
        with suppress(OSError):  # it is gone by now
            os.sched_setaffinity(process, _usable)
