"""The socket to a mail server: whole replies within a time, and what exactly we have written."""

import socket
import ssl
from time import monotonic

from cartero.transport.reading import GarbageError, ReplyReader
from cartero.transport.replies import Broken, Kind, Reply, Stage

_PIECE = 65_536
_RECORD = 16_384  # a TLS record: the server can use a whole one only
_TERMINATOR = b".\r\n"


class EndedError(Exception):
    """The conversation broke; `broken` says how. Never leaves this part."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken)
        self.broken = broken


class Line:
    """One open socket. Every failure is an EndedError that carries a Broken."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._reader = ReplyReader()
        self.wrote_dot = False

    @property
    def has_more(self) -> bool:
        return self._reader.has_more

    @property
    def tls(self) -> str:
        """Protocol and cipher: `TLSv1.3 TLS_AES_256_GCM_SHA384`; empty while it goes on in clear."""
        if not isinstance(self._socket, ssl.SSLSocket):
            return ""
        cipher = self._socket.cipher()
        return f"{self._socket.version()} {cipher[0]}" if cipher else ""

    @property
    def local_address(self) -> str:
        return str(self._socket.getsockname()[0])

    def reply(self, stage: Stage, seconds: float) -> Reply:
        """The next whole reply, the whole of it within `seconds`, however slowly its bytes drip."""
        until = monotonic() + seconds
        try:
            while (taken := self._reader.take()) is None:
                self._socket.settimeout(max(until - monotonic(), 0.001))
                self._feed(stage)
        except GarbageError:
            raise self._ended(stage, Kind.GARBAGE) from None
        except OSError as error:
            raise self._ended(stage, kind_of(error)) from error
        return Reply(stage=stage, code=taken[0], text=taken[1])

    def write(self, data: bytes, stage: Stage, seconds: float) -> None:
        try:
            self._socket.settimeout(seconds)
            self._socket.sendall(data)
        except OSError as error:
            raise self._ended(stage, kind_of(error)) from error

    def write_mail(self, mail: bytes, seconds: float) -> None:
        """Body and terminator, `seconds` for each write. Sets `wrote_dot` when the dot may be out."""
        dot = len(mail) - len(_TERMINATOR)
        view = memoryview(mail)
        # A plain socket tells how much it took; under TLS a failed write may have been taken, so its record counts.
        whole = isinstance(self._socket, ssl.SSLSocket)
        written = 0
        try:
            self._socket.settimeout(seconds)
            while written < len(mail):
                piece = view[written : written + (_RECORD if whole else len(mail))]
                self.wrote_dot = whole and written + len(piece) > dot
                written += self._socket.send(piece)
                self.wrote_dot = written > dot
        except OSError as error:
            raise self._ended(Stage.END if self.wrote_dot else Stage.BODY, kind_of(error)) from error

    def secure(self, context: ssl.SSLContext, host: str, seconds: float) -> bytes:
        """Goes on under TLS and forgets what it read in clear; the server's certificate (DER). Raises OSError."""
        self._reader = ReplyReader()
        self._socket.settimeout(seconds)
        secured = context.wrap_socket(self._socket, server_hostname=host)
        self._socket = secured
        return secured.getpeercert(binary_form=True) or b""

    def is_quiet(self) -> bool:
        """Whether the server has said nothing that nobody asked for, such as good-bye."""
        self._socket.settimeout(0)
        try:
            self._feed(Stage.MAIL)
        except (BlockingIOError, ssl.SSLWantReadError):
            return not self._reader.has_more
        except (OSError, EndedError):
            return False
        return False

    def close(self) -> None:
        self._socket.close()

    def _feed(self, stage: Stage) -> None:
        data = self._socket.recv(_PIECE)
        if not data:
            raise self._ended(stage, Kind.CLOSED)
        self._reader.feed(data)

    def _ended(self, stage: Stage, kind: Kind) -> EndedError:
        return EndedError(Broken(stage=stage, kind=kind, wrote_dot=self.wrote_dot))


def kind_of(error: OSError) -> Kind:
    return Kind.TIMEOUT if isinstance(error, TimeoutError) else Kind.RESET


def open_socket(addresses: list[str], port: int, seconds: float) -> socket.socket:
    """To the first of `addresses` that answers, all within `seconds`. Raises EndedError."""
    until = monotonic() + seconds
    kind = Kind.TIMEOUT
    for address in addresses:
        left = until - monotonic()
        if left <= 0:
            break
        try:
            opened = socket.create_connection((address, port), timeout=left)
        except OSError as error:
            kind = Kind.TIMEOUT if isinstance(error, TimeoutError) else Kind.REFUSED
            continue
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened
    raise EndedError(Broken(stage=Stage.CONNECT, kind=kind))
