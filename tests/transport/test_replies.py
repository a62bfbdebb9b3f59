import pytest

from cartero.transport.replies import (
    SHOWN,
    Broken,
    Doubt,
    Fail,
    Kind,
    Later,
    Pause,
    Reply,
    Sent,
    Stage,
    Stop,
    Verdict,
    judge,
    lets_on,
)

S = Stage
CLOSED = Later(reason="closing", hang_up=True)
ODD = Later(reason="odd_reply", hang_up=True)
BROKE = Later(reason="line_broke", hang_up=True)
LEFT_OVER = Later(reason="left_over", at_once=True, hang_up=True)
SLOWER = Pause(reason="too_fast", fewer_connections=True)
FEWER = Pause(reason="too_many_connections", at_least=20, fewer_connections=True)
TOMORROW = Stop(reason="daily_limit", until_tomorrow=True)

REPLIES: list[tuple[Stage, int, str, Verdict]] = [
    # Greeting and EHLO: the account's, nobody's mail failed.
    (S.GREETING, 421, "4.3.2 closing", Pause(reason="server_busy")),
    (S.GREETING, 421, "Too many connections", Pause(reason="too_many_connections", fewer_connections=True)),
    (S.GREETING, 451, "later", Pause(reason="server_busy")),
    (S.GREETING, 450, "", Pause(reason="server_busy")),
    (S.GREETING, 554, "5.7.1 203.0.113.9 is on a block list", Stop(reason="blocked_here")),
    (S.GREETING, 521, "no mail here", Stop(reason="blocked_here")),
    (S.GREETING, 354, "what", Stop(reason="not_a_mail_server")),
    (S.EHLO, 550, "go away", Stop(reason="greeting_refused")),  # HELO was refused too
    (S.EHLO, 421, "busy", Pause(reason="server_busy")),
    # STARTTLS and login.
    (S.STARTTLS, 454, "TLS not available", Pause(reason="tls_unavailable")),
    (S.STARTTLS, 502, "not implemented", Stop(reason="no_starttls")),
    (S.AUTH, 535, "5.7.8 bad credentials", Stop(reason="login_refused")),
    (S.AUTH, 534, "5.7.9 application-specific password required", Stop(reason="app_password_needed")),
    (S.AUTH, 535, "5.7.139 SmtpClientAuthentication is disabled for the Tenant", Stop(reason="login_switched_off")),
    (S.AUTH, 530, "5.7.0 must issue STARTTLS first", Stop(reason="login_refused")),
    (S.AUTH, 538, "5.7.11 encryption required", Stop(reason="login_refused")),
    (S.AUTH, 454, "4.7.0 too many login attempts", Pause(reason="login_busy")),
    (S.AUTH, 421, "", Pause(reason="login_busy")),
    (S.AUTH, 432, "4.3.2 concurrent connections", FEWER),
    # 421 at any later stage: a refusal, not a doubt.
    (S.RSET, 421, "bye", CLOSED),
    (S.MAIL, 421, "4.4.2 timeout", CLOSED),
    (S.RCPT, 421, "", CLOSED),
    (S.DATA, 421, "", CLOSED),
    (S.BODY, 421, "", CLOSED),
    (S.END, 421, "4.3.0 temporary system problem", CLOSED),
    # MAIL: too fast, or too many.
    (S.MAIL, 432, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", FEWER),
    (S.END, 432, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", FEWER),  # Exchange says it here
    (S.MAIL, 451, "4.7.500 server busy", SLOWER),
    (S.MAIL, 421, "4.7.28 unusual rate", SLOWER),
    (S.MAIL, 450, "4.7.28 unusual rate", SLOWER),
    (S.MAIL, 450, "4.2.1 receiving at a rate", SLOWER),
    (S.MAIL, 421, "4.2.1 rate", SLOWER),
    (S.END, 454, "Throttling failure: Maximum sending rate exceeded.", SLOWER),
    (S.MAIL, 451, "", Pause(reason="server_busy", fewer_connections=True)),
    (S.MAIL, 452, "4.3.1 insufficient storage", Pause(reason="server_full")),
    # MAIL: the sender.
    (S.MAIL, 550, "5.7.1 sender not allowed", Stop(reason="sender_not_owned")),
    (S.MAIL, 550, "5.7.60 no permissions to send as this sender", Stop(reason="sender_not_owned")),
    (S.MAIL, 553, "5.7.1 Sender address rejected: not owned by user", Stop(reason="sender_not_owned")),
    (S.MAIL, 501, "5.1.7 invalid address", Stop(reason="sender_not_owned")),
    (S.MAIL, 550, "", Stop(reason="sender_refused")),
    (S.MAIL, 530, "5.7.0 authentication required", Stop(reason="login_required")),
    (S.MAIL, 503, "AUTH first: authentication required", Stop(reason="login_required")),
    (S.MAIL, 552, "5.3.4 message size exceeds limit", Fail(reason="too_large")),
    (S.MAIL, 555, "", Fail(reason="too_large")),
    (S.MAIL, 503, "5.5.1 sender already specified", LEFT_OVER),
    # RCPT: later.
    (S.RCPT, 450, "4.2.0 greylisted", Later(reason="greylisted", at_least=60)),
    (S.RCPT, 451, "4.7.1 try again in five minutes", Later(reason="greylisted", at_least=60)),
    (S.RCPT, 451, "Greylisting in action", Later(reason="greylisted", at_least=60)),
    (S.RCPT, 452, "4.2.2 over quota", Later(reason="mailbox_full_now")),
    (S.RCPT, 450, "4.2.1 receiving too fast", Later(reason="mailbox_busy")),
    (S.RCPT, 452, "4.5.3 too many recipients", Later(reason="too_many_recipients", at_once=True)),
    (S.RCPT, 451, "", Later(reason="deferred")),
    (S.RCPT, 503, "5.5.1 MAIL first", LEFT_OVER),
    # RCPT: fail.
    (S.RCPT, 550, "5.1.1 no such user", Fail(reason="no_mailbox", address_unusable=True)),
    (S.RCPT, 550, "5.1.10 recipient not found", Fail(reason="no_mailbox", address_unusable=True)),
    (S.RCPT, 550, "5.1.2 no such domain", Fail(reason="no_domain", address_unusable=True)),
    (S.RCPT, 501, "5.1.3 bad syntax", Fail(reason="bad_address", address_unusable=True)),
    (S.RCPT, 553, "mailbox name not allowed", Fail(reason="bad_address", address_unusable=True)),
    (S.RCPT, 551, "user not local", Fail(reason="mailbox_moved", address_unusable=True)),
    (S.RCPT, 550, "5.2.1 disabled", Fail(reason="mailbox_off")),
    (S.RCPT, 552, "5.2.2 full", Fail(reason="mailbox_full")),
    (S.RCPT, 550, "no", Fail(reason="recipient_refused")),  # ten in a row: test_history
    (S.RCPT, 550, "4.1.1 contradicts its code", Fail(reason="recipient_refused")),
    # RCPT: all would fail alike.
    (S.RCPT, 550, "5.7.1 relaying denied", Stop(reason="relay_denied")),
    (S.RCPT, 554, "5.7.1 <x@example.com>: Relay access denied", Stop(reason="relay_denied")),
    (S.RCPT, 550, "5.7.1 authentication required", Stop(reason="relay_denied")),
    (S.RCPT, 530, "", Stop(reason="login_required")),
    # DATA without its 354.
    (S.DATA, 451, "", Later(reason="deferred")),
    (S.DATA, 550, "no", Fail(reason="mail_refused")),
    (S.DATA, 250, "ok", ODD),
    (S.DATA, 554, "5.5.1 no valid recipients", Later(reason="recipients_lost")),  # after a good RCPT
    (S.DATA, 503, "5.5.1 bad sequence", LEFT_OVER),
    # After the dot.
    (S.END, 250, "2.0.0 queued as 4F2", Sent()),
    (S.END, 252, "", Sent()),
    (S.END, 451, "4.3.0 later", Later(reason="deferred")),
    (S.END, 452, "", Later(reason="deferred")),
    (S.END, 550, "5.4.5 Daily user sending limit exceeded", TOMORROW),
    (S.END, 554, "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", TOMORROW),
    (S.END, 452, "4.5.3 daily message limit", TOMORROW),
    (S.END, 550, "5.7.233 daily limit", TOMORROW),
    (S.RCPT, 550, "5.1.90 daily limit for recipients", TOMORROW),
    (S.RCPT, 550, "Domain example.co has exceeded the max emails per hour", Pause(reason="hourly_limit", at_least=900)),
    (S.END, 554, "5.2.252 SendAsDenied", Stop(reason="sender_not_owned")),
    (S.END, 550, "5.7.60 client does not have permissions", Stop(reason="sender_not_owned")),
    (S.END, 554, "5.2.251 mailbox full", Stop(reason="account_full")),
    (S.END, 550, "5.2.253 no licence", Stop(reason="account_unlicensed")),
    (S.END, 550, "5.1.8 access denied, bad outbound sender", Stop(reason="account_blocked")),
    (S.END, 552, "5.3.4 too large", Fail(reason="too_large")),
    (S.END, 552, "message too large", Fail(reason="too_large")),
    (S.END, 550, "5.7.1 message content rejected", Fail(reason="content_refused")),
    (S.END, 554, "looks like SPAM", Fail(reason="content_refused")),
    (S.END, 554, "virus found", Fail(reason="content_refused")),
    (S.END, 552, "5.7.0 blocked: potential security issue", Fail(reason="content_refused")),
    (S.END, 554, "transaction failed", Fail(reason="mail_refused")),
    (S.END, 354, "go on", Doubt(reason="odd_after_dot")),
    (S.END, 150, "", Doubt(reason="odd_after_dot")),
]


@pytest.mark.parametrize(("stage", "code", "text", "verdict"), REPLIES)
def test_judge_a_reply(stage: Stage, code: int, text: str, verdict: Verdict) -> None:
    assert judge(Reply(stage=stage, code=code, text=text)) == verdict


BROKEN: list[tuple[Stage, Kind, bool, Verdict]] = [
    (S.CONNECT, Kind.UNRESOLVED, False, Pause(reason="unresolved")),
    (S.CONNECT, Kind.REFUSED, False, Pause(reason="no_answer")),
    (S.CONNECT, Kind.TIMEOUT, False, Pause(reason="no_answer")),
    (S.CONNECT, Kind.FORBIDDEN, False, Stop(reason="private_host")),
    (S.GREETING, Kind.RESET, False, Pause(reason="no_answer")),
    (S.GREETING, Kind.CLOSED, False, Pause(reason="no_answer")),
    (S.GREETING, Kind.TIMEOUT, False, Pause(reason="no_answer")),
    (S.GREETING, Kind.GARBAGE, False, Stop(reason="not_a_mail_server")),
    (S.STARTTLS, Kind.NO_STARTTLS, False, Stop(reason="no_starttls")),
    (S.STARTTLS, Kind.INJECTED, False, Pause(reason="tls_injected")),
    (S.TLS, Kind.TLS, False, Pause(reason="tls_broken")),
    (S.TLS, Kind.CERTIFICATE_UNKNOWN, False, Stop(reason="certificate_unknown")),
    (S.TLS, Kind.CERTIFICATE_EXPIRED, False, Stop(reason="certificate_expired")),
    (S.TLS, Kind.CERTIFICATE_OTHER_HOST, False, Stop(reason="certificate_other_host")),
    (S.AUTH, Kind.NO_MECHANISM, False, Stop(reason="no_mechanism")),
    *[
        (stage, kind, False, BROKE)  # without the dot the server must discard
        for stage in (S.EHLO, S.AUTH, S.MAIL, S.RCPT, S.DATA, S.BODY)
        for kind in (Kind.RESET, Kind.CLOSED, Kind.TIMEOUT)
    ],
    *[(S.END, kind, True, Doubt(reason="broken_after_dot")) for kind in (Kind.RESET, Kind.CLOSED, Kind.TIMEOUT)],
    (S.BODY, Kind.RESET, True, Doubt(reason="broken_after_dot")),  # what we wrote decides, not the stage
    (S.MAIL, Kind.GARBAGE, False, ODD),
    (S.DATA, Kind.OUT_OF_STEP, False, ODD),
    (S.END, Kind.GARBAGE, True, Doubt(reason="odd_after_dot")),
    (S.END, Kind.OUT_OF_STEP, True, Doubt(reason="odd_after_dot")),
]


@pytest.mark.parametrize(("stage", "kind", "wrote_dot", "verdict"), BROKEN)
def test_judge_a_broken_line(stage: Stage, kind: Kind, wrote_dot: bool, verdict: Verdict) -> None:
    assert judge(Broken(stage=stage, kind=kind, wrote_dot=wrote_dot)) == verdict


@pytest.mark.parametrize(
    ("stage", "code", "goes_on"),
    [
        (S.MAIL, 250, True),
        (S.MAIL, 354, False),
        (S.RCPT, 250, True),
        (S.RCPT, 251, True),
        (S.RCPT, 252, True),
        (S.RCPT, 450, False),
        (S.DATA, 354, True),
        (S.DATA, 250, False),
        (S.AUTH, 235, True),
        (S.AUTH, 334, False),
    ],
)
def test_lets_on(stage: Stage, code: int, goes_on: bool) -> None:
    assert lets_on(Reply(stage=stage, code=code)) is goes_on


def test_every_code_at_every_stage_has_a_verdict_and_only_a_250_after_the_dot_is_sent() -> None:
    for stage in Stage:
        for code in range(100, 600):
            verdict = judge(Reply(stage=stage, code=code))
            assert isinstance(verdict, Sent) == (stage is S.END and code in range(200, 300)), (stage, code)


@pytest.mark.parametrize(
    ("code", "text", "enhanced"),
    [
        (550, "5.1.1 no", "5.1.1"),
        (550, "5.1.1", "5.1.1"),
        (550, "no 5.1.1", ""),
        (550, "4.1.1 no", ""),
        (550, "5.1", ""),
    ],
)
def test_enhanced(code: int, text: str, enhanced: str) -> None:
    assert Reply(stage=S.RCPT, code=code, text=text).enhanced == enhanced


def test_shown_is_one_visible_line() -> None:
    reply = Reply(stage=S.END, code=554, text="uno\ndos\r\x1b[31m\u202e\x00 ñ " + "x" * 9000)
    assert reply.shown.startswith("554 uno dos\\r\\x1b[31m\\u202e\\x00 ñ xxx")
    assert len(reply.shown) == SHOWN
