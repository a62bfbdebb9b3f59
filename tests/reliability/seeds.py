"""Which moments the two columns try."""

from typing import Any

import pytest


def seeds(count: int, quick: int = 1) -> list[Any]:
    """From 1 to `count`, of which the quick column tries the first."""
    later = range(quick + 1, count + 1)
    return [*range(1, quick + 1), *(pytest.param(seed, marks=pytest.mark.long) for seed in later)]
