from collections.abc import Sequence
from typing import Protocol

from cartero.transport.envelope import Transmission


class Connection(Protocol):
    """What mails go over, whoever takes them. Used by one thread at a time.

    `mails` counts those that were answered to their end; `max_size` is the bytes that are taken in one, where known;
    `tls` is how it is protected (protocol and cipher), empty in clear.
    """

    is_open: bool
    mails: int
    tls: str

    @property
    def max_size(self) -> int | None: ...

    def is_usable(self) -> bool:
        """Whether it is open, and not given up by the other side meanwhile."""

    def transmit(self, envelope_from: str, recipients: Sequence[str], message: bytes) -> Transmission:
        """Hands one mail over. Never raises for what a network or a server does."""

    def close(self) -> None:
        """With the good-bye that is usual."""

    def hang_up(self) -> None:
        """Without a word."""
