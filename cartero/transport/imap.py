"""A conversation over IMAP (RFC 3501) that only reads: resolved once, secured, logged in, and over by our clock."""

import imaplib
import io
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from time import monotonic
from typing import Any

from cartero.transport import certificates
from cartero.transport.clocked import Clocked, seconds
from cartero.transport.granting import Denied
from cartero.transport.line import EndedError, open_socket
from cartero.transport.presets import Security
from cartero.transport.replies import Broken, Kind, Reply, Stage, Stop, judge, visible
from cartero.transport.resolving import Lookup, Unreachable, addresses_of, resolve

IMAP_PORTS = frozenset({143, 993})
MOST_BYTES = 4_000_000  # of a conversation that looks for mails; whoever says more is no mail server that we know
MOST_ALIKE = 20  # mails whose Message-ID holds the one we look for

_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?P<delimiter>(?:\\.|[^"\\])*)"|NIL) (?P<name>.+)', re.S)
_LITERAL = re.compile(rb"\{\d+\} ")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_BEGINS = re.compile(rb"\d+ \(")
_INTERNALDATE = re.compile(rb'INTERNALDATE "\s*([^"]+)"')
_NOT_NOW = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]", re.I)  # RFC 5530
_WANTS_APP_PASSWORD = re.compile(r"application.specific password", re.I)
_SHIFTED = re.compile(r"&([^-]*)-")


@dataclass(frozen=True, kw_only=True)
class ImapServer:
    """Where and how to log in. With `bearer` it is by an access token, which it gives or says why not.

    `seconds` and `most_bytes` are for the whole conversation. `private_allowed` lifts the rules on networks and ports.
    """

    host: str
    port: int = 993
    security: Security = Security.TLS
    username: str = ""
    password: str = field(default="", repr=False)
    bearer: Callable[[], str | Denied] | None = field(default=None, repr=False)
    private_allowed: bool = False
    seconds: float = 60
    most_bytes: int = MOST_BYTES
    lookup: Lookup = field(default=addresses_of, repr=False)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why it cannot be read, a key of EXPLANATIONS. `is_refusal`: of the login, so that once more is no use."""

    reason: str
    reply: str = ""
    is_refusal: bool = False


class TroubleError(Exception):
    """The conversation ended; `trouble` says why. Never leaves this part."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, kw_only=True)
class Folder:
    """One that can be opened. `wire` is its name as the server writes it, `last` what ends its path, for a person."""

    wire: bytes
    name: str
    last: str
    flags: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A mail in a folder; `at` is when its server put it there, if it says so."""

    uid: int
    at: datetime | None


class Mailbox:
    """Where somebody is logged in. Every failure of its methods is a TroubleError."""

    def __init__(self, client: "Client") -> None:
        self.client = client

    def folders(self) -> list[Folder]:
        """All, with what each is for (RFC 6154); some servers tell that only when they are asked."""
        extended = {"SPECIAL-USE", "LIST-EXTENDED"} <= set(self.client.capabilities)
        which = '"*" RETURN (SPECIAL-USE)' if extended else '"*"'
        lines = self._ask(lambda: self.client.list('""', which))
        listed = [_LISTED.search(_LITERAL.sub(b"", _joined(line))) for line in lines]
        return [_folder(each) for each in listed if each and b"\\noselect" not in each["flags"].lower()]

    def open(self, folder: Folder, *, to_move: bool = False) -> int:
        """To read in it: nothing changes, and no mail counts as read. What its numbers are good for (UIDVALIDITY)."""
        self._ask(lambda: self.client.select(_quoted(folder.wire), readonly=not to_move))
        self.client.response("EXISTS")  # what is here is found by searching; only what comes later is news
        told = self.client.response("UIDVALIDITY")[1]
        return int(told[-1]) if told and told[-1] else 0

    def find(self, message_id: str) -> Found | None:
        """The mail of the open folder whose Message-ID is this very one; servers find whatever holds it."""
        wanted = _quoted(message_id.encode())
        found = self._ask(lambda: self.client.uid("SEARCH", "HEADER", "Message-ID", wanted))
        uids = (found[0] or b"").split()[-MOST_ALIKE:] if found else []
        if not uids:
            return None
        what = "(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
        fetched = self._ask(lambda: self.client.uid("FETCH", b",".join(uids).decode("ascii"), what))
        for at, item in enumerate(fetched):
            if isinstance(item, tuple) and _message_ids(item[1]) == [message_id]:
                rest = fetched[at + 1] if at + 1 < len(fetched) else b""
                return _found(item[0] + (rest if isinstance(rest, bytes) else b""))
        return None

    def can(self, capability: str) -> bool:
        """Servers tell more of it once somebody has logged in."""
        return capability.encode() in b" ".join(self._ask(self.client.capability)).upper().split()

    def search(self, *criteria: str) -> list[int]:
        """The numbers of the mails of the open folder, in order."""
        found = self._ask(lambda: self.client.uid("SEARCH", *criteria))
        return sorted(int(each) for line in found if line for each in line.split())

    def fetch(self, uids: Sequence[int], what: str) -> list[tuple[int, bytes, bytes]]:
        """Number, what is said in words, and the bytes that were asked for, of each of those mails that is there."""
        said = ",".join(map(str, uids))
        answers = self._ask(lambda: self.client.uid("FETCH", said, f"(UID {what})"))
        return [each for each in map(_fetched, answers, [*answers[1:], b""]) if each]

    def move(self, uids: Sequence[int], folder: Folder) -> None:
        """RFC 6851: all at once, so that none is in both or in neither."""
        said = ",".join(map(str, uids))
        self._ask(lambda: self.client.uid("MOVE", said, _quoted(folder.wire)))

    def close(self) -> None:
        """Hangs up; a mailbox that was only read needs no good-bye."""
        self.client.shutdown()

    def _ask(self, command: Callable[[], tuple[str, list[Any]]]) -> list[Any]:
        try:
            answer, data = command()
        except (OSError, imaplib.IMAP4.abort) as error:
            raise TroubleError(_no_answer(error)) from error
        except imaplib.IMAP4.error as error:
            raise TroubleError(Trouble(reason="mailbox_unreadable", reply=visible(_words(error)))) from error
        if answer != "OK":
            words = b" ".join(each for each in data if isinstance(each, bytes)).decode("utf-8", "replace")
            raise TroubleError(Trouble(reason="mailbox_unreadable", reply=visible(words)))
        return data


def named(folders: Sequence[Folder], name: str) -> Folder | None:
    """By its whole path, else by the end of it."""
    whole = next((each for each in folders if each.name == name), None)
    return whole or next((each for each in folders if each.last.casefold() == name.casefold()), None)


def connect(server: ImapServer) -> Mailbox | Trouble:
    """A mailbox to read in, or why not. Never raises for what a network or a server does."""
    until = monotonic() + server.seconds
    try:
        client = _greeted(server, until)
    except TroubleError as error:
        return error.trouble
    try:
        _log_in(client, server)
    except TroubleError as error:
        client.shutdown()
        return error.trouble
    return Mailbox(client)


class Client(imaplib.IMAP4):
    """On a line that is open already, every answer of which has to come before `until`."""

    def __init__(self, host: str, line: socket.socket, until: float, most: int) -> None:
        self._line, self._until, self._most = line, until, most
        super().__init__(host)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self._listen(self._line)

    def secure(self, context: ssl.SSLContext) -> None:
        """Goes on under TLS; what was read in clear, also behind the OK, is forgotten."""
        self.sock.settimeout(seconds(self._until))
        self.starttls(context)
        self._listen(self.sock)

    def has_read_ahead(self) -> bool:
        """Whether more has come with the last line than that line."""
        with self._clocked.left_alone():
            return bool(self._reader.peek(1))

    def _listen(self, line: socket.socket) -> None:
        self.sock = line
        self._clocked = Clocked(line, self._until, self._most)
        self.file = self._reader = io.BufferedReader(self._clocked)


def _greeted(server: ImapServer, until: float) -> Client:
    line = _reach(server, until)
    try:
        if server.security == Security.TLS:
            line = certificates.verifying().wrap_socket(line, server_hostname=server.host)
        client = Client(server.host, line, until, server.most_bytes)
        if server.security == Security.STARTTLS:
            if "STARTTLS" not in client.capabilities:
                raise EndedError(Broken(stage=Stage.STARTTLS, kind=Kind.NO_STARTTLS))
            client.secure(certificates.verifying())
    except EndedError as ended:
        line.close()
        raise TroubleError(_broken(ended.broken)) from ended
    except ssl.SSLError as error:
        line.close()
        raise TroubleError(_broken(Broken(stage=Stage.TLS, kind=certificates.kind_of(error)))) from error
    except (OSError, ValueError) as error:  # ValueError: a name that no certificate can hold
        line.close()
        raise TroubleError(_no_answer(error)) from error
    except imaplib.IMAP4.error as error:
        line.close()
        raise TroubleError(_no_greeting(error)) from error
    return client


def _reach(server: ImapServer, until: float) -> socket.socket:
    allowed = server.private_allowed
    found = resolve(server.host, server.port, private_allowed=allowed, ports=IMAP_PORTS, lookup=server.lookup)
    if isinstance(found, Unreachable):
        raise TroubleError(_broken(Broken(stage=Stage.CONNECT, kind=found.kind)))
    try:
        line = open_socket(found, server.port, seconds(until) / 2)
    except EndedError as ended:
        raise TroubleError(_broken(ended.broken)) from ended
    line.settimeout(seconds(until))
    return line


def _log_in(client: Client, server: ImapServer) -> None:
    """One try. Never a second with the same password: accounts get locked."""
    secret = server.password
    if server.bearer is not None:
        given = server.bearer()
        if isinstance(given, Denied):
            refusal = isinstance(given.verdict, Stop)
            raise TroubleError(Trouble(reason=given.verdict.reason, reply=visible(given.detail), is_refusal=refusal))
        secret = given
    try:
        _authenticate(client, server.username, secret, by_token=server.bearer is not None)
    except (OSError, imaplib.IMAP4.abort) as error:
        raise TroubleError(_no_answer(error)) from error
    except imaplib.IMAP4.error as error:
        words = _without(secret, _words(error))
        raise TroubleError(_refused(words, by_token=server.bearer is not None)) from error


def _authenticate(client: Client, username: str, secret: str, *, by_token: bool) -> None:
    if by_token:
        first = iter([f"user={username}\1auth=Bearer {secret}\1\1".encode()])
        client.authenticate("XOAUTH2", lambda _challenge: next(first, b""))  # empty: the answer to a refusal in JSON
    elif "AUTH=PLAIN" in client.capabilities:  # in UTF-8, which LOGIN is not
        client.authenticate("PLAIN", lambda _challenge: f"\0{username}\0{secret}".encode())
    elif "LOGINDISABLED" in client.capabilities or not f"{username}{secret}".isascii():
        raise TroubleError(Trouble(reason="no_mechanism", is_refusal=True))
    else:
        client.login(_quoted(username.encode()), secret)


def _refused(words: str, *, by_token: bool) -> Trouble:
    if _NOT_NOW.search(words):
        return Trouble(reason="login_busy", reply=visible(words))
    code = 534 if _WANTS_APP_PASSWORD.search(words) else 535
    verdict = judge(Reply(stage=Stage.TOKEN if by_token else Stage.AUTH, code=code))
    return Trouble(reason=verdict.reason, reply=visible(words), is_refusal=True)


def _broken(broken: Broken) -> Trouble:
    reason = judge(broken).reason
    return Trouble(reason="mailbox_forbidden" if reason == "private_host" else reason)


def _no_answer(error: Exception) -> Trouble:
    """Silence, or a good-bye, whose words are the server's."""
    return Trouble(reason="no_answer", reply="" if isinstance(error, OSError) else visible(_words(error)))


def _no_greeting(error: imaplib.IMAP4.error) -> Trouble:
    """A good-bye at once, or what no server of mailboxes says."""
    words = _words(error)
    says_bye = "* BYE" in words or (isinstance(error, imaplib.IMAP4.abort) and "unexpected response" not in words)
    return Trouble(reason="no_answer", reply=visible(words)) if says_bye else Trouble(reason="not_a_mail_server")


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _without(secret: str, words: str) -> str:
    """Some servers repeat what they refuse."""
    for form in filter(None, (secret, b64encode(secret.encode()).decode())):
        words = words.replace(form, "***")
    return words


def _joined(line: bytes | tuple[bytes, bytes] | None) -> bytes:
    """A name may come as a literal, apart from its line."""
    return b" ".join(line) if isinstance(line, tuple) else line or b""


def _folder(listed: re.Match[bytes]) -> Folder:
    wire = listed["name"].strip()
    if wire.startswith(b'"'):
        wire = re.sub(rb"\\(.)", rb"\1", wire[1:-1])
    delimiter = re.sub(r"\\(.)", r"\1", (listed["delimiter"] or b"").decode("ascii", "replace"))
    name = _SHIFTED.sub(_decoded, wire.decode("ascii", "replace"))
    flags = frozenset(listed["flags"].decode("ascii", "replace").lower().split())
    return Folder(wire=wire, name=name, last=name.rpartition(delimiter)[2] if delimiter else name, flags=flags)


def _decoded(shifted: re.Match[str]) -> str:
    """A piece of modified UTF-7 (RFC 3501, 5.1.3)."""
    piece = shifted[1].replace(",", "/")
    return f"+{piece}-".encode().decode("utf-7", "replace") if piece else "&"


def _quoted(text: bytes) -> str:
    return '"' + re.sub(r'([\\"])', r"\\\1", text.decode("ascii", "replace")) + '"'


def _fetched(answer: Any, rest: Any) -> tuple[int, bytes, bytes] | None:
    """One item of imaplib's answer; what stands behind a literal is the next."""
    if isinstance(answer, tuple):
        words, content = answer[0] + (rest if isinstance(rest, bytes) else b""), answer[1]
    elif isinstance(answer, bytes) and _BEGINS.match(answer):
        words, content = answer, b""
    else:
        return None
    uid = _UID.search(words)
    return (int(uid[1]), words, content) if uid else None


def size_in(said: bytes) -> int:
    """Of a mail, in what a server said of it."""
    found = _SIZE.search(said)
    return int(found[1]) if found else 0


def put_at(said: bytes) -> datetime | None:
    """When the server put it there, in what it said of it."""
    put = _INTERNALDATE.search(said)
    return _moment(put[1].decode("ascii", "replace")) if put else None


def _message_ids(header: bytes) -> list[str]:
    return [str(value).strip() for value in message_from_bytes(header).get_all("Message-ID", [])]


def _found(said: bytes) -> Found:
    uid = _UID.search(said)
    return Found(uid=int(uid[1]) if uid else 0, at=put_at(said))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return None
