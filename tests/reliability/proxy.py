"""A line between two programs that breaks as a test says: reset, or swallowing all without a word."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

Dial = Callable[[], socket.socket]

# How far a mail has come, by what the client writes (its commands may come in one packet).
MARKS = {"mail": b"MAIL FROM", "rcpt": b"RCPT TO", "data": b"DATA\r\n", "body": b"Message-ID", "dot": b"\r\n.\r\n"}


class Proxy:
    """Passes on what it is told; from the `nth` time that `mark` is written on, `action` befalls that connection."""

    def __init__(self, listener: socket.socket, dial: Dial) -> None:
        self.listener, self.dial = listener, dial
        self.mark, self.nth, self.action = b"", 0, ""
        self.seen = self.struck = 0
        self.is_silent = False  # every connection is swallowed
        self.lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def strike(self, mark: str, nth: int, action: str) -> None:
        with self.lock:
            self.mark, self.nth, self.action, self.seen = MARKS[mark], nth, action, 0

    def stop(self) -> None:
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self.listener.accept()
                try:
                    far = self.dial()
                except OSError:
                    near.close()
                    continue
                pair = _Pair(self, near, far)
                threading.Thread(target=pair.out, daemon=True).start()
                threading.Thread(target=pair.back, daemon=True).start()

    def befalls(self, data: bytes) -> bool:
        if not self.mark or self.mark not in data:
            return False
        with self.lock:
            self.seen += data.count(self.mark)
            struck = 0 < self.nth <= self.seen
            if struck:
                self.nth, self.struck = 0, self.struck + 1
        return struck


class _Pair:
    def __init__(self, proxy: Proxy, near: socket.socket, far: socket.socket) -> None:
        self.proxy, self.near, self.far = proxy, near, far
        self.swallows = False

    def out(self) -> None:
        with suppress(OSError):
            while data := self.near.recv(65536):
                if self.proxy.befalls(data):
                    if self.proxy.action == "swallow":
                        self.swallows = True
                    else:
                        self._reset()
                        return
                if not (self.swallows or self.proxy.is_silent):
                    self.far.sendall(data)
        self.far.close()

    def back(self) -> None:
        with suppress(OSError):
            while data := self.far.recv(65536):
                if not (self.swallows or self.proxy.is_silent):
                    self.near.sendall(data)
            if not (self.swallows or self.proxy.is_silent):
                self.near.shutdown(socket.SHUT_RDWR)

    def _reset(self) -> None:
        self.near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.near.close()
        self.far.close()


def before_mail(port: int) -> Proxy:
    """To a mail server on loopback."""
    return Proxy(socket.create_server(("127.0.0.1", 0)), lambda: socket.create_connection(("127.0.0.1", port)))
