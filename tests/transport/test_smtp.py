"""Every line of the table of replies against a server that answers so: alike with and without pipelining."""

import json
from collections.abc import Callable

import pytest

from cartero.platform import wire
from cartero.transport import smtp
from cartero.transport.opening import NotConnected
from cartero.transport.replies import Doubt, Fail, Later, Pause, Sent, Stage, Stop, Verdict
from cartero.transport.server import Timeouts
from cartero.transport.smtp import Connection
from tests.smtp import EXTENSIONS, SmtpServer
from tests.transport.conftest import account_at, connected

ANA, BRUNO, CARLA = "ana@uno.example.co", "bruno@dos.example.co", "carla@tres.example.co"
SENDER = "facturas@example.co"
MESSAGE = b"Message-ID: <1.7@example.co>\r\nSubject: Factura\r\n\r\nHola\r\n"
LARGE = MESSAGE + (b"x" * 76 + b"\r\n") * 400_000  # 31 MB: more than the buffers of two sockets hold
BAD_ADDRESS = Fail(reason="bad_address", address_unusable=True)

CLOSING = Later(reason="closing", hang_up=True)
ODD = Later(reason="odd_reply", hang_up=True)
BROKE = Later(reason="line_broke", hang_up=True)
LEFT_OVER = Later(reason="left_over", at_once=True, hang_up=True)
FEWER = Pause(reason="too_many_connections", at_least=20, fewer_connections=True)
SLOWER = Pause(reason="too_fast", fewer_connections=True)
TOMORROW = Stop(reason="daily_limit", until_tomorrow=True)
IN_DOUBT = Doubt(reason="broken_after_dot")


@pytest.fixture(params=["pipelined", "step by step"])
def server(request: pytest.FixtureRequest, smtp_server: SmtpServer) -> SmtpServer:
    pipelined = request.param == "pipelined"
    smtp_server.extensions = EXTENSIONS if pipelined else tuple(e for e in EXTENSIONS if e != "PIPELINING")
    return smtp_server


def transmit(connection: Connection, *recipients: str, message: bytes = MESSAGE) -> smtp.Transmission:
    return connection.transmit(SENDER, recipients or (ANA,), message)


def test_a_mail_is_sent_and_the_servers_words_kept(server: SmtpServer) -> None:
    done = transmit(connected(server))
    assert (done.verdict, done.stage, done.wrote_dot, dict(done.refused)) == (Sent(), Stage.END, True, {})
    assert done.text == "250 2.0.0 ok queued as 000001"
    assert server.messages == [MESSAGE]
    assert server.log is not None
    logged = json.loads(server.log.read_text())
    assert (logged["message_id"], logged["sender"], logged["recipients"]) == ("<1.7@example.co>", SENDER, [ANA])


HEAD = b"Subject: Factura\r\n\r\n"
DOTTED = [
    b".\r\n",
    b"..\r\n.\r\n\r\n.a\r\n",
    b"a.\r\n.b\r\n",
    b"a\r\n.",  # no end of its last line: it gets one
    b"a\r\n.\r\nMAIL FROM:<b@example.co>\r\nRCPT TO:<c@example.co>\r\nDATA\r\n",
]


@pytest.mark.parametrize("body", DOTTED)
def test_dots_that_begin_a_line_arrive_as_they_are(server: SmtpServer, body: bytes) -> None:
    parts = [HEAD, body]
    for message in (HEAD + body, body, wire.message([*parts, b"\r\nYWJj\r\n"], [*parts, b"\r\n\r\n"])):
        server.messages.clear()
        assert transmit(connected(server), message=message).verdict == Sent()
        assert server.messages == [message if message.endswith(b"\r\n") else message + b"\r\n"]
    assert server.count_by_recipient().keys() == {ANA}


def test_many_mails_go_over_one_connection(server: SmtpServer) -> None:
    connection = connected(server)
    assert [transmit(connection, ANA).verdict for _ in range(20)] == [Sent()] * 20
    assert (connection.mails, server.count_by_recipient(), server.counts["ehlo"]) == (20, {ANA: 20}, 1)


SCRIPTS: list[tuple[str, dict[str, object], Verdict, bool]] = [
    # stage, what is answered, verdict, whether the connection stays
    ("mail", {"code": 421, "text": "4.4.2 timeout", "then": "close"}, CLOSING, False),
    ("mail", {"code": 432, "text": "4.3.2 concurrent connections"}, FEWER, True),
    ("mail", {"code": 451, "text": "4.7.500 busy"}, SLOWER, True),
    ("mail", {"code": 421, "text": "4.7.28 rate", "then": "close"}, SLOWER, False),
    ("mail", {"code": 452, "text": "4.3.1 disk"}, Pause(reason="server_full"), True),
    ("mail", {"code": 550, "text": "5.7.60 not allowed"}, Stop(reason="sender_not_owned"), True),
    ("mail", {"code": 553, "text": "5.7.1 not owned"}, Stop(reason="sender_not_owned"), True),
    ("mail", {"code": 501, "text": "5.1.7 bad sender"}, Stop(reason="sender_not_owned"), True),
    ("mail", {"code": 552, "text": "5.3.4 size"}, Fail(reason="too_large"), True),
    ("mail", {"code": 503, "text": "5.5.1 sender already specified"}, LEFT_OVER, False),
    ("mail", {"code": 550, "text": "no"}, Stop(reason="sender_refused"), True),
    ("mail", {"then": "reset"}, BROKE, False),
    ("mail", {"then": "close"}, BROKE, False),
    ("mail", {"then": "hang"}, BROKE, False),
    ("mail", {"raw": "\x15\x03\x01\x00"}, ODD, False),
    ("mail", {"raw": "HTTP/1.1 400 Bad Request\r\n"}, ODD, False),
    ("mail", {"code": 250, "raw": "250 ok\r\n550 5.1.1 one too many\r\n"}, ODD, False),
    ("rcpt", {"code": 421, "text": "", "then": "close"}, CLOSING, False),
    ("rcpt", {"code": 450, "text": "4.2.0 greylisted"}, Later(reason="greylisted", at_least=60), True),
    ("rcpt", {"code": 451, "text": "4.7.1 later"}, Later(reason="greylisted", at_least=60), True),
    ("rcpt", {"code": 452, "text": "4.2.2 full"}, Later(reason="mailbox_full_now"), True),
    ("rcpt", {"code": 450, "text": "4.2.1 too fast"}, Later(reason="mailbox_busy"), True),
    ("rcpt", {"code": 550, "text": "5.1.1 no such user"}, Fail(reason="no_mailbox", address_unusable=True), True),
    ("rcpt", {"code": 550, "text": "5.2.1 disabled"}, Fail(reason="mailbox_off"), True),
    ("rcpt", {"code": 552, "text": "5.2.2 full"}, Fail(reason="mailbox_full"), True),
    ("rcpt", {"code": 550, "text": "no"}, Fail(reason="recipient_refused"), True),
    ("rcpt", {"code": 550, "text": "5.7.1 relaying denied"}, Stop(reason="relay_denied"), True),
    ("rcpt", {"code": 530, "text": "login"}, Stop(reason="login_required"), True),
    ("rcpt", {"code": 251, "text": "will forward"}, Sent(), True),
    ("rcpt", {"code": 252, "text": "cannot verify"}, Sent(), True),
    # Nobody else was accepted, so haste would never end.
    ("rcpt", {"code": 452, "text": "4.5.3 too many"}, Later(reason="too_many_recipients"), True),
    ("rcpt", {"then": "reset"}, BROKE, False),
    ("rcpt", {"then": "hang"}, BROKE, False),
    ("data", {"code": 421, "text": "", "then": "close"}, CLOSING, False),
    ("data", {"code": 451, "text": ""}, Later(reason="deferred"), True),
    ("data", {"code": 554, "text": "5.5.1 no valid recipients"}, Later(reason="recipients_lost"), True),
    ("data", {"code": 550, "text": "no"}, Fail(reason="mail_refused"), True),
    ("data", {"code": 250, "text": "ok"}, ODD, False),
    ("data", {"then": "reset"}, BROKE, False),
    ("data", {"then": "hang"}, BROKE, False),
    ("data", {"raw": "354 go\r\n250 one too many\r\n"}, ODD, False),
    ("end", {"code": 250, "text": "2.0.0 queued as 77"}, Sent(), True),
    ("end", {"code": 299, "text": ""}, Sent(), True),
    ("end", {"code": 451, "text": "4.3.0 later"}, Later(reason="deferred"), True),
    ("end", {"code": 452, "text": ""}, Later(reason="deferred"), True),
    ("end", {"code": 421, "text": "", "then": "close"}, CLOSING, False),
    ("end", {"code": 550, "text": "5.4.5 Daily user sending limit exceeded"}, TOMORROW, True),
    ("end", {"code": 554, "text": "5.2.0 SubmissionQuotaExceeded"}, TOMORROW, True),
    ("end", {"code": 554, "text": "5.2.252 SendAsDenied"}, Stop(reason="sender_not_owned"), True),
    ("end", {"code": 554, "text": "5.2.251 full"}, Stop(reason="account_full"), True),
    ("end", {"code": 550, "text": "5.2.253 licence"}, Stop(reason="account_unlicensed"), True),
    ("end", {"code": 552, "text": "5.3.4 size"}, Fail(reason="too_large"), True),
    ("end", {"code": 554, "text": "5.7.1 spam"}, Fail(reason="content_refused"), True),
    ("end", {"then": "reset"}, IN_DOUBT, False),
    ("end", {"then": "close"}, IN_DOUBT, False),
    ("end", {"then": "hang"}, IN_DOUBT, False),
    ("end", {"then": "reset", "keep": True}, IN_DOUBT, False),  # the server has it: nobody can tell
    ("end", {"raw": "250-half a reply", "then": "close", "keep": True}, IN_DOUBT, False),
    ("end", {"raw": "hello\r\n", "keep": True}, Doubt(reason="odd_after_dot"), False),
    ("end", {"code": 354, "text": "go on"}, Doubt(reason="odd_after_dot"), False),
    ("end", {"raw": "150 well\r\n"}, Doubt(reason="odd_after_dot"), False),
    ("end", {"raw": "250 ok\r\n250 ok\r\n", "keep": True}, Doubt(reason="odd_after_dot"), False),
    # A small mail is in the socket, dot and all, before a reset in its body comes back.
    ("body", {"then": "reset"}, IN_DOUBT, False),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "answer", "verdict", "stays"), SCRIPTS)
def test_the_table(server: SmtpServer, stage: str, answer: dict[str, object], verdict: Verdict, stays: bool) -> None:
    connection = connected(server)
    server.answer(stage, times=1, **answer)  # type: ignore[arg-type]  # as the fields of Answer say
    done = transmit(connection)
    assert done.verdict == verdict
    assert connection.is_open is stays
    assert done.wrote_dot is (stage in {"end", "body"} or verdict == Sent())
    # Afterwards others go, by this connection or by another one, and nothing is left over.
    following = connection if stays else connected(server)
    assert transmit(following, BRUNO).verdict == Sent()
    assert server.count_by_recipient()[BRUNO] == 1


@pytest.mark.parametrize("then", ["reset", "close", "freeze"])
def test_a_line_that_breaks_before_the_dot_is_written_leaves_no_doubt(server: SmtpServer, then: str) -> None:
    connection = connected(server)
    server.answer("body", then=then)
    done = transmit(connection, message=LARGE)
    assert (done.verdict, done.stage, done.wrote_dot) == (BROKE, Stage.BODY, False)
    assert not connection.is_open


def test_a_refusal_in_the_middle_of_the_body_is_heard(server: SmtpServer) -> None:
    connection = connected(server)
    server.answer("body", 552, "5.3.4 too large", then="close")
    assert transmit(connection, message=LARGE).verdict == Fail(reason="too_large")


def test_a_sender_refused_with_a_good_bye_is_refused(server: SmtpServer) -> None:
    server.answer("mail", 550, "no", then="close")
    assert transmit(connected(server)).verdict == Stop(reason="sender_refused")


def test_a_refused_address_fails_alone(server: SmtpServer) -> None:
    server.answer("rcpt", 550, "5.1.1 no such user", when=BRUNO)
    server.answer("rcpt", 450, "4.2.0 greylisted", when=CARLA)
    done = transmit(connected(server), ANA, BRUNO, CARLA)
    assert done.verdict == Sent()
    assert {address: refusal.verdict for address, refusal in done.refused.items()} == {
        BRUNO: Fail(reason="no_mailbox", address_unusable=True),
        CARLA: Later(reason="greylisted", at_least=60),
    }
    assert server.mails[0].recipients == (ANA,)


def test_all_refused_waits_for_the_one_that_may_come(server: SmtpServer) -> None:
    server.answer("rcpt", 550, "5.1.1 no such user", when=ANA)
    server.answer("rcpt", 450, "4.2.0 greylisted", when=BRUNO)
    done = transmit(connected(server), ANA, BRUNO)
    assert (done.verdict, set(done.refused)) == (Later(reason="greylisted", at_least=60), {ANA, BRUNO})
    assert server.mails == []


def test_too_many_recipients_go_at_once_in_another_mail(server: SmtpServer) -> None:
    server.answer("rcpt", 452, "4.5.3 too many", when=BRUNO, times=1)
    connection = connected(server)
    done = transmit(connection, ANA, BRUNO)
    assert done.refused[BRUNO].verdict == Later(reason="too_many_recipients", at_once=True)
    assert transmit(connection, BRUNO).verdict == Sent()
    assert server.count_by_recipient() == {ANA: 1, BRUNO: 1}


def test_a_relay_refused_for_one_stops_all_and_blames_nobody(server: SmtpServer) -> None:
    server.answer("rcpt", 550, "5.7.1 relaying denied", when=BRUNO)
    done = transmit(connected(server), ANA, BRUNO)
    assert (done.verdict, dict(done.refused)) == (Stop(reason="relay_denied"), {})
    assert server.mails == []


def test_an_opened_data_is_left_without_a_mail(server: SmtpServer) -> None:
    """Some servers say 354 although nobody is left; a lone dot might make a mail there that nobody owns."""
    server.answer("rcpt", 550, "5.1.1 no such user", when=ANA)
    server.answer("data", 354, "go ahead")
    connection = connected(server)
    assert transmit(connection).verdict == Fail(reason="no_mailbox", address_unusable=True)
    following = connection if connection.is_open else connected(server)
    assert transmit(following, BRUNO).verdict == Sent()
    assert [kept.recipients for kept in server.mails] == [(BRUNO,)]


@pytest.mark.parametrize("then", ["reset", "close"])
def test_a_mail_sent_before_makes_no_doubt_of_the_next(server: SmtpServer, then: str) -> None:
    connection = connected(server)
    assert transmit(connection).wrote_dot
    server.answer("mail", then=then)
    done = transmit(connection, BRUNO)
    assert (done.verdict, done.wrote_dot) == (BROKE, False)


def test_after_a_421_nobody_waits_for_more(server: SmtpServer) -> None:
    server.answer("rcpt", 421, "closing", then="hang", when=ANA)
    connection = connected(server, timeouts=Timeouts())  # five minutes
    assert transmit(connection, ANA, BRUNO).verdict == CLOSING
    assert not connection.is_open


def test_a_line_that_breaks_after_a_refused_recipient_keeps_the_refusal(server: SmtpServer) -> None:
    server.answer("rcpt", 550, "5.1.1 no such user", when=ANA)
    server.answer("rcpt", then="reset", when=BRUNO)
    done = transmit(connected(server), ANA, BRUNO)
    assert (done.verdict, set(done.refused)) == (BROKE, {ANA})


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        ("250-" + "x" * 600 + "\r\n250 ok\r\n", Sent()),
        ("250-one\n250 two\n", Sent()),
        ("250-ok\r\n451 mixed\r\n", Later(reason="deferred")),
        ("250-linea\r\n" * 5000 + "250 ok\r\n", Sent()),
        ("250-linea\r\n" * 10_000 + "250 ok\r\n", Doubt(reason="odd_after_dot")),  # past 64 KB
        ("250 recibido, se\xc3\xb1ora\r\n", Sent()),
    ],
)
def test_long_and_odd_replies(server: SmtpServer, raw: str, verdict: Verdict) -> None:
    server.answer("end", raw=raw, keep=True)
    assert transmit(connected(server)).verdict == verdict


def test_a_reply_that_drips_within_the_time_is_normal(server: SmtpServer) -> None:
    server.answer("end", 250, "ok", drip=0.02, keep=True)
    assert transmit(connected(server)).verdict == Sent()


def test_a_reply_that_drips_past_the_time_is_none(server: SmtpServer) -> None:
    server.answer("mail", 250, "ok", drip=0.2)
    assert transmit(connected(server)).verdict == BROKE


def test_quit_changes_nothing(server: SmtpServer) -> None:
    server.answer("quit", then="reset")
    connection = connected(server)
    assert transmit(connection).verdict == Sent()
    connection.close()
    assert not connection.is_open
    assert server.count_by_recipient() == {ANA: 1}


@pytest.mark.parametrize("answer", [{"code": 500}, {"then": "reset"}, {"code": 421, "then": "close"}])
def test_a_reset_that_fails_costs_the_next_mail_no_attempt(server: SmtpServer, answer: dict[str, object]) -> None:
    server.answer("rcpt", 550, "5.1.1 no such user", when=ANA)
    server.answer("rset", **answer)  # type: ignore[arg-type]  # as the fields of Answer say
    connection = connected(server)
    transmit(connection, ANA)
    assert transmit(connection, BRUNO).verdict == LEFT_OVER
    assert not connection.is_open


def test_dots_and_line_ends_arrive_as_they_were(server: SmtpServer) -> None:
    message = MESSAGE + b".\r\n..\r\n.a\r\nb.\r\n\r\n."
    transmit(connected(server), message=message)
    transmit(connected(server), message=b"." + MESSAGE)
    assert server.messages == [message + b"\r\n", b"." + MESSAGE]


@pytest.mark.parametrize(
    "odd", [b"a\nb\r\n", b"a\rb\r\n", b"a\n.\nMAIL FROM:<x@example.com>\r\n", b"a\r.\r\n", b"\n\r"]
)
def test_a_bare_line_end_is_never_sent(server: SmtpServer, odd: bytes) -> None:
    connection = connected(server)
    assert transmit(connection, message=MESSAGE + odd).verdict == Fail(reason="bad_line_ends")
    assert server.counts["mail"] == 0
    assert connection.is_open


@pytest.mark.parametrize(
    "address", ["a@b.co>\r\nRCPT TO:<x@example.com", "a b@example.co", "a<b@example.co", "a\x00@b.co"]
)
def test_an_address_cannot_hold_a_command(server: SmtpServer, address: str) -> None:
    done = transmit(connected(server), ANA, address)
    assert (done.verdict, done.refused[address].verdict) == (Sent(), BAD_ADDRESS)
    assert server.mails[0].recipients == (ANA,)


def without(*names: str) -> tuple[str, ...]:
    return tuple(extension for extension in EXTENSIONS if extension.split()[0] not in names)


@pytest.mark.parametrize(
    "extensions",
    [(), EXTENSIONS, *[without(name.split()[0]) for name in EXTENSIONS], *[(name,) for name in EXTENSIONS]],
)
def test_each_extension_present_or_absent(smtp_server: SmtpServer, extensions: tuple[str, ...]) -> None:
    smtp_server.extensions = extensions
    assert transmit(connected(smtp_server)).verdict == Sent()
    mail = next(command for command in smtp_server.commands if command.startswith("MAIL"))
    assert ("SIZE=" in mail) is ("SIZE 52428800" in extensions)
    assert "BODY=" not in mail  # nothing is asked for that the mail does not need
    assert "SMTPUTF8" not in mail
    assert smtp_server.messages == [MESSAGE]


def test_a_server_without_ehlo(smtp_server: SmtpServer) -> None:
    smtp_server.answer("ehlo", 502, "what?")
    assert transmit(connected(smtp_server)).verdict == Sent()
    assert smtp_server.commands[:3] == ["EHLO [127.0.0.1]", "HELO [127.0.0.1]", f"MAIL FROM:<{SENDER}>"]


def test_what_is_over_the_servers_size_is_not_begun(smtp_server: SmtpServer) -> None:
    smtp_server.extensions = ("SIZE 2100000",)
    done = transmit(connected(smtp_server), message=MESSAGE + b"x" * 4_000_000 + b"\r\n")
    assert (done.verdict, done.detail) == (
        Fail(reason="too_large"), "El correo pesa 3,8 MB y el servidor acepta hasta 2 MB."
    )  # fmt: skip
    assert smtp_server.counts["mail"] == 0


UTF8 = "añá@example.co"


def test_an_address_that_needs_smtputf8(smtp_server: SmtpServer) -> None:
    assert transmit(connected(smtp_server), UTF8).verdict == Sent()
    assert smtp_server.mails[0].recipients == (UTF8,)
    assert any(command.endswith(" SMTPUTF8") for command in smtp_server.commands)


def test_an_address_that_needs_smtputf8_fails_where_it_is_not_offered(smtp_server: SmtpServer) -> None:
    smtp_server.extensions = without("SMTPUTF8")
    done = transmit(connected(smtp_server), ANA, UTF8)
    assert (done.verdict, done.refused[UTF8].verdict) == (Sent(), Fail(reason="needs_smtputf8"))
    assert transmit(connected(smtp_server), UTF8).verdict == Fail(reason="needs_smtputf8")


@pytest.mark.parametrize(
    ("message", "missing", "verdict"),
    [
        ("Subject: x\r\n\r\nñ\r\n", "8BITMIME", Fail(reason="not_plain_text")),
        ("Subject: x\r\n\r\nñ\r\n", "SMTPUTF8", Sent()),
        ("Subject: ñ\r\n\r\nx\r\n", "SMTPUTF8", Fail(reason="needs_smtputf8")),
        ("Subject: ñ\r\n\r\nx\r\n", "DSN", Sent()),
    ],
)
def test_eight_bits(smtp_server: SmtpServer, message: str, missing: str, verdict: Verdict) -> None:
    smtp_server.extensions = without(missing)
    assert transmit(connected(smtp_server), message=message.encode()).verdict == verdict


def test_a_good_bye_between_mails_is_noticed(server: SmtpServer, until: Callable[[Callable[[], bool]], bool]) -> None:
    connection = connected(server)
    transmit(connection)
    assert connection.is_usable()
    server.drop_connections()
    assert until(lambda: not connection.is_usable())


def test_pipelined_commands_leave_in_one_write(smtp_server: SmtpServer) -> None:
    smtp_server.answer("mail", 250, "ok", drip=0.05)  # slow, and yet the rest is there already
    assert transmit(connected(smtp_server), ANA, BRUNO).verdict == Sent()
    assert smtp_server.commands[-4:] == [
        f"MAIL FROM:<{SENDER}> SIZE={len(MESSAGE)}", f"RCPT TO:<{ANA}>", f"RCPT TO:<{BRUNO}>", "DATA"
    ]  # fmt: skip


def test_more_connections_than_allowed(smtp_server: SmtpServer) -> None:
    smtp_server.answer("greeting", 421, "4.7.0 Too many connections", when=lambda moment: moment.connections > 1)
    first = connected(smtp_server)
    second = smtp.connect(account_at(smtp_server))
    assert isinstance(second, NotConnected)
    assert second.verdict == Pause(reason="too_many_connections", fewer_connections=True)
    assert transmit(first).verdict == Sent()
