"""A real SMTP server that answers as a test says, and logs every mail it keeps before it answers.

In a test: `server.answer("rcpt", 550, "5.1.1 no", when="ana@example.co")`. As a process, for tests of whole programs:
`python -m tests.smtp --port 0 --log mails.jsonl --script answers.json` prints its port; the script is a list of objects
with the parameters of `answer`.
"""

import argparse
import base64
import hashlib
import json
import re
import socket
import ssl
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.smtp_answers import Answer, Kept, Moment, reply

EXTENSIONS = ("PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "DSN", "CHUNKING")

_ADDRESS = re.compile(r"<([^>]*)>")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_USUAL = {
    "greeting": (220, "mail.example.co ESMTP"),
    "helo": (250, "mail.example.co"),
    "starttls": (220, "2.0.0 go ahead"),
    "auth": (235, "2.7.0 welcome"),
    "mail": (250, "2.1.0 ok"),
    "rcpt": (250, "2.1.5 ok"),
    "data": (354, "go ahead"),
    "rset": (250, "2.0.0 ok"),
    "quit": (221, "2.0.0 bye"),
}


@dataclass(kw_only=True)
class SmtpServer:
    """Listens on loopback from `start` to `stop`. `certificate` (PEM) offers STARTTLS, or speaks TLS from the start."""

    extensions: Iterable[str] = EXTENSIONS
    users: Mapping[str, str] = field(default_factory=dict)
    bearers: Mapping[str, str] = field(default_factory=dict)  # who may log in with which access token (XOAUTH2)
    mechanisms: str = "PLAIN LOGIN"
    certificate: Path | None = None
    tls_at_once: bool = False
    port: int = 0
    log: Path | None = None
    host: str = "127.0.0.1"
    mails: list[Kept] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    keep_messages: bool = True

    def __post_init__(self) -> None:
        self.answers: list[Answer] = []
        self.open: set[socket.socket] = set()
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.context = _context(self.certificate) if self.certificate else None

    def start(self) -> "SmtpServer":
        self._listener = socket.create_server((self.host, self.port), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        self.drop_connections()

    def drop_connections(self) -> None:
        """Closes all that are open, as a restart would."""
        with self.lock:
            dropped = list(self.open)
        for sock in dropped:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def answer(self, stage: str, code: int = 0, text: str = "", **how: object) -> Answer:
        """From now on; the last answer that fits a moment is given. `how`: the other fields of Answer."""
        answer = Answer(stage=stage, code=code, text=text, **how)  # type: ignore[arg-type]  # as the fields say
        with self.lock:
            self.answers.insert(0, answer)
        return answer

    def forget(self) -> None:
        """The usual answers again, what still drips of another all at once; the mails stay."""
        with self.lock:
            for answer in self.answers:
                answer.drip = 0
            self.answers.clear()

    def count_by_recipient(self) -> dict[str, int]:
        with self.lock:
            return dict(Counter(recipient for kept in self.mails for recipient in kept.recipients))

    def keep(self, sender: str, recipients: tuple[str, ...], message: bytes) -> int:
        """Into the log first, then into memory; how many there are."""
        found = _MESSAGE_ID.search(message)
        kept = Kept(
            time=time.time(),
            message_id=found[1].decode("latin-1") if found else "",
            sender=sender,
            recipients=recipients,
            sha256=hashlib.sha256(message).hexdigest(),
            size=len(message),
        )
        with self.lock:
            if self.log:
                with self.log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(asdict(kept), ensure_ascii=False) + "\n")
            self.mails.append(kept)
            if self.keep_messages:
                self.messages.append(message)
            return len(self.mails)

    def find(self, stage: str, session: "Session", command: str) -> Answer | None:
        """The answer a test has set for this moment; commands are counted and remembered here."""
        with self.lock:
            self.counts[stage] += 1
            if command:
                self.commands.append(command)
            if stage == "mail" and self.log:
                with self.log.with_suffix(".begun").open("a", encoding="utf-8") as begun:
                    begun.write(f"{time.time()}\n")
            moment = Moment(stage, self.counts[stage], len(self.open), session.recipients, command, session.mails)
            for answer in self.answers:
                if answer.applies(moment):
                    answer.times -= 1
                    return answer
        return None

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _address = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.open.add(sock)
            threading.Thread(target=Session(self, sock).run, daemon=True).start()


class GoneError(Exception):
    """The conversation is over."""


class Session:
    """One conversation."""

    def __init__(self, server: SmtpServer, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.plain = sock
        self.buffer = bytearray()
        self.secured = False
        self.user = ""
        self.sender: str | None = None
        self.recipients: tuple[str, ...] = ()
        self.mails = 0

    def run(self) -> None:
        try:
            if self.server.tls_at_once:
                self._secure()
            self._say("greeting")
            while True:
                self._command(self._line().decode("utf-8", "surrogateescape"))
        except (GoneError, OSError):
            pass
        finally:
            with self.server.lock:
                self.server.open.discard(self.plain)
            with suppress(OSError):
                self.sock.close()

    def _command(self, line: str) -> None:
        verb = line.split(" ")[0].upper()
        handler = getattr(self, f"_on_{verb.lower()}", None)
        if handler is None:
            self._send(reply(502, "5.5.1 unknown command"))
        else:
            handler(line)

    def _on_ehlo(self, line: str) -> None:
        offered = list(self.server.extensions)
        if self.server.context and not self.secured:
            offered.append("STARTTLS")
        mechanisms = [self.server.mechanisms] if self.server.users and self.server.mechanisms else []
        mechanisms += ["XOAUTH2"] if self.server.bearers else []
        if mechanisms:
            offered.append(f"AUTH {' '.join(mechanisms)}")
        self._say("ehlo", line, usual=(250, "\n".join(["mail.example.co", *offered])))

    def _on_helo(self, line: str) -> None:
        self._say("helo", line)

    def _on_starttls(self, line: str) -> None:
        if self._say("starttls", line) == 220:
            self.buffer.clear()
            self._secure()

    def _on_auth(self, line: str) -> None:
        answer = self.server.find("auth", self, line.split(" ")[0] + " " + line.split(" ")[1])
        if answer is None or not answer.bytes():
            words = line.split(" ")
            by_token = words[1].upper() == "XOAUTH2"
            user, secret = self._bearer(words[2]) if by_token else self._credentials(words)
            known = self.server.bearers if by_token else self.server.users
            right = known.get(user) == secret
            if by_token and not right:
                self._challenge()
            self.user = user if right else ""
            self._send(reply(*(_USUAL["auth"] if right else (535, "5.7.8 bad credentials"))))
        self._carry_out(answer)

    def _credentials(self, words: list[str]) -> tuple[str, str]:
        if words[1].upper() == "PLAIN":
            _zid, user, password = base64.b64decode(words[2]).decode().split("\0")
            return user, password
        return self._prompt("Username:"), self._prompt("Password:")

    def _bearer(self, initial: str) -> tuple[str, str]:
        """As Google and Microsoft describe it: user=…^Aauth=Bearer …^A^A"""
        user, secret, *rest = base64.b64decode(initial, validate=True).decode().split("\1")
        assert rest == ["", ""], rest
        return user.removeprefix("user="), secret.removeprefix("auth=Bearer ")

    def _challenge(self) -> None:
        """Why, in JSON; what the client must answer with an empty line before it is refused."""
        why = {"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"}
        self._send(reply(334, base64.b64encode(json.dumps(why).encode()).decode()))
        assert self._line() == b""

    def _prompt(self, text: str) -> str:
        self._send(reply(334, base64.b64encode(text.encode()).decode()))
        return base64.b64decode(self._line()).decode()

    def _on_mail(self, line: str) -> None:
        if (self.server.users or self.server.bearers) and not self.user:
            self._send(reply(530, "5.7.0 authentication required"))
            return
        found = _ADDRESS.search(line)
        if self._say("mail", line) in range(200, 300):
            self.sender, self.recipients = found[1] if found else "", ()

    def _on_rcpt(self, line: str) -> None:
        if self.sender is None:
            self._send(reply(503, "5.5.1 MAIL first"))
            return
        found = _ADDRESS.search(line)
        before = self.recipients
        self.recipients = (found[1] if found else "",)  # an answer for one recipient is found by it
        accepted = self._say("rcpt", line) in range(200, 300)
        self.recipients = before + (self.recipients if accepted else ())

    def _on_data(self, line: str) -> None:
        usual = None if self.recipients else (554, "5.5.1 no valid recipients")
        if self._say("data", line, usual=usual) != 354:
            return
        answer = self.server.find("body", self, "")
        if answer:
            while not self.buffer:  # what has come of the body by then
                self._receive()
            self._carry_out(answer)
        self._finish(self._body())
        self.sender, self.recipients = None, ()

    def _finish(self, message: bytes) -> None:
        answer = self.server.find("end", self, "")
        keeps = answer is None or answer.keep or answer.code in range(200, 300)
        number = self.server.keep(self.sender or "", self.recipients, message) if keeps else 0
        self.mails += 1
        if answer is None:
            self._send(reply(250, f"2.0.0 ok queued as {number:06d}"))
        self._carry_out(answer)

    def _on_rset(self, line: str) -> None:
        if self._say("rset", line) == 250:
            self.sender, self.recipients = None, ()

    def _on_noop(self, _line: str) -> None:
        self._send(reply(250, "2.0.0 ok"))

    def _on_quit(self, line: str) -> None:
        self._say("quit", line)
        raise GoneError

    def _say(self, stage: str, command: str = "", usual: tuple[int, str] | None = None) -> int:
        """Answers; the code that was given."""
        answer = self.server.find(stage, self, command)
        if answer is None:
            code, text = usual or _USUAL[stage]
            self._send(reply(code, text))
            return code
        if not answer.code and not answer.raw and not answer.then:
            raise AssertionError("an answer without code, raw text or action")
        self._carry_out(answer)
        return answer.code

    def _carry_out(self, answer: Answer | None) -> None:
        if answer is None:
            return
        for piece in _pieces(answer.bytes(), answer.drip):
            self._send(piece)
            if answer.drip and self.server.stopping.wait(answer.drip):
                raise GoneError
        if answer.then == "hang":
            self._hang()
        if answer.then == "freeze":
            self.server.stopping.wait()
        if answer.then == "reset":
            self.plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if answer.then:
            raise GoneError

    def _hang(self) -> None:
        """Reads what comes and says nothing, until the client goes."""
        while self.sock.recv(65536):
            pass

    def _line(self) -> bytes:
        while (end := self.buffer.find(b"\n")) < 0:
            self._receive()
        line = bytes(self.buffer[:end]).removesuffix(b"\r")
        del self.buffer[: end + 1]
        return line

    def _body(self) -> bytes:
        """The message without its terminator and dot-stuffing."""
        end = -1
        if self.buffer[:3] == b".\r\n":
            del self.buffer[:3]
            return b""
        while (end := self.buffer.find(b"\r\n.\r\n", max(0, end))) < 0:
            end = len(self.buffer) - 4
            self._receive()
        message = bytes(self.buffer[: end + 2])
        del self.buffer[: end + 5]
        return re.sub(rb"(?m)^\.", b"", message) if b"\n." in message or message[:1] == b"." else message

    def _receive(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise GoneError
        self.buffer += data

    def _send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def _secure(self) -> None:
        assert self.server.context is not None
        self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        self.secured = True
        with self.server.lock:
            self.server.open.discard(self.plain)
            self.plain = self.sock
            self.server.open.add(self.plain)


def _pieces(data: bytes, drip: float) -> Iterable[bytes]:
    return (data[at : at + 1] for at in range(len(data))) if drip else [data]


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def main() -> None:
    parser = argparse.ArgumentParser(description="A scripted SMTP server on loopback.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--script", type=Path)
    parser.add_argument("--user", action="append", default=[], help="name:password")
    options = parser.parse_args()
    users = dict(pair.split(":", 1) for pair in options.user)
    server = SmtpServer(host=options.host, port=options.port, log=options.log, users=users, keep_messages=False).start()
    for answer in json.loads(options.script.read_text(encoding="utf-8")) if options.script else []:
        server.answer(**answer)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        server.stopping.wait()


if __name__ == "__main__":
    main()
