"""What a mail server says, and what a whole sending makes of it: each line of the table, against a scripted server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from cartero.mailings import lifecycle, registering, reports, sending, upkeep
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import DeliveryStatus, MailingKind, MailingStatus
from cartero.parties.models import Address, AddressState
from cartero.transport.models import MailAccount
from cartero.transport.presets import Security
from tests.certificates import make_authority
from tests.factories import make_account, make_address, make_invoice, make_party
from tests.mailings.conftest import only
from tests.smtp import EXTENSIONS, SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)

PENDING, ACCEPTED, FAILED, DOUBT = "pending", "accepted", "failed", "in_doubt"
SECRET = "clave-de-prueba"
USER = {"username": "ana", "password": SECRET}
LATE, TOO_LATE = timedelta(minutes=16), timedelta(hours=48, minutes=1)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table: what the server does, and where the delivery, the account and the sending are then."""

    says: Sequence[dict[str, Any]]
    status: str
    reason: str = ""
    attempts: int = 0
    paused: str = ""
    stopped: str = ""
    kept: int = 0
    offers: Sequence[str] = EXTENSIONS
    account: dict[str, Any] = field(default_factory=dict)
    server: dict[str, Any] = field(default_factory=dict)
    at_least: float = 0  # seconds until the next attempt


def at(stage: str, code: int = 0, text: str = "", **more: Any) -> dict[str, Any]:
    return {"stage": stage, "code": code, "text": text, **more}


def later(reason: str, *says: dict[str, Any], **more: Any) -> Line:
    return Line(says=says, status=PENDING, reason=reason, attempts=1, **more)


def pause(reason: str, *says: dict[str, Any], **more: Any) -> Line:
    return Line(says=says, status=PENDING, paused=reason, **more)


def stop(reason: str, *says: dict[str, Any], **more: Any) -> Line:
    return Line(says=says, status=PENDING, stopped=reason, **more)


def fail(reason: str, *says: dict[str, Any], **more: Any) -> Line:
    return Line(says=says, status=FAILED, reason=reason, attempts=1, **more)


def doubt(reason: str, *says: dict[str, Any], **more: Any) -> Line:
    return Line(says=says, status=DOUBT, reason=reason, attempts=1, kept=1, **more)


def sent(*says: dict[str, Any], **more: Any) -> Line:
    return Line(says=says, status=ACCEPTED, attempts=more.pop("attempts", 1), kept=1, **more)


LOGIN: dict[str, Any] = {"account": USER, "server": {"users": {"ana": SECRET}}}
TLS = {"account": {"security": Security.STARTTLS}}

LINES = {
    # The connection.
    "name not resolved": pause("unresolved", account={"host": "no-existe.invalid"}),
    "nobody listens": pause("no_answer", account={"port": 9}),
    "hangs before the greeting": pause("no_answer", at("greeting", then="hang")),
    "reset before the greeting": pause("no_answer", at("greeting", then="reset")),
    "greeting 421": pause("server_busy", at("greeting", 421, "busy")),
    "greeting 451": pause("server_busy", at("greeting", 451, "later")),
    "greeting 421, too many": pause("too_many_connections", at("greeting", 421, "too many connections")),
    "greeting 554": stop("blocked_here", at("greeting", 554, "5.7.1 your address is blocked")),
    "greeting is HTTP": stop("not_a_mail_server", at("greeting", raw="HTTP/1.1 200 OK\r\n")),
    "EHLO refused, HELO not": sent(at("ehlo", 502, "no")),
    "EHLO and HELO refused": stop("greeting_refused", at("ehlo", 550, "no"), at("helo", 550, "no")),
    "reset in EHLO": pause("line_keeps_breaking", at("ehlo", then="reset")),
    "STARTTLS not offered": stop("no_starttls", **TLS),
    "STARTTLS 454": pause("tls_unavailable", at("starttls", 454, "not now"), server={"certificate": "ours"}, **TLS),
    "handshake broken": pause(
        "tls_broken", at("starttls", 220, "go", then="close"), server={"certificate": "ours"}, **TLS
    ),
    "certificate unknown": stop("certificate_unknown", server={"certificate": "strange"}, **TLS),
    "certificate expired": stop("certificate_expired", server={"certificate": "expired"}, **TLS),
    "certificate of another": stop("certificate_other_host", server={"certificate": "other"}, **TLS),
    "bytes behind STARTTLS": pause(
        "tls_injected", at("starttls", raw="220 go\r\n250 mine\r\n"), server={"certificate": "ours"}, **TLS
    ),
    # The login.
    "AUTH 535": stop("login_refused", at("auth", 535, "5.7.8 bad credentials"), **LOGIN),
    "AUTH 534": stop("app_password_needed", at("auth", 534, "5.7.9 application password"), **LOGIN),
    "AUTH 530": stop("login_refused", at("auth", 530, "no"), **LOGIN),
    "AUTH 454": pause("login_busy", at("auth", 454, "4.7.0 later"), **LOGIN),
    "AUTH 421": pause("login_busy", at("auth", 421, "later"), **LOGIN),
    "no mechanism in common": stop("no_mechanism", account=USER, server={"users": USER, "mechanisms": "GSSAPI"}),
    # The sender.
    "MAIL 421": later("closing", at("mail", 421, "closing", then="close")),
    "MAIL 451": pause("server_busy", at("mail", 451, "try later")),
    "MAIL 432": pause("too_many_connections", at("mail", 432, "4.3.2 concurrent connections")),
    "MAIL 451 4.7.500": pause("too_fast", at("mail", 451, "4.7.500 server busy")),
    "MAIL 421 4.7.28": pause("too_fast", at("mail", 421, "4.7.28 rate", then="close")),
    "MAIL 450 4.2.1": pause("too_fast", at("mail", 450, "4.2.1 too fast")),
    "MAIL 452 4.3.1": pause("server_full", at("mail", 452, "4.3.1 no disk")),
    "MAIL 550 5.7.60": stop("sender_not_owned", at("mail", 550, "5.7.60 may not send as this")),
    "MAIL 553 5.7.1": stop("sender_not_owned", at("mail", 553, "5.7.1 not owned by user")),
    "MAIL 501 5.1.7": stop("sender_not_owned", at("mail", 501, "5.1.7 bad sender")),
    "MAIL 552 5.3.4": fail("too_large", at("mail", 552, "5.3.4 too big")),
    "MAIL 555": fail("too_large", at("mail", 555, "parameters")),
    "MAIL 503, once": sent(at("mail", 503, "sender already specified", times=1)),
    "MAIL 503, always": Line(
        says=[at("mail", 503, "sender already specified")],
        status=PENDING,
        reason="left_over",
        paused="mails_refused",
    ),
    # The recipient.
    "RCPT 450 4.2.0": later("greylisted", at("rcpt", 450, "4.2.0 greylisted"), at_least=60),
    "RCPT 451 4.7.1": later("greylisted", at("rcpt", 451, "4.7.1 come back"), at_least=60),
    "RCPT 452 4.2.2": later("mailbox_full_now", at("rcpt", 452, "4.2.2 full")),
    "RCPT 450 4.2.1": later("mailbox_busy", at("rcpt", 450, "4.2.1 too fast")),
    "RCPT 421": later("closing", at("rcpt", 421, "closing", then="close")),
    "RCPT 550 5.1.1": fail("no_mailbox", at("rcpt", 550, "5.1.1 unknown")),
    "RCPT 550 5.1.10": fail("no_mailbox", at("rcpt", 550, "5.1.10 null MX")),
    "RCPT 550 5.1.2": fail("no_domain", at("rcpt", 550, "5.1.2 no such domain")),
    "RCPT 553": fail("bad_address", at("rcpt", 553, "5.1.3 syntax")),
    "RCPT 551": fail("mailbox_moved", at("rcpt", 551, "moved")),
    "RCPT 550 relaying": stop("relay_denied", at("rcpt", 550, "5.7.1 relaying denied")),
    "RCPT 550 authentication": stop("relay_denied", at("rcpt", 550, "5.7.1 authentication required")),
    "RCPT 530": stop("login_required", at("rcpt", 530, "5.7.0 log in")),
    "RCPT 550 5.2.1": fail("mailbox_off", at("rcpt", 550, "5.2.1 disabled")),
    "RCPT 552 5.2.2": fail("mailbox_full", at("rcpt", 552, "5.2.2 full")),
    "RCPT 550": fail("recipient_refused", at("rcpt", 550, "no")),
    "RCPT 251": sent(at("rcpt", 251, "forwarded")),
    "RCPT 252": sent(at("rcpt", 252, "cannot verify")),
    # The content.
    "DATA 451": later("deferred", at("data", 451, "later")),
    "DATA 421": later("closing", at("data", 421, "closing", then="close")),
    "DATA 554": fail("mail_refused", at("data", 554, "no")),
    "DATA 250": later("odd_reply", at("data", 250, "ok", times=1)),
    "DATA 554 no recipients": later("recipients_lost", at("data", 554, "no valid recipients")),
    "end 250": sent(at("end", 250, "2.0.0 ok: queued as ÑANDÚ-7")),
    "end 251": sent(at("end", 251, "ok")),
    "end 451": later("deferred", at("end", 451, "4.3.0 later")),
    "end 452": later("deferred", at("end", 452, "4.3.1 no room")),
    "end 421": later("closing", at("end", 421, "4.3.2 closing", then="close")),
    "end 550 5.4.5": stop("daily_limit", at("end", 550, "5.4.5 Daily user sending limit exceeded")),
    "end 554 quota": stop("daily_limit", at("end", 554, "5.2.0 SubmissionQuotaExceeded")),
    "end 452 daily": stop("daily_limit", at("end", 452, "4.5.3 daily recipient limit")),
    "end 554 SendAs": stop("sender_not_owned", at("end", 554, "5.2.252 SendAsDenied")),
    "end 550 5.7.60": stop("sender_not_owned", at("end", 550, "5.7.60 no permission")),
    "end 554 5.2.251": stop("account_full", at("end", 554, "5.2.251 mailbox full")),
    "end 554 5.2.253": stop("account_unlicensed", at("end", 554, "5.2.253 no license")),
    "end 552 5.3.4": fail("too_large", at("end", 552, "5.3.4 too big")),
    "end 550 spam": fail("content_refused", at("end", 550, "5.7.1 looks like spam")),
    "end 554 virus": fail("content_refused", at("end", 554, "5.7.1 virus found")),
    # Nobody can know.
    "reset after the dot": doubt("broken_after_dot", at("end", then="reset", keep=True)),
    "closed after the dot": doubt("broken_after_dot", at("end", then="close", keep=True)),
    "silence after the dot": doubt("broken_after_dot", at("end", then="hang", keep=True)),
    "half a reply after the dot": doubt("broken_after_dot", at("end", raw="250-2.0.0 o", keep=True, then="close")),
    "garbage after the dot": doubt("odd_after_dot", at("end", raw="\x16\x03\x01", keep=True)),
    "354 after the dot": doubt("odd_after_dot", at("end", 354, "go on", keep=True)),
    "150 after the dot": doubt("odd_after_dot", at("end", 150, "wait", keep=True)),
    "two replies after the dot": doubt("odd_after_dot", at("end", raw="250 ok\r\n250 ok\r\n", keep=True)),
    # The line breaks before the dot: it has nothing.
    "reset in MAIL": later("line_broke", at("mail", then="reset", times=1)),
    "closed in RCPT": later("line_broke", at("rcpt", then="close", times=1)),
    "hangs in RCPT": later("line_broke", at("rcpt", then="hang", times=1)),
    "hangs in DATA": later("line_broke", at("data", then="hang", times=1)),
    "garbage in MAIL": later("odd_reply", at("mail", raw="what?\r\n", times=1)),
    "TLS in RCPT": later("odd_reply", at("rcpt", raw="\x15\x03\x01\x00\x02", times=1)),
    # Odd but good.
    "many lines": sent(at("mail", 250, "\n".join(["2.1.0 ok"] * 300))),
    "10,000 lines": sent(at("mail", 250, "\n".join([""] * 10_000))),
    "longer than 64 KB": later("odd_reply", at("mail", 250, "\n".join(["x" * 60] * 2_000), times=1)),
    "bare line feed": sent(at("rcpt", 250, raw="250 2.1.5 ok\n")),
    "mixed codes": sent(at("rcpt", 250, raw="251-one\r\n250 two\r\n")),
    "UTF-8": sent(at("rcpt", 250, raw="250 2.1.5 aqu\xc3\xad est\xc3\xa1\r\n")),
    "byte by byte": sent(at("mail", 250, "ok", drip=0.002), at("end", 250, "ok", drip=0.002)),
    # What is offered.
    "nothing offered": sent(offers=()),
    "no EHLO at all": sent(at("ehlo", 500, "what?")),
    **{f"without {one}": sent(offers=[each for each in EXTENSIONS if each != one]) for one in EXTENSIONS},
    "SIZE too small": Line(says=(), status=FAILED, reason="too_large", attempts=1, offers=["SIZE 2000", "8BITMIME"]),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.SMTP_TIMEOUT_SCALE = 0.002  # a command 0.6 s, the end of a mail 1.2 s


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    ours = make_authority(tmp_path_factory.mktemp("ours"))
    strange = make_authority(tmp_path_factory.mktemp("strange"))
    files = {
        "ours": ours.issue("127.0.0.1"),
        "expired": ours.issue("127.0.0.1", expired=True),
        "other": ours.issue("smtp.example.com"),
        "strange": strange.issue("127.0.0.1"),
    }
    return ours.file, files


Scene = Callable[..., tuple[Mailing, SmtpServer]]


@pytest.fixture
def scene(certificates, monkeypatch, begin):
    """A sending that has begun, of so many mails or one `to` several addresses, with a server of its own."""
    trusted, files = certificates
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    servers: list[SmtpServer] = []

    def make(line: Line, mails: int = 1, to: Sequence[str] = ()) -> tuple[Mailing, SmtpServer]:
        options = dict(line.server)
        if "certificate" in options:
            options["certificate"] = Path(files[options["certificate"]])
        server = SmtpServer(extensions=line.offers, **options).start()
        servers.append(server)
        for answer in line.says:
            server.answer(**answer)
        each = [to] if to else [[f"tercero{n}@dominio{n}.example.com"] for n in range(mails)]
        return begin({"port": server.port} | line.account, each), server

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def begin(company, ana):
    def make(fields: dict[str, Any], each: Sequence[Sequence[str]]) -> Mailing:
        password = fields.pop("password", "")
        account = make_account(company, **fields)
        account.password = password
        account.save()
        for emails in each:
            party = make_party(company, emails[0])
            for more in emails[1:]:
                make_address(party, more)
            make_invoice(party)
        draft = Draft(name="Julio", account=account, subject="Factura", message_html="<p>Buenos días</p>")
        mailing = registering.register(company, Selection(kind=MailingKind.COPY), draft, by=ana, now=timezone.now())
        lifecycle.start(mailing, by=ana)
        return mailing

    return make


def work(mailing: Mailing) -> None:
    """As workers do, until nothing of it is due."""
    while sending.send_some(mailing.pk):
        pass
    upkeep.keep_going()
    mailing.refresh_from_db()


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_what_becomes_of_a_mail(scene, counted, line):
    mailing, server = scene(line)
    work(mailing)
    delivery, account = only(mailing), MailAccount.objects.get()
    assert (delivery.status, delivery.reason, delivery.attempts) == (line.status, line.reason, line.attempts)
    assert (account.pause_reason, mailing.status_reason) == (line.paused, line.stopped)
    assert len(server.mails) == line.kept
    assert counted(mailing) == {line.status: 1}
    expected = MailingStatus.STOPPED if line.stopped else MailingStatus.SENDING
    assert mailing.status == (expected if line.status == PENDING else MailingStatus.FINISHED)
    if line.paused:
        assert account.paused_until > timezone.now()
        assert line.reason or delivery.events.count() == 0  # it has not lost its turn
    if line.at_least:
        assert delivery.retry_at - timezone.now() > timedelta(seconds=line.at_least - 5)
    if line.stopped == "daily_limit":
        assert timedelta(hours=23) < mailing.resume_at - timezone.now() <= timedelta(days=1)


@pytest.mark.parametrize("name", ["AUTH 535", "AUTH 534", "AUTH 530"])
def test_a_password_that_was_refused_is_not_tried_again(scene, name):
    mailing, server = scene(LINES[name], mails=4)
    work(mailing)
    work(mailing)
    assert server.counts["auth"] == 1
    assert not MailAccount.objects.get().is_proven


@pytest.mark.parametrize("name", ["STARTTLS not offered", "certificate unknown", "bytes behind STARTTLS"])
def test_the_password_is_not_said_in_clear(scene, name):
    line = LINES[name]
    server_options = dict(line.server) | {"users": {"ana": SECRET}}
    mailing, server = scene(Line(says=line.says, status=PENDING, account=line.account | USER, server=server_options))
    work(mailing)
    assert server.counts["auth"] == 0
    assert only(mailing).status == DeliveryStatus.PENDING


PASSING = ["STARTTLS 454", "handshake broken", "bytes behind STARTTLS", "AUTH 454", "MAIL 503, always"]


@pytest.mark.parametrize("name", PASSING)
def test_what_no_waiting_mends_stops_after_15_minutes(scene, name, jobs):
    line = LINES[name]
    mailing, _server = scene(line)
    MailAccount.objects.update(paused_since=Now() - LATE, paused_until=Now())
    work(mailing)
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, line.paused)
    assert only(mailing).status == DeliveryStatus.PENDING
    assert jobs("tell_refused") == 1


@pytest.mark.parametrize("name", ["nobody listens", "greeting 421", "reset in EHLO", "MAIL 451", "MAIL 421 4.7.28"])
def test_no_pause_is_for_ever(scene, name, jobs):
    line = LINES[name]
    mailing, _server = scene(line)
    MailAccount.objects.update(paused_since=Now() - TOO_LATE, paused_until=Now())
    work(mailing)
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, line.paused)
    assert only(mailing).status == DeliveryStatus.PENDING
    assert jobs("tell_refused") == 1


def test_a_pause_of_last_week_is_none_of_today_s(scene):
    mailing, _server = scene(LINES["greeting 421"])
    MailAccount.objects.update(paused_since=Now() - timedelta(days=7), paused_until=Now() - timedelta(days=6))
    work(mailing)
    assert mailing.status == MailingStatus.SENDING
    assert timezone.now() - MailAccount.objects.get().paused_since < timedelta(minutes=5)


def test_it_is_told_until_when_it_tries(scene):
    mailing, _server = scene(LINES["greeting 421"])
    work(mailing)
    since = MailAccount.objects.get().paused_since
    held = reports.hold(mailing, reports.progress(mailing))
    assert (held.words, held.ends) == ("El servidor pide esperar.", since + timedelta(hours=48))
    assert held.you_can


def test_a_daily_limit_ends_by_itself(scene):
    mailing, server = scene(LINES["end 550 5.4.5"], mails=3)
    work(mailing)
    assert mailing.status == MailingStatus.STOPPED
    assert set(mailing.deliveries.values_list("status", "attempts")) == {(PENDING, 0)}
    server.forget()
    Mailing.objects.update(resume_at=Now())
    upkeep.keep_going()
    work(mailing)
    assert mailing.status == MailingStatus.FINISHED
    assert len(server.mails) == 3


def test_a_pause_is_over_when_a_probe_has_gone(scene):
    mailing, server = scene(LINES["MAIL 451"], mails=12)
    work(mailing)
    assert MailAccount.objects.get().pause_reason == "server_busy"
    before = server.counts["greeting"]
    server.forget()
    MailAccount.objects.update(paused_until=Now())
    assert sending.send_some(mailing.pk) is False
    assert server.counts["greeting"] == before + 1  # one connection alone
    account = MailAccount.objects.get()
    assert (account.paused_since, account.pause_reason) == (None, "")
    work(mailing)
    assert len(server.mails) == 12


def test_ten_of_other_domains_refused_alike_stop_it(scene, counted):
    mailing, _server = scene(Line(says=[at("rcpt", 550, "no thanks")], status=PENDING), mails=14)
    work(mailing)
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, "all_refused")
    assert counted(mailing) == {"pending": 14}


def test_whom_other_workers_saw_refused_alike_is_not_blamed_either(scene, counted):
    mailing, _server = scene(Line(says=[at("rcpt", 550, "no thanks, 7f3")], status=PENDING), mails=14)
    refused = list(mailing.deliveries.order_by("-pk").values_list("pk", flat=True)[:2])
    for pk, reply in zip(refused, ["550 no thanks, 81c", "550 5.7.1 another matter"], strict=True):
        Delivery.objects.filter(pk=pk).update(status="failed", reason="recipient_refused", reply=reply)
    work(mailing)
    assert counted(mailing) == {"pending": 13, "failed": 1}


def test_whom_it_refuses_just_after_that_stop_is_not_blamed(scene, counted):
    def stop_meanwhile(_moment):
        lifecycle.stop(mailing, None, reason="all_refused")
        connection.close()
        return True

    mailing, _server = scene(Line(says=[at("rcpt", 550, "no thanks", when=stop_meanwhile)], status=PENDING))
    work(mailing)
    assert counted(mailing) == {"pending": 1}


def test_a_password_that_was_refused_is_not_tried_by_the_next_mailing(scene, ana):
    mailing, server = scene(LINES["AUTH 535"])
    another = registering.register(
        mailing.company, Selection(kind=MailingKind.COPY), Draft(name="Otro", account=mailing.account, subject="Va"),
        by=ana, now=timezone.now(),
    )  # fmt: skip
    lifecycle.start(another, by=ana)
    work(mailing)
    work(another)
    assert server.counts["auth"] == 1
    assert another.status_reason == "login_refused"


def test_five_contents_refused_in_a_row_stop_it(scene, counted):
    line = Line(says=[at("end", 550, "5.7.1 looks like spam")], status=PENDING, account={"connections": 1})
    mailing, _server = scene(line, mails=9)
    work(mailing)
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, "content_keeps_failing")
    assert counted(mailing) == {"failed": 5, "pending": 4}


def test_three_broken_lines_in_a_row_pause_it(scene):
    line = Line(says=[at("rcpt", then="reset")], status=PENDING, account={"connections": 1})
    mailing, server = scene(line, mails=6)
    work(mailing)
    assert MailAccount.objects.get().pause_reason == "line_keeps_breaking"
    assert server.counts["rcpt"] == 3


def test_ten_connections_closed_in_a_row_pause_it(scene):
    """Nobody's mail is at fault when a server closes before it has heard of whom it is for."""
    mailing, server = scene(Line(says=LINES["MAIL 421"].says, status=PENDING, account={"connections": 1}), mails=14)
    work(mailing)
    assert MailAccount.objects.get().pause_reason == "server_busy"
    assert server.counts["mail"] == 10
    assert mailing.status == MailingStatus.SENDING


@pytest.mark.parametrize("name", ["RCPT 550 5.1.1", "RCPT 550 5.1.2", "RCPT 553", "RCPT 551"])
def test_an_address_that_is_none_is_marked(scene, name):
    mailing, _server = scene(LINES[name])
    work(mailing)
    assert Address.objects.get().state == AddressState.BOUNCED


@pytest.mark.parametrize("name", ["RCPT 550", "RCPT 550 5.2.1", "RCPT 450 4.2.0", "RCPT 550 relaying"])
def test_an_address_that_is_not_to_blame_is_not(scene, name):
    mailing, _server = scene(LINES[name])
    work(mailing)
    assert Address.objects.get().state == AddressState.PENDING


def test_the_servers_own_words_are_kept(scene):
    mailing, _server = scene(LINES["end 250"])
    work(mailing)
    assert only(mailing).reply == "250 2.0.0 ok: queued as ÑANDÚ-7"


def test_a_size_that_was_learned_is_remembered(scene):
    mailing, server = scene(LINES["SIZE too small"])
    work(mailing)
    assert MailAccount.objects.get().max_size == 2000
    assert server.counts["mail"] == 0
    assert "KB" in only(mailing).reason_detail


def test_more_connections_than_allowed(scene):
    line = Line(says=[at("greeting", 421, "busy", then="close", when=lambda now: now.connections > 2)], status=ACCEPTED)
    mailing, server = scene(line, mails=60)
    work(mailing)
    assert mailing.status == MailingStatus.FINISHED
    assert len(server.mails) == 60
    assert MailAccount.objects.get().learned_most_connections == 2


def test_a_limit_of_mails_a_connection(scene):
    says = [at("mail", 421, "4.7.0 enough", then="close", when=lambda now: now.mails >= 5)]
    mailing, server = scene(Line(says=says, status=ACCEPTED, account={"connections": 1}), mails=20)
    work(mailing)
    assert MailAccount.objects.get().learned_per_connection == 5
    refused = server.counts["mail"] - len(server.mails)
    assert refused == 1  # after the first lesson it reconnects before
    assert Delivery.objects.filter(status=ACCEPTED).count() == 19


def test_a_refusal_for_speed_slows_the_account_down(scene):
    mailing, _server = scene(LINES["MAIL 451 4.7.500"], mails=4)
    work(mailing)
    assert MailAccount.objects.get().learned_connections in {1, 2, 3}


def test_of_two_recipients_one_is_refused(scene, counted):
    mailing, server = scene(Line(says=[], status=ACCEPTED), to=["mala@example.com", "buena@example.com"])
    server.answer("rcpt", 550, "5.1.1 unknown", when="mala@example.com")
    work(mailing)
    delivery = only(mailing)
    assert (delivery.status, delivery.reason) == (ACCEPTED, "some_refused")
    assert "mala@example.com" in delivery.reason_detail
    assert server.count_by_recipient() == {"buena@example.com": 1}
    states = dict(Address.objects.values_list("email", "state"))
    assert states == {"mala@example.com": AddressState.BOUNCED, "buena@example.com": AddressState.VALIDATED}


@pytest.mark.parametrize(
    ("code", "text", "at_once"), [(450, "4.2.0 greylisted", False), (452, "4.5.3 too many recipients", True)]
)
def test_of_two_recipients_one_is_put_off(scene, counted, code, text, at_once):
    mailing, server = scene(Line(says=[], status=ACCEPTED), to=["lenta@example.com", "buena@example.com"])
    server.answer("rcpt", code, text, when="lenta@example.com", times=1)
    work(mailing)
    if not at_once:
        assert counted(mailing) == {"accepted": 1, "pending": 1}
        assert mailing.status == MailingStatus.SENDING
        Delivery.objects.filter(status=PENDING).update(retry_at=Now())
        work(mailing)
    assert counted(mailing) == {"accepted": 2}
    assert mailing.status == MailingStatus.FINISHED
    assert server.count_by_recipient() == {"lenta@example.com": 1, "buena@example.com": 1}
    assert sum(b"FE" in message for message in server.messages) == 2  # each with its document
