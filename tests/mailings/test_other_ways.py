"""Whole sendings that leave by the API of a provider, or with leave of an authority: the same pipeline, other ends."""

from collections import Counter

import pytest

from cartero.mailings import lifecycle, trial
from cartero.mailings.models import Event, EventKind
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.transport import tokens
from cartero.transport.granting import Tokens
from cartero.transport.models import MailAccount
from cartero.transport.ways import Way
from tests.authority import AuthorityServer
from tests.provider import KEY, ProviderServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider(account, settings):
    server = ProviderServer(way=Way.POSTMARK).start()
    settings.PROVIDER_URLS = {"postmark": server.url}
    account.way, account.host, account.port, account.password = Way.POSTMARK, "api.postmarkapp.com", 443, KEY
    account.save()
    yield server
    server.stop()


@pytest.fixture
def authority(account, smtp_server, settings):
    server = AuthorityServer(seconds=30, rotates=True).start()
    settings.OAUTH_CLIENTS = {"google": server.client()}
    account.way, account.username = Way.GOOGLE, server.mailbox
    account.save()
    server.refresh_tokens.append("renovacion-secreta-0")
    tokens.keep(account, Tokens(access="acceso-secreto-0", refresh="renovacion-secreta-0", seconds=30), None)
    smtp_server.bearers = server.bearers
    yield server
    server.stop()


def reached(server):
    return Counter(address for mail in server.taken for address in mail.to)


def everybody(mails):
    return {f"tercero{n}@example.com": 1 for n in range(mails)}


def test_everybody_gets_it_once_by_the_api_and_its_id_is_the_proof(mailing_of, ana, provider, send_all):
    mailing = mailing_of(25)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert mailing.status == MailingStatus.FINISHED
    assert reached(provider) == everybody(25)
    assert {mail.headers["Message-ID"] for mail in provider.taken} == set(
        mailing.deliveries.values_list("message_id", flat=True)
    )
    proofs = set(Event.objects.filter(kind=EventKind.ACCEPTED).values_list("reply", flat=True))
    assert proofs == {f"200 pm-{n}" for n in range(1, 26)}


def test_the_limits_of_the_account_hold_there_too(mailing_of, ana, account, provider, send_all):
    MailAccount.objects.filter(pk=account.pk).update(per_day=5)
    mailing = mailing_of(8)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert len(provider.taken) == 5
    assert mailing.deliveries.filter(status=DeliveryStatus.PENDING).count() == 3


def test_a_refused_key_stops_and_nobody_has_failed(mailing_of, ana, account, provider, send_all):
    mailing = mailing_of(8)
    account.password = "otra"
    account.save()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, "key_refused")
    assert mailing.deliveries.filter(status=DeliveryStatus.PENDING).count() == 8
    account.password = KEY
    account.save()
    lifecycle.resume(mailing, by=ana)
    send_all(mailing)
    assert reached(provider) == everybody(8)


def test_one_that_is_busy_is_waited_for(mailing_of, ana, account, provider, send_all):
    provider.answer(503, "")
    mailing = mailing_of(3)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    account.refresh_from_db()
    assert account.pause_reason == "server_busy"
    assert mailing.status == MailingStatus.SENDING
    assert not mailing.deliveries.exclude(status__in=[DeliveryStatus.PENDING, DeliveryStatus.ACCEPTED]).exists()


def test_silence_leaves_that_mail_in_doubt_and_nothing_is_repeated(mailing_of, ana, provider, send_all, settings):
    settings.SMTP_TIMEOUT_SCALE = 0.005
    provider.silent.set()
    mailing = mailing_of(1)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert [delivery.status for delivery in mailing.deliveries.all()] == [DeliveryStatus.IN_DOUBT]
    assert provider.requests == 1


def test_a_trial_goes_by_the_api(mailing_of, ana, provider):
    mailing = mailing_of(1)
    result = trial.send_test(mailing, mailing.deliveries.get(), ["ana@example.com"], ana)
    assert (result.accepted, result.reply) == (True, "200 pm-1")
    assert reached(provider) == {"ana@example.com": 1}


def test_everybody_gets_it_with_leave(mailing_of, ana, authority, smtp_server, send_all):
    mailing = mailing_of(12)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert mailing.status == MailingStatus.FINISHED
    assert smtp_server.count_by_recipient() == everybody(12)
    assert authority.counts["refresh_token"] >= 1


def test_leave_that_ends_stops_and_connecting_again_goes_on(mailing_of, ana, account, authority, smtp_server, send_all):
    mailing = mailing_of(6)
    authority.refresh_tokens.clear()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, "leave_ended")
    assert mailing.deliveries.filter(status=DeliveryStatus.PENDING).count() == 6
    authority.bearers[authority.mailbox] = "acceso-secreto-9"
    tokens.keep(account, Tokens(access="acceso-secreto-9", refresh="r", seconds=3600), ana)
    lifecycle.resume(mailing, by=ana)
    send_all(mailing)
    assert smtp_server.count_by_recipient() == everybody(6)


def test_an_authority_that_is_away_makes_it_wait(mailing_of, ana, account, authority, smtp_server, send_all):
    mailing = mailing_of(3)
    authority.answer(503, "", times=50)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    account.refresh_from_db()
    assert (mailing.status, account.pause_reason) == (MailingStatus.SENDING, "authority_away")
    assert smtp_server.mails == []
