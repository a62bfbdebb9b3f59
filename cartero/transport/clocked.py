"""A line that is read until a moment, and no further than so many bytes."""

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class Clocked(io.RawIOBase):
    """Reads a socket until a moment, and not for ever, however slowly its bytes drip."""

    def __init__(self, sock: socket.socket, until: float, most: int) -> None:
        self._sock = sock
        self._until = until
        self._left = most
        self._is_read = True

    def readable(self) -> bool:
        return True

    @contextmanager
    def left_alone(self) -> Iterator[None]:
        """Meanwhile nothing is read of it: as if nothing had come."""
        self._is_read = False
        try:
            yield
        finally:
            self._is_read = True

    def readinto(self, buffer: "memoryview[int]") -> int | None:  # type: ignore[override]  # BufferedReader gives one
        if not self._is_read:
            return None
        self._sock.settimeout(seconds(self._until))
        read = self._sock.recv_into(buffer)
        self._left -= read
        if not read or self._left < 0:
            raise ConnectionResetError
        return read


def seconds(until: float) -> float:
    """From now until then; never none, which would mean for ever."""
    return max(until - monotonic(), 0.001)
