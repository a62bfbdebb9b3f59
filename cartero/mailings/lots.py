"""How many mails a turn claims at a time."""

import time
from dataclasses import dataclass, field

MOST, FIRST = 100, 16
# Seconds for one lot: the next is larger, or smaller, so that a fault finds little claimed.
BRISK, SLOW = 0.5, 2.0


@dataclass(kw_only=True)
class Lots:
    """Of one turn. Where others claim too, the last lots are smaller than its limit (`outcomes.claim`)."""

    limit: int = FIRST
    last: int = 0  # how many it got
    was_all: bool = False  # whether nothing was left then
    at: float = field(default_factory=time.monotonic)  # when it last claimed

    def enter(self, wanted: int, got: int) -> None:
        """Goes by what it `got` of those it `wanted`, 0 where the account's limits had no room."""
        now = time.monotonic()
        took, self.at = now - self.at, now
        if took > SLOW:
            self.limit = max(FIRST, self.limit // 2)
        elif took < BRISK and got == self.limit:
            self.limit = min(MOST, 2 * self.limit)
        if wanted > 0:
            self.last, self.was_all = got, not got
