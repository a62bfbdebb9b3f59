"""From a name to a line that is secured and logged in: what can be wrong, and that nothing is said too early."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from cartero.transport import certificates, smtp
from cartero.transport.opening import NotConnected
from cartero.transport.presets import Security
from cartero.transport.replies import Later, Pause, Sent, Stage, Stop, Verdict
from cartero.transport.server import Server
from cartero.transport.smtp import Connection
from tests.certificates import Authority, make_authority
from tests.smtp import SmtpServer
from tests.transport.conftest import QUICK, MakeServer, account_at, connected

SECRET = "clave-de-prueba"
LOGIN = {"username": "ana", "password": SECRET}
USERS = {"ana": SECRET}


def refused(server: SmtpServer, **fields: object) -> NotConnected:
    opened = smtp.connect(account_at(server, **fields))
    assert isinstance(opened, NotConnected), opened
    return opened


@pytest.mark.parametrize("tls_at_once", [False, True])
def test_it_is_secured_and_logged_in(make_smtp_server: MakeServer, trusted: Authority, tls_at_once: bool) -> None:
    server = make_smtp_server(certificate=trusted.issue("127.0.0.1"), tls_at_once=tls_at_once, users=USERS)
    connection = connected(server, security=Security.TLS if tls_at_once else Security.STARTTLS, **LOGIN)
    message = b"Subject: x\r\n\r\n" + b"y" * 100_000 + b"\r\n"
    assert connection.transmit("ana@example.co", ["bruno@example.co"], message).verdict == Sent()
    assert connection.is_usable()
    assert connection.tls.startswith("TLSv1.3 TLS_")
    assert server.messages == [message]
    assert server.counts["ehlo"] == (1 if tls_at_once else 2)  # what was offered in clear is forgotten
    connection.close()


GREETINGS: list[tuple[dict[str, object], Verdict]] = [
    ({"code": 421, "text": "busy"}, Pause(reason="server_busy")),
    ({"code": 451, "text": ""}, Pause(reason="server_busy")),
    ({"code": 554, "text": "5.7.1 blocked"}, Stop(reason="blocked_here")),
    ({"then": "reset"}, Pause(reason="no_answer")),
    ({"then": "close"}, Pause(reason="no_answer")),
    ({"then": "hang"}, Pause(reason="no_answer")),
    ({"raw": "HTTP/1.1 200 OK\r\n"}, Stop(reason="not_a_mail_server")),
    ({"raw": "\x16\x03\x01\x02\x00"}, Stop(reason="not_a_mail_server")),
    ({"raw": "220-" + "x" * 70_000 + "\r\n"}, Stop(reason="not_a_mail_server")),
]


@pytest.mark.parametrize(("answer", "verdict"), GREETINGS)
def test_greetings(smtp_server: SmtpServer, answer: dict[str, object], verdict: Verdict) -> None:
    smtp_server.answer("greeting", **answer)  # type: ignore[arg-type]  # as the fields of Answer say
    opened = refused(smtp_server)
    # A reset may have arrived before we knew that we were connected.
    assert opened.verdict == verdict
    assert opened.stage in {Stage.GREETING, Stage.CONNECT if answer == {"then": "reset"} else Stage.GREETING}


def test_a_greeting_of_many_lines(smtp_server: SmtpServer) -> None:
    smtp_server.answer("greeting", 220, "mail.example.co\nno spam\nESMTP")
    connected(smtp_server)


def test_ehlo_and_helo_refused(smtp_server: SmtpServer) -> None:
    smtp_server.answer("ehlo", 550, "no")
    smtp_server.answer("helo", 550, "no")
    assert refused(smtp_server).verdict == Stop(reason="greeting_refused")


@pytest.mark.parametrize("then", ["reset", "close", "hang"])
def test_a_line_that_breaks_in_ehlo(smtp_server: SmtpServer, then: str) -> None:
    smtp_server.answer("ehlo", then=then)
    assert refused(smtp_server).verdict == Later(reason="line_broke", hang_up=True)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    opened = smtp.connect(Server(host="127.0.0.1", port=port, private_allowed=True, timeouts=QUICK))
    assert isinstance(opened, NotConnected)
    assert (opened.verdict, opened.stage) == (Pause(reason="no_answer"), Stage.CONNECT)


@pytest.mark.parametrize(
    ("host", "port", "verdict"),
    [
        ("127.0.0.1", 587, Stop(reason="private_host")),
        ("169.254.169.254", 25, Stop(reason="private_host")),  # metadata of a cloud
        ("192.0.2.1", 6379, Stop(reason="private_host")),
        ("mail..example.co", 587, Pause(reason="unresolved")),
        ("no-existe.invalid", 587, Pause(reason="unresolved")),
    ],
)
def test_where_it_may_not_go(host: str, port: int, verdict: Verdict) -> None:
    opened = smtp.connect(Server(host=host, port=port, timeouts=QUICK))
    assert isinstance(opened, NotConnected)
    assert (opened.verdict, opened.stage) == (verdict, Stage.CONNECT)


def test_the_address_that_was_checked_is_the_one_connected_to(smtp_server: SmtpServer) -> None:
    asked: list[str] = []

    def changing(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.1"]

    connected(smtp_server, host="mail.example.co", lookup=changing)
    assert asked == ["mail.example.co"]


# STARTTLS.


def test_starttls_stripped_never_shows_the_password(smtp_server: SmtpServer) -> None:
    smtp_server.users = USERS
    assert refused(smtp_server, security=Security.STARTTLS, **LOGIN).verdict == Stop(reason="no_starttls")
    assert smtp_server.commands == ["EHLO [127.0.0.1]"]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"code": 454, "text": "not now"}, Pause(reason="tls_unavailable")),
        ({"code": 502, "text": "unknown"}, Stop(reason="no_starttls")),
        ({"raw": "220 go\r\n250 injected\r\n", "then": "hang"}, Pause(reason="tls_injected")),
        ({"raw": "220 go\r\n", "then": "reset"}, Pause(reason="tls_broken")),
        ({"raw": "220 go\r\n", "then": "close"}, Pause(reason="tls_broken")),
        ({"then": "reset"}, Later(reason="line_broke", hang_up=True)),
    ],
)
def test_starttls(
    make_smtp_server: MakeServer, trusted: Authority, answer: dict[str, object], verdict: Verdict
) -> None:
    server = make_smtp_server(certificate=trusted.issue("127.0.0.1"), users=USERS)
    server.answer("starttls", **answer)  # type: ignore[arg-type]  # as the fields of Answer say
    assert refused(server, security=Security.STARTTLS, **LOGIN).verdict == verdict
    assert not any(command.startswith("AUTH") for command in server.commands)


def test_tls_to_a_port_that_speaks_clear(smtp_server: SmtpServer) -> None:
    assert refused(smtp_server, security=Security.TLS).verdict == Pause(reason="tls_broken")


def by_another(authority: Authority) -> Path:
    folder = authority.folder / "otra"
    folder.mkdir(exist_ok=True)
    return make_authority(folder, "Otra").issue("127.0.0.1")


CERTIFICATES: list[tuple[Callable[[Authority], Path], str]] = [
    (lambda authority: authority.issue("127.0.0.1", expired=True), "certificate_expired"),
    (lambda authority: authority.issue("otro.example.co"), "certificate_other_host"),
    (by_another, "certificate_unknown"),
]


@pytest.mark.parametrize("tls_at_once", [False, True])
@pytest.mark.parametrize(("issue", "reason"), CERTIFICATES)
def test_certificates_that_are_not_believed(
    make_smtp_server: MakeServer,
    trusted: Authority,
    issue: Callable[[Authority], Path],
    reason: str,
    tls_at_once: bool,
) -> None:
    server = make_smtp_server(certificate=issue(trusted), tls_at_once=tls_at_once, users=USERS)
    security = Security.TLS if tls_at_once else Security.STARTTLS
    opened = refused(server, security=security, **LOGIN)
    assert (opened.verdict, opened.stage) == (Stop(reason=reason), Stage.TLS)
    assert "vence el" in opened.detail
    assert opened.certificate in opened.detail
    assert not any(command.startswith("AUTH") for command in server.commands)
    # The account may trust this one certificate, and no other.
    connected(server, security=security, trusted_certificate=opened.certificate, **LOGIN)
    another = refused(server, security=security, trusted_certificate="0" * 64, **LOGIN)
    assert another.verdict == Stop(reason="certificate_unknown")


# Login.


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN", "PLAIN", "CRAM-MD5 LOGIN"])
def test_login(make_smtp_server: MakeServer, mechanisms: str) -> None:
    server = make_smtp_server(users=USERS, mechanisms=mechanisms)
    connected(server, **LOGIN)
    assert server.counts["auth"] == 1


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN"])
def test_a_wrong_password_is_tried_once(make_smtp_server: MakeServer, mechanisms: str) -> None:
    server = make_smtp_server(users=USERS, mechanisms=mechanisms)
    opened = refused(server, username="ana", password="otra")
    assert (opened.verdict, opened.text) == (Stop(reason="login_refused"), "535 5.7.8 bad credentials")
    assert server.counts["auth"] == 1


@pytest.mark.parametrize("mechanisms", ["", "XOAUTH2", "CRAM-MD5"])
def test_no_mechanism_in_common(make_smtp_server: MakeServer, mechanisms: str) -> None:
    server = make_smtp_server(users=USERS, mechanisms=mechanisms)
    assert refused(server, **LOGIN).verdict == Stop(reason="no_mechanism")


@pytest.mark.parametrize(
    ("code", "text", "verdict"),
    [
        (534, "5.7.9 application-specific password", Stop(reason="app_password_needed")),
        (530, "5.7.0 STARTTLS first", Stop(reason="login_refused")),
        (538, "5.7.11 encryption", Stop(reason="login_refused")),
        (454, "4.7.0 too many logins", Pause(reason="login_busy")),
        (421, "", Pause(reason="login_busy")),
        (432, "4.3.2 connections", Pause(reason="too_many_connections", at_least=20, fewer_connections=True)),
    ],
)
def test_login_refused(make_smtp_server: MakeServer, code: int, text: str, verdict: Verdict) -> None:
    server = make_smtp_server(users=USERS)
    server.answer("auth", code, text)
    assert refused(server, **LOGIN).verdict == verdict


@pytest.mark.parametrize("echo", [SECRET, "AGFuYQBjbGF2ZS1kZS1wcnVlYmE=", "Y2xhdmUtZGUtcHJ1ZWJh"])
def test_a_server_that_repeats_the_password_does_not_make_us_show_it(make_smtp_server: MakeServer, echo: str) -> None:
    server = make_smtp_server(users=USERS)
    server.answer("auth", 535, f"5.7.8 cannot log in with {echo}")
    opened = refused(server, **LOGIN)
    assert echo not in repr(opened)
    assert opened.text == "535 5.7.8 cannot log in with ***"


def test_a_server_does_not_show_its_password() -> None:
    server = Server(host="mail.example.co", port=587, **LOGIN)
    assert SECRET not in repr(server)
    assert SECRET not in str(server)


def test_the_name_said_in_ehlo(smtp_server: SmtpServer) -> None:
    assert isinstance(connected(smtp_server, local_name="cartero.example.co"), Connection)
    assert smtp_server.commands == ["EHLO cartero.example.co"]


def test_a_fingerprint_is_sha_256() -> None:
    assert certificates.fingerprint(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
