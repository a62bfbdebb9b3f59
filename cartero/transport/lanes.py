"""Mails in mid-air: each over a connection and in a thread of its own, so that a slow one holds up only itself."""

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic

from cartero.platform.gathering import Gathering
from cartero.transport.connection import Connection
from cartero.transport.envelope import Transmission
from cartero.transport.opening import NotConnected
from cartero.transport.pool import Pool

GATHER = 0.03  # seconds: mails that land so close together are told together


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One mail as it goes out; `key` is the caller's name for it."""

    key: int
    envelope_from: str
    to: Sequence[str]
    message: bytes


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What became of a parcel; `done` is None when not a word of it was said to the server.

    `served`: after so many mails the server closes a connection. `max_size`: the bytes it takes in one mail.
    `tls`: how the connection was protected.
    """

    key: int
    done: Transmission | None
    served: int | None = None
    max_size: int | None = None
    tls: str = ""


class Lanes:
    """Used by one thread. As many mails are in mid-air as the pool has connections, never more."""

    def __init__(self, pool: Pool, most: int) -> None:
        """`most` connections is what the pool may ever be resized to."""
        self.pool = pool
        self.refusal: NotConnected | None = None  # why the last connection that was wanted could not be opened
        self._threads = ThreadPoolExecutor(2 * most, thread_name_prefix="lane")
        self._ready: list[Connection] = []
        self._opening: set[Future[Connection | NotConnected | None]] = set()
        self._has_opened = False
        self._flying: dict[Future[Landed], Connection] = {}
        self._landed: Gathering[Future[Landed]] = Gathering()

    @property
    def is_busy(self) -> bool:
        """Whether a mail is in mid-air, or a connection being opened."""
        return bool(self._flying or self._opening)

    def ready(self, wanted: int) -> int:
        """How many of `wanted` mails can go at once. More connections are opened meanwhile; the first one alone."""
        self._take_opened()
        room = self.pool.size - len(self._flying) - len(self._opening) - len(self._ready)
        if self.refusal is not None:  # no second try before somebody has looked at it
            return min(wanted, len(self._ready))
        missing = min(room, wanted - len(self._ready) - len(self._opening))
        for _ in range(missing if self._has_opened else min(missing, 1 - len(self._opening))):
            self._opening.add(self._threads.submit(self.pool.try_borrow))
        return min(wanted, len(self._ready))

    def hand(self, parcel: Parcel, not_after: float) -> None:
        """Sends it over a connection that is ready, unless it is later than `not_after` (monotonic) by then."""
        connection = self._ready.pop()
        flight = self._threads.submit(self._transmit, connection, parcel, not_after)
        self._flying[flight] = connection
        flight.add_done_callback(self._landed.put)

    def landed(self, patience: float, together: float = GATHER) -> list[Landed]:
        """Those that have come to their end; waits up to `patience` seconds for the first, or for a connection.

        The first waits up to `together` seconds for the others.
        """
        if not self._flying:
            wait(self._opening, timeout=patience, return_when=FIRST_COMPLETED)
            return []
        done = self._landed.take(len(self._flying), min(together, patience)) or self._landed.take(1, patience)
        return [self._land(future) for future in done]

    def close(self) -> None:
        """Says good-bye. Mails in mid-air must have landed; what is still being opened is closed when it comes."""
        for connection in self._ready:
            self.pool.give_back(connection)
        for future in self._opening:
            future.add_done_callback(self._let_go)
        self._ready, self._opening = [], set()
        self.pool.close()
        self._threads.shutdown(wait=False)

    def _take_opened(self) -> None:
        for future in [each for each in self._opening if each.done()]:
            self._opening.discard(future)
            opened = future.result()
            if isinstance(opened, NotConnected):
                self.refusal = opened
            elif opened is not None:
                self._ready.append(opened)
                self._has_opened = True

    def _let_go(self, future: Future[Connection | NotConnected | None]) -> None:
        opened = future.result()
        if opened is not None and not isinstance(opened, NotConnected):
            self.pool.give_back(opened)

    def _land(self, future: Future[Landed]) -> Landed:
        connection = self._flying.pop(future)
        if self.pool.keeps(connection):
            self._ready.append(connection)
        else:
            self._threads.submit(self.pool.give_back, connection)  # its good-bye may take seconds
        return future.result()

    def _transmit(self, connection: Connection, parcel: Parcel, not_after: float) -> Landed:
        if monotonic() > not_after:
            return Landed(key=parcel.key, done=None)
        if not connection.is_usable():
            connection.hang_up()
            return Landed(key=parcel.key, done=None)
        done = connection.transmit(parcel.envelope_from, parcel.to, parcel.message)
        served = self.pool.learn(connection, done)
        return Landed(key=parcel.key, done=done, served=served, max_size=connection.max_size, tls=connection.tls)
