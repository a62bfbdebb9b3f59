"""Waiting until a mailbox tells that something has come (IDLE, RFC 2177)."""

import imaplib
import select
import ssl
from collections.abc import Callable
from time import monotonic

from cartero.transport.imap import Client, Mailbox, Trouble, TroubleError

LOOK = 1.0  # seconds between two looks whether to go on


def wait(mailbox: Mailbox, seconds: float, is_over: Callable[[], bool]) -> bool:
    """Whether something has come into the open folder before `seconds` are over, or `is_over`. Raises TroubleError."""
    try:
        return _idle(mailbox.client, monotonic() + seconds, is_over)
    except (OSError, imaplib.IMAP4.error) as error:
        raise TroubleError(Trouble(reason="no_answer")) from error


def _idle(client: Client, until: float, is_over: Callable[[], bool]) -> bool:
    if client.response("EXISTS")[1] != [None]:
        return True  # told while something else was asked, and it is not told again
    tag = b"IDLE1"
    client.send(tag + b" IDLE\r\n")
    line = client.readline()
    has_come = False
    while line and not line.startswith(b"+"):
        has_come = has_come or _tells(line)
        if line.startswith(tag):
            return has_come  # it does not want to
        line = client.readline()
    while not has_come and monotonic() < until and not is_over():
        if _has_line(client):
            line = client.readline()
            has_come = _tells(line)
    client.send(b"DONE\r\n")
    while line and not line.startswith(tag):
        line = client.readline()
        has_come = has_come or _tells(line)
    return has_come


def _tells(line: bytes) -> bool:
    return line.rstrip().endswith(b"EXISTS")


def _has_line(client: Client) -> bool:
    if client.has_read_ahead() or (isinstance(client.sock, ssl.SSLSocket) and client.sock.pending()):
        return True
    return bool(select.select([client.sock], [], [], LOOK)[0])
