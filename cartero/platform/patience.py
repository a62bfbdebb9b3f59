"""For what must be written although the database is away for a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 8, 8)  # seconds before it is tried again

Result = TypeVar("Result")


def patiently(act: Callable[[], Result]) -> Result:
    """Does it, some times if it must. Raises OperationalError when the database stays away."""
    for pause in PAUSES:
        try:
            return act()
        except OperationalError:
            connection.close()
            time.sleep(pause)
    return act()
