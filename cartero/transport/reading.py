"""Cuts what a server sends into whole replies, whatever the packets (RFC 5321, 4.2.1). Knows nothing of sockets."""

LIMIT = 65_536


class GarbageError(Exception):
    """Bytes that are no SMTP reply, or more than 64 KB of one."""


class ReplyReader:
    """Feed it bytes, take replies. A bare line feed ends a line too; of mixed codes the last line's counts."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0
        self._lines: list[str] = []

    @property
    def has_more(self) -> bool:
        """Whether bytes are left over that nobody has asked for."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def take(self) -> tuple[int, str] | None:
        """Code and text of the next whole reply, None while it is not whole. Raises GarbageError."""
        while (end := self._buffer.find(b"\n", self._scanned)) >= 0:
            line = bytes(self._buffer[self._scanned : end]).removesuffix(b"\r")
            self._scanned = end + 1
            code, last = _parts(line)
            self._lines.append(line[4:].decode("utf-8", "surrogateescape"))
            if last:
                return code, self._taken()
            if self._scanned > LIMIT:
                raise GarbageError
        if len(self._buffer) > LIMIT or not _may_begin(self._buffer[self._scanned : self._scanned + 4]):
            raise GarbageError
        return None

    def _taken(self) -> str:
        if self._scanned > LIMIT:
            raise GarbageError
        text = "\n".join(self._lines)
        del self._buffer[: self._scanned]
        self._scanned = 0
        self._lines = []
        return text


def _parts(line: bytes) -> tuple[int, bool]:
    """Code of a reply line, and whether it is its reply's last. Raises GarbageError."""
    code, mark = line[:3], line[3:4]
    if len(code) < 3 or not code.isdigit() or code[:1] not in b"12345" or mark not in (b" ", b"-", b""):
        raise GarbageError
    return int(code), mark != b"-"


def _may_begin(start: bytes | bytearray) -> bool:
    """Whether a line may begin so: TLS bytes or HTTP are seen at once, not after a time-out for their line end."""
    return all(byte in b"0123456789" for byte in start[:3]) and start[3:4] in (b"", b" ", b"-", b"\r")
