"""From a server's name to a line that is secured and logged in, or to the reason why not."""

import ssl
from dataclasses import dataclass
from functools import partial

from cartero.transport import certificates, login, offers
from cartero.transport.granting import Denied
from cartero.transport.line import EndedError, Line, open_socket
from cartero.transport.offers import Offer
from cartero.transport.presets import Security
from cartero.transport.replies import Broken, Kind, Reply, Stage, Verdict, judge, lets_on
from cartero.transport.resolving import Unreachable, resolve
from cartero.transport.server import Server

_CERTIFICATE = frozenset({Kind.CERTIFICATE_UNKNOWN, Kind.CERTIFICATE_EXPIRED, Kind.CERTIFICATE_OTHER_HOST})


class _RefusedError(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply)
        self.reply = reply


@dataclass(frozen=True, kw_only=True)
class NotConnected:
    """Why there is no connection. `certificate` is the SHA-256 of one that was not believed, to be trusted or not."""

    verdict: Verdict
    stage: Stage
    reply: Reply | None = None
    detail: str = ""
    certificate: str = ""

    @property
    def text(self) -> str:
        """The server's own words, cut."""
        return self.reply.shown if self.reply else ""


def open_line(server: Server) -> tuple[Line, Offer] | NotConnected:
    """A line ready for mails, with what its server offers. Never raises for what a network or a server does."""
    token = server.bearer() if server.bearer else ""  # first: a mail server does not wait for an authority
    if isinstance(token, Denied):
        return NotConnected(verdict=token.verdict, stage=Stage.TOKEN, detail=token.detail)
    try:
        line = _reach(server)
    except EndedError as ended:
        return _not_connected(server, ended.broken)
    try:
        return line, _introduce(line, server, token)
    except _RefusedError as refused:
        answer: Reply | Broken = refused.reply
    except EndedError as ended:
        answer = ended.broken
    line.close()
    return _not_connected(server, answer)


def ask(line: Line, command: bytes, stage: Stage, seconds: float) -> Reply:
    """One command, one reply. Raises EndedError, also when the server has said more than it was asked."""
    if line.has_more:
        raise EndedError(Broken(stage=stage, kind=Kind.OUT_OF_STEP))
    line.write(command + b"\r\n", stage, seconds)
    return line.reply(stage, seconds)


def _reach(server: Server) -> Line:
    found = resolve(server.host, server.port, private_allowed=server.private_allowed, lookup=server.lookup)
    if isinstance(found, Unreachable):
        raise EndedError(Broken(stage=Stage.CONNECT, kind=found.kind))
    return Line(open_socket(found, server.port, server.timeouts.connect))


def _introduce(line: Line, server: Server, token: str) -> Offer:
    if server.security == Security.TLS:
        _secure(line, server)
    offer = _greet(line, server)
    if server.security == Security.STARTTLS:
        _start_tls(line, server, offer)
        _secure(line, server)
        offer = _say_hello(line, server)  # what was offered in clear may have been forged (RFC 3207, 4.2)
    if server.username:
        _log_in(line, server, offer, token)
    return offer


def _greet(line: Line, server: Server) -> Offer:
    _must(line.reply(Stage.GREETING, server.timeouts.command))
    return _say_hello(line, server)


def _say_hello(line: Line, server: Server) -> Offer:
    name = server.local_name or _literal(line.local_address)
    tell = partial(ask, line, stage=Stage.EHLO, seconds=server.timeouts.command)
    reply = tell(f"EHLO {name}".encode())
    if lets_on(reply):
        return offers.parse(reply.text)
    if reply.code >= 500:
        reply = tell(f"HELO {name}".encode())
    _must(reply)
    return offers.NOTHING


def _start_tls(line: Line, server: Server, offer: Offer) -> None:
    if "STARTTLS" not in offer.keywords:
        raise EndedError(Broken(stage=Stage.STARTTLS, kind=Kind.NO_STARTTLS))
    _must(ask(line, b"STARTTLS", Stage.STARTTLS, server.timeouts.command))
    if line.has_more:
        raise EndedError(Broken(stage=Stage.STARTTLS, kind=Kind.INJECTED))


def _secure(line: Line, server: Server) -> None:
    pinned = server.trusted_certificate.lower()
    context = certificates.unverified() if pinned else certificates.verifying()
    try:
        found = line.secure(context, server.host, server.timeouts.connect)
    except ssl.SSLError as error:
        raise EndedError(Broken(stage=Stage.TLS, kind=certificates.kind_of(error))) from error
    except (OSError, ValueError) as error:  # ValueError: a name that no certificate can hold
        raise EndedError(Broken(stage=Stage.TLS, kind=Kind.TLS)) from error
    if pinned and certificates.fingerprint(found) != pinned:
        raise EndedError(Broken(stage=Stage.TLS, kind=Kind.CERTIFICATE_UNKNOWN))


def _log_in(line: Line, server: Server, offer: Offer, token: str) -> None:
    stage = Stage.TOKEN if token else Stage.AUTH
    tell = partial(ask, line, stage=stage, seconds=server.timeouts.command)
    enter = login.log_in_by_token if token else login.log_in
    answer = enter(server.username, token or server.password, offer.mechanisms, tell)
    if isinstance(answer, Broken):
        raise EndedError(answer)
    _must(answer)


def _must(reply: Reply) -> None:
    if not lets_on(reply):
        raise _RefusedError(reply)


def _not_connected(server: Server, answer: Reply | Broken) -> NotConnected:
    verdict = judge(answer)
    if isinstance(answer, Reply):
        return NotConnected(verdict=verdict, stage=answer.stage, reply=answer)
    if answer.kind not in _CERTIFICATE:
        return NotConnected(verdict=verdict, stage=answer.stage)
    found = _look_at_certificate(server)
    return NotConnected(
        verdict=verdict,
        stage=answer.stage,
        detail=certificates.describe(found) if found else "",
        certificate=certificates.fingerprint(found) if found else "",
    )


def _look_at_certificate(server: Server) -> bytes:
    """The certificate that was not believed: OpenSSL keeps it to itself, so once more, and not a word more."""
    try:
        line = _reach(server)
    except EndedError:
        return b""
    try:
        if server.security == Security.STARTTLS:
            _start_tls(line, server, _greet(line, server))
        return line.secure(certificates.unverified(), server.host, server.timeouts.connect)
    except (EndedError, _RefusedError, OSError):
        return b""
    finally:
        line.close()


def _literal(address: str) -> str:
    """Our address as a name (RFC 5321, 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
