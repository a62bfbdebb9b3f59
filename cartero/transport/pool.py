"""The open connections of one account in one worker: a mail takes one and gives it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

from cartero.transport import connecting
from cartero.transport.connection import Connection
from cartero.transport.envelope import Transmission
from cartero.transport.opening import NotConnected
from cartero.transport.replies import Pause, Stage
from cartero.transport.server import ApiServer, Server

IDLE = 60.0  # seconds; most servers say good-bye after five minutes


class Pool:
    """Never has more than `size` connections open, in use or not. Used by many threads."""

    def __init__(
        self, server: Server | ApiServer, size: int, per_connection: int | None = None, idle: float = IDLE
    ) -> None:
        self.server = server
        self.size = size
        self.per_connection = per_connection
        self.refused = 0  # connections that the server did not take beside the others
        self._idle = idle
        self._turn = Condition()
        self._free: list[tuple[Connection, float]] = []  # with when it was given back; the last one goes first
        self._taken = 0
        self._closed = False

    @property
    def in_use(self) -> int:
        return self._taken

    def borrow(self) -> Connection | NotConnected:
        """A connection that is ready; waits while all are in use. What is borrowed must be given back."""
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._taken < self.size)
            borrowed = self.try_borrow()
            if borrowed is not None:
                return borrowed

    def try_borrow(self) -> Connection | NotConnected | None:
        """Without waiting: None while all are in use, or when the server takes no more than those."""
        with self._turn:
            if self._taken >= self.size:
                return None
            self._taken += 1
        connection = self._kept()
        if connection is not None:
            return connection
        opened = connecting.connect(self.server)
        if not isinstance(opened, NotConnected):
            return opened
        others = self._untake()
        if others and _too_many(opened):
            self._shrink(others)
            return None
        return opened

    def give_back(self, connection: Connection) -> None:
        """Keeps it for the next mail, or closes it: broken, served out, or one more than there may be."""
        if not self.keeps(connection):
            connection.close()  # before another one may be opened in its place
        with self._turn:
            if connection.is_open:
                self._free.append((connection, monotonic()))
            self._taken -= 1
            self._turn.notify()

    @contextmanager
    def connection(self) -> Iterator[Connection | NotConnected]:
        borrowed = self.borrow()
        try:
            yield borrowed
        finally:
            if not isinstance(borrowed, NotConnected):
                self.give_back(borrowed)

    def learn(self, connection: Connection, transmission: Transmission) -> int | None:
        """After how many mails this server closes a connection, if `transmission` shows it; kept from now on."""
        reply = transmission.reply
        if reply is None or reply.code != 421 or transmission.stage is not Stage.MAIL or connection.mails == 0:
            return None
        with self._turn:
            known = self.per_connection
            self.per_connection = min(connection.mails, known) if known else connection.mails
            return self.per_connection

    def resize(self, size: int) -> None:
        """From now on at most `size`; those in use finish their mail."""
        with self._turn:
            self.size = size
            self._turn.notify_all()
        self.close_idle(beyond=size)

    def close_idle(self, beyond: int | None = None) -> None:
        """Closes what has not been used for a while, and what is open beyond a number."""
        with self._turn:
            since = monotonic() - self._idle
            stay = [kept for kept in self._free if kept[1] > since]
            if beyond is not None:
                stay = stay[max(0, len(stay) + self._taken - beyond) :]
            leaving = [kept for kept in self._free if kept not in stay]
            self._free = stay
        for connection, _since in leaving:
            connection.close()

    def close(self) -> None:
        """Says good-bye on all; those in use do when they are given back."""
        with self._turn:
            self._closed = True
            leaving, self._free = self._free, []
        for connection, _since in leaving:
            connection.close()

    def _kept(self) -> Connection | None:
        """The kept connection used last that still works."""
        self.close_idle()
        while True:
            with self._turn:
                if not self._free:
                    return None
                connection, _since = self._free.pop()
            if connection.is_usable():
                return connection
            connection.close()

    def keeps(self, connection: Connection) -> bool:
        """Whether it may serve another mail: it is neither broken nor served out, nor one more than there may be."""
        served_out = self.per_connection is not None and connection.mails >= self.per_connection
        return connection.is_open and not self._closed and not served_out and self._taken <= self.size

    def _untake(self) -> int:
        """Gives a turn back without a connection; how many are open."""
        with self._turn:
            self._taken -= 1
            self._turn.notify()
            return self._taken + len(self._free)

    def _shrink(self, size: int) -> None:
        with self._turn:
            self.refused += max(0, self.size - size)
            self.size = min(self.size, size)


def _too_many(opened: NotConnected) -> bool:
    """Whether a connection was refused for being one too many; the others go on."""
    if opened.stage is Stage.GREETING and opened.reply is not None and opened.reply.code == 421:
        return True
    return isinstance(opened.verdict, Pause) and opened.verdict.fewer_connections
