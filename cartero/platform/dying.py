"""Children that end with their parent, even when it is killed and can tell nobody. Linux only; elsewhere nothing."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


def with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """For subprocess' preexec_fn: the kernel sends `how` to the child when the thread that made it ends."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)  # before the fork: loading takes locks
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # it died while we began
            os._exit(1)

    return ask


def now_with_parent(how: signal.Signals) -> None:
    """The same, asked by the child itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)


def adopt_orphans() -> None:
    """What our dead children leave behind becomes ours to reap, also where process 1 of a container reaps nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
