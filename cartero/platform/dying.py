"""A child that ends with its parent, even when the parent is killed and can tell nobody."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """For subprocess' preexec_fn: the kernel sends `how` to the child when its parent dies. Linux only."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)  # before the fork: loading takes locks
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # it died while we began
            os._exit(1)

    return ask
