import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection

from cartero.companies.models import AuditEntry
from cartero.transport import allowance, connecting, smtp, tokens
from cartero.transport.granting import Denied, Tokens
from cartero.transport.models import Grant, MailAccount
from cartero.transport.replies import Pause, Sent, Stop
from cartero.transport.ways import Way
from tests.authority import CLIENT_SECRET, AuthorityServer
from tests.factories import make_account, make_company
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
MAIL = b"Message-ID: <1@example.co>\r\n\r\nHola\r\n"


@pytest.fixture
def authority():
    server = AuthorityServer().start()
    yield server
    server.stop()


@pytest.fixture
def account(authority, settings):
    settings.OAUTH_CLIENTS = {"google": authority.client(), "microsoft": authority.client()}
    return make_account(make_company(), way=Way.GOOGLE, username=authority.mailbox)


@pytest.fixture
def connected(account, authority):
    """Leave was given, and its access token ends in a moment."""
    authority.refresh_tokens.append("renovacion-secreta-0")
    tokens.keep(account, Tokens(access="acceso-secreto-0", refresh="renovacion-secreta-0", seconds=59), None)
    return account


def log_in(account):
    return smtp.connect(connecting.server_of(account))


def test_a_mail_goes_with_a_token_that_is_refreshed_first(connected, authority, smtp_server):
    smtp_server.bearers = authority.bearers
    authority.bearers[authority.mailbox] = "acceso-secreto-0"
    connected.port = smtp_server.port
    connection_ = log_in(connected)
    done = connection_.transmit("facturas@valle.example.co", ["ana@example.com"], MAIL)
    assert done.verdict == Sent()
    assert authority.counts["refresh_token"] == 1
    assert tokens.access_token(connected.pk) == "acceso-secreto-1"
    assert authority.counts["refresh_token"] == 1  # kept until it ends


def test_both_tokens_lie_sealed_and_the_trail_knows_none(connected):
    tokens.access_token(connected.pk)
    grant = Grant.objects.get()
    assert "secret" not in f"{grant.refresh_sealed}{grant.access_sealed}"
    assert "secret" not in str(list(AuditEntry.objects.values_list("facts", flat=True)))


def test_a_rotated_refresh_token_is_kept(connected, authority):
    authority.rotates, authority.seconds = True, 30
    for count in (1, 2, 3):
        assert tokens.access_token(connected.pk) == f"acceso-secreto-{count}"
    assert authority.refresh_tokens == ["renovacion-secreta-3"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_refresh_it_once(connected, authority):
    authority.rotates, authority.hold = True, Event()

    def ask(_n):
        try:
            return tokens.access_token(connected.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(ask, n) for n in range(6)]
        authority.hold.set()
        given = {each.result(timeout=10) for each in asked}
    assert given == {"acceso-secreto-1"}
    assert authority.counts["refresh_token"] == 1


def test_leave_that_has_ended_stops_and_is_shown_at_the_account(connected, authority):
    authority.refresh_tokens.clear()
    refused = log_in(connected)
    assert refused.verdict == Stop(reason="leave_ended")
    assert "Token has been expired or revoked." in refused.detail
    account = MailAccount.objects.get()
    assert (account.stopped_reason, account.stopped_reply) == ("leave_ended", refused.detail)
    tokens.keep(account, Tokens(access="a", refresh="r", seconds=3600), None)
    assert MailAccount.objects.get().stopped_reason == ""
    assert tokens.access_token(account.pk) == "a"


def test_an_authority_that_is_away_is_waited_for_and_nothing_is_lost(connected, authority):
    authority.answer(503, "<html>Sorry</html>", Retry_After="40")
    assert log_in(connected).verdict == Pause(reason="authority_away", at_least=40)
    assert MailAccount.objects.get().stopped_reason == ""
    assert tokens.access_token(connected.pk) == "acceso-secreto-1"


def test_one_that_nobody_answers_for_is_waited_for_too(connected, settings):
    settings.OAUTH_CLIENTS["google"] |= {"token_url": "http://127.0.0.1:1/token"}
    refused = log_in(connected)
    assert (refused.verdict, refused.detail) == (Pause(reason="authority_away"), "refused")


def test_an_authority_that_repeats_a_secret_does_not_have_it_shown(connected, authority):
    words = f"renovacion-secreta-0 of {CLIENT_SECRET} is wrong"
    authority.answer(400, {"error": "invalid_grant", "error_description": words})
    assert log_in(connected).detail == "400 invalid_grant *** of *** is wrong"


def test_nobody_has_given_leave_yet(account):
    assert log_in(account).verdict == Stop(reason="leave_missing")


def test_an_authority_that_sends_elsewhere_is_not_followed(connected, authority):
    authority.answer(307, {}, Location=f"{authority.url}/token")
    assert isinstance(tokens.access_token(connected.pk), Denied)
    assert authority.counts["refresh_token"] == 1


def test_a_mail_server_that_refuses_the_token_says_why(connected, authority, smtp_server):
    smtp_server.bearers = {authority.mailbox: "otro"}
    connected.port = smtp_server.port
    refused = log_in(connected)
    assert refused.verdict == Stop(reason="token_refused")
    assert '"scope": "https://mail.google.com/"' in refused.text
    assert refused.text.startswith("535 5.7.8")


def test_a_token_is_never_said_in_the_place_of_a_password(connected, authority, smtp_server):
    smtp_server.users = {authority.mailbox: "acceso-secreto-1"}
    connected.port = smtp_server.port
    assert log_in(connected).verdict == Stop(reason="no_mechanism")
    assert not [each for each in smtp_server.commands if each.startswith("AUTH")]


@pytest.mark.parametrize("given", [Tokens(access="a"), Tokens(access="a", refresh="r", scope="openid email")])
def test_leave_for_less_is_not_kept(account, given):
    with pytest.raises(tokens.TooLittleGiven):
        tokens.keep(account, given, None)
    assert not Grant.objects.exists()


def test_a_token_is_taken_for_ended_a_minute_before(connected, authority):
    Grant.objects.update(access_until=allowance.now() + timedelta(seconds=58))
    tokens.access_token(connected.pk)
    assert authority.counts["refresh_token"] == 1
    Grant.objects.update(access_until=allowance.now() + timedelta(seconds=70))
    tokens.access_token(connected.pk)
    assert authority.counts["refresh_token"] == 1


def test_an_exchange_server_that_refuses_outright(connected, authority, smtp_server: SmtpServer):
    """Microsoft answers without a challenge."""
    smtp_server.bearers = {authority.mailbox: "acceso-secreto-1"}
    smtp_server.answer("auth", 535, "5.7.3 Authentication unsuccessful [BN0PR04CA0001]")
    connected.port = smtp_server.port
    assert log_in(connected).verdict == Stop(reason="token_refused")
    smtp_server.answer("auth", 535, "5.7.139 SmtpClientAuthentication is disabled for the Tenant")
    assert log_in(connected).verdict == Stop(reason="login_switched_off")


def test_without_its_key_or_its_registration_it_says_so(connected, settings):
    sealed = Grant.objects.get().refresh_sealed
    Grant.objects.update(refresh_sealed=sealed[:-4] + "AAA=")
    assert log_in(connected).verdict == Stop(reason="leave_ended")
    settings.OAUTH_CLIENTS["google"]["client_id"] = ""
    refused = log_in(connected)
    assert refused.verdict == Stop(reason="client_refused")
    assert "no está registrado con Google" in refused.detail


def test_no_secret_is_in_a_log(connected, authority, smtp_server, caplog):
    caplog.set_level(logging.DEBUG)
    smtp_server.bearers = {authority.mailbox: "otro"}
    connected.port = smtp_server.port
    log_in(connected)
    authority.answer(400, {"error": "invalid_grant"})
    Grant.objects.update(access_until=allowance.now())
    log_in(connected)
    assert not [each for each in ("acceso-secreto", "renovacion-secreta", CLIENT_SECRET) if each in caplog.text]
