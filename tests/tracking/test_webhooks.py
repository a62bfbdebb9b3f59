"""Calls as providers make them, at the address of an account: whom Cartero believes, and what that changes."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cartero.mailings import lifecycle, outcomes
from cartero.mailings.models import Delivery, EventKind
from cartero.mailings.outcomes import Outcome
from cartero.mailings.states import DeliveryStatus
from cartero.pages import limiting
from cartero.platform import crypto, ids
from cartero.platform.logs import Line
from cartero.tracking import amazon, webhook_editing, webhooks
from cartero.tracking.models import Receipt, Webhook
from cartero.transport.ways import BY_API, Way
from tests.factories import make_account, make_company
from tests.provider import KEY, ProviderServer
from tests.tracking import calls

pytestmark = pytest.mark.django_db

WAYS = sorted(BY_API)
MINE = ids.lease()
PROGRAM = Client(enforce_csrf_checks=True)


@pytest.fixture
def sent(started) -> Delivery:
    mailing = started(1)
    outcomes.transmitting(mailing.pk, outcomes.claim(mailing.pk, MINE, 1), MINE)
    delivery = mailing.deliveries.get()
    told = Outcome(delivery=delivery.pk, status=DeliveryStatus.ACCEPTED, kind=None, code=200, reply="200 pm-7")
    outcomes.record([told], MINE)
    delivery.refresh_from_db()
    return delivery


def listen(account, way, by):
    """An address of the account for that provider, and the secret that the provider has."""
    account.way = way
    account.save(update_fields=["way"])
    return called_by(account, way, by)


def called_by(account, way, by):
    cache.set(amazon.certificate_key(calls.SIGNING_CERT), calls.amazon()[1])  # as after the first call of its day
    webhook = webhook_editing.open_for(account, by=by)
    webhook.secret_sealed = crypto.seal(calls.SECRETS[way])
    webhook.save(update_fields=["secret_sealed"])
    return f"/proveedor/{webhook.key}/"


def post(path, call, **more):
    """As a program does: no cookie, no token."""
    return PROGRAM.post(path, call.body, content_type="application/json", headers=call.headers | more)


KINDS = [("1", "hard"), ("2", "opened"), ("3", "delivered")]


def about(delivery, way, what, **more):
    return calls.about(way, what, delivery.to[0], message_id=delivery.message_id, **more)


def status_of(delivery):
    delivery.refresh_from_db()
    return delivery.status


@pytest.mark.parametrize("way", WAYS)
def test_who_shows_the_secret_is_believed(sent, account, ana, way):
    path = listen(account, way, ana)
    answer = post(path, calls.call(way, about(sent, way, "hard")))
    assert (answer.status_code, answer.content, answer.cookies) == (200, b"", {})
    assert status_of(sent) == DeliveryStatus.BOUNCED
    assert Webhook.objects.get().heard_at is not None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("secret", ["otro-secreto", ""], ids=["wrong", "absent"])
def test_who_does_not_is_not(sent, account, ana, way, secret):
    path = listen(account, way, ana)
    answer = post(path, calls.call(way, about(sent, way, "hard"), secret))
    absent = HTTPStatus.FORBIDDEN if way in webhooks.SIGNING else HTTPStatus.UNAUTHORIZED
    assert answer.status_code == (HTTPStatus.FORBIDDEN if secret else absent)
    assert status_of(sent) == DeliveryStatus.ACCEPTED
    assert not Receipt.objects.exists()


def test_a_body_that_was_changed_on_its_way_is_not_believed(sent, account, ana):
    path = listen(account, Way.SENDGRID, ana)
    call = calls.call(Way.SENDGRID, about(sent, Way.SENDGRID, "delivered"))
    forged = calls.Call(call.body.replace(b"delivered", b"spamreport"), call.headers)
    assert post(path, forged).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("way", WAYS)
def test_calls_again_and_in_any_order_change_nothing_twice(sent, account, ana, way):
    path = listen(account, way, ana)
    hard, opened, late = (calls.call(way, about(sent, way, what, event=n)) for n, what in KINDS)
    for call in (opened, hard, late, hard, opened, late):
        assert post(path, call).status_code == 200
    assert status_of(sent) == DeliveryStatus.BOUNCED
    assert sent.viewed_at is None
    assert sorted(sent.events.exclude(kind="transmitting").values_list("kind", flat=True)) == [
        "bounced", "delivered", "opened",
    ]  # fmt: skip


def test_a_signature_of_mailgun_serves_for_one_body(sent, account, ana):
    """It signs nothing of what it says: who reads a call must not say something else with it."""
    path = listen(account, Way.MAILGUN, ana)
    read = calls.call(Way.MAILGUN, about(sent, Way.MAILGUN, "opened"))
    other = json.loads(read.body) | {"event-data": about(sent, Way.MAILGUN, "hard")["event-data"]}
    assert [post(path, read).status_code for _ in range(2)] == [200, 200]
    assert post(path, calls.Call(json.dumps(other).encode())).status_code == HTTPStatus.FORBIDDEN
    assert status_of(sent) == DeliveryStatus.ACCEPTED


@pytest.mark.parametrize("hours", [-25, 1])
def test_a_signature_of_mailgun_serves_for_a_day(sent, account, ana, hours):
    path = listen(account, Way.MAILGUN, ana)
    at = int((timezone.now() + timedelta(hours=hours)).timestamp())
    late = calls.call(Way.MAILGUN, about(sent, Way.MAILGUN, "hard"), at=at)
    assert post(path, late).status_code == HTTPStatus.FORBIDDEN
    assert status_of(sent) == DeliveryStatus.ACCEPTED


SERVERS = {
    Way.SES: "email-smtp.sa-east-1.amazonaws.com",
    Way.POSTMARK: "smtp.postmarkapp.com",
    Way.BREVO: "smtp-relay.brevo.com",
    Way.MAILGUN: "smtp.eu.mailgun.org",
    Way.SENDGRID: "smtp.sendgrid.net",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_provider_reached_by_smtp_calls_too(sent, account, ana, way):
    account.way, account.host = Way.PASSWORD, SERVERS[way]
    account.save(update_fields=["way", "host"])
    path = called_by(account, way, ana)
    assert post(path, calls.call(way, about(sent, way, "hard"))).status_code == 200
    assert status_of(sent) == DeliveryStatus.BOUNCED


def test_a_server_of_one_s_own_has_no_provider_that_calls(account, ana):
    with pytest.raises(webhook_editing.NoProvider):
        webhook_editing.open_for(account, by=ana)


def test_a_mail_is_found_by_the_provider_s_name_for_it(sent, account, ana):
    path = listen(account, Way.POSTMARK, ana)
    post(path, calls.call(Way.POSTMARK, calls.about(Way.POSTMARK, "delivered", sent.to[0], own_id="pm-7")))
    assert status_of(sent) == DeliveryStatus.DELIVERED


def test_what_is_of_no_mail_of_the_account_is_listed(sent, account, ana):
    """Carla's provider may name our very mail."""
    carla = make_account(make_company())
    path = listen(carla, Way.POSTMARK, ana)
    assert post(path, calls.call(Way.POSTMARK, about(sent, Way.POSTMARK, "hard", own_id="pm-7"))).status_code == 200
    assert status_of(sent) == DeliveryStatus.ACCEPTED
    assert Receipt.objects.of(carla.company).strange().get().address == sent.to[0]


def test_the_secret_of_one_account_opens_no_other(sent, account, ana):
    path = listen(account, Way.POSTMARK, ana)
    Webhook.objects.update(secret_sealed=crypto.seal("otro"))
    assert post(path, calls.call(Way.POSTMARK, about(sent, Way.POSTMARK, "hard"))).status_code == 403


def test_the_log_of_a_refused_call_does_not_tell_where_it_came(sent, account, ana, caplog):
    path = listen(account, Way.POSTMARK, ana)
    post(path, calls.call(Way.POSTMARK, about(sent, Way.POSTMARK, "hard"), "otro-secreto"))
    told = "\n".join(map(Line().format, caplog.records))
    assert "Forbidden: /proveedor/…/" in told
    assert path not in told


def test_without_a_secret_nobody_is_believed(sent, account, ana):
    path = listen(account, Way.MAILGUN, ana)
    Webhook.objects.update(secret_sealed="")
    for secret in ("", calls.SIGNING_KEY):
        answer = post(path, calls.call(Way.MAILGUN, about(sent, Way.MAILGUN, "hard"), secret))
        assert answer.status_code == HTTPStatus.FORBIDDEN


def test_of_an_account_that_changed_its_provider_nobody_is(sent, account, ana):
    path = listen(account, Way.POSTMARK, ana)
    account.way = Way.BREVO
    account.save(update_fields=["way"])
    assert post(path, calls.call(Way.POSTMARK, about(sent, Way.POSTMARK, "hard"))).status_code == 403
    assert webhook_editing.of(account) is None


def test_an_old_address_serves_no_more(sent, account, ana):
    path = listen(account, Way.POSTMARK, ana)
    webhook_editing.open_for(account, by=ana)
    assert post(path, calls.call(Way.POSTMARK, about(sent, Way.POSTMARK, "hard"))).status_code == 404


def test_a_call_about_a_mail_in_mid_air_is_asked_for_again(started, account, ana):
    mailing = started(1)
    outcomes.transmitting(mailing.pk, outcomes.claim(mailing.pk, MINE, 1), MINE)
    delivery, path = mailing.deliveries.get(), listen(account, Way.BREVO, ana)
    call = calls.call(Way.BREVO, about(delivery, Way.BREVO, "delivered"))
    answer = post(path, call)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    outcomes.record([Outcome(delivery=delivery.pk, status=DeliveryStatus.ACCEPTED, kind=EventKind.ACCEPTED)], MINE)
    assert post(path, call).status_code == 200
    assert status_of(delivery) == DeliveryStatus.DELIVERED


def test_many_in_one_call(sent, account, ana):
    path = listen(account, Way.SENDGRID, ana)
    many = [about(sent, Way.SENDGRID, what, event=n) for n, what in KINDS]
    assert post(path, calls.call(Way.SENDGRID, [*many, *many])).status_code == 200
    assert Receipt.objects.count() == 3
    too_many = [{"event": "processed"}] * (webhooks.MOST_EVENTS + 1)
    assert post(path, calls.call(Way.SENDGRID, too_many)).status_code == 413


def test_a_large_one_is_not_read(account, ana):
    path = listen(account, Way.BREVO, ana)
    assert post(path, calls.Call(b"x" * (webhooks.MOST_BYTES + 1))).status_code == 413


ODD = [
    b"",
    b"nada",
    b"[]",
    b"null",
    b"{}",
    b"\xff\xfe",
    b"[" * 50_000,
    b'{"Type": 1}',
    b'[{"event": null}]',
    b'{"event-data": 3}',
]


@pytest.mark.parametrize("way", WAYS)
def test_no_body_breaks_it(sent, account, ana, way):
    path = listen(account, way, ana)
    headers = calls.call(way, about(sent, way, "hard")).headers
    for body in ODD:
        assert post(path, calls.Call(body, headers)).status_code in {200, 400, 403}, body
    assert status_of(sent) == DeliveryStatus.ACCEPTED


FORGED = [
    {"Signature": "bm8="},
    {"Signature": "%"},
    {"Signature": ""},
    {"SignatureVersion": "9"},
    {"SigningCertURL": "https://atacante.example.com/SimpleNotificationService-0123456789abcdef.pem"},
]


@pytest.mark.parametrize("forged", FORGED)
def test_amazon_s_own_signature_is_asked_for_too(sent, account, ana, forged):
    path = listen(account, Way.SES, ana)
    told = about(sent, Way.SES, "hard")
    assert post(path, calls.call(Way.SES, told | forged)).status_code == 403
    assert post(path, calls.call(Way.SES, told | {"SignatureVersion": "1"})).status_code == 200


HOME = "https://127.0.0.1/?Action=ConfirmSubscription&Token=x"


def test_a_topic_that_leads_elsewhere_is_not_confirmed(account, ana):
    path = listen(account, Way.SES, ana)
    asks = calls.sns("SubscriptionConfirmation", Token="x", SubscribeURL=HOME)
    assert post(path, calls.call(Way.SES, asks)).status_code == 403
    assert post(path, calls.call(Way.SES, asks, "otro")).status_code == 403


def test_a_head_says_that_it_is_there(account, ana):
    path = listen(account, Way.POSTMARK, ana)
    assert PROGRAM.head(path).status_code == 200
    assert PROGRAM.head("/proveedor/nada/").status_code == 404


def test_guessing_is_slowed_down_and_does_not_keep_others_out(sent, account, ana):
    path = listen(account, Way.POSTMARK, ana)
    for _ in range(limiting.MOST):
        assert post("/proveedor/nada/", calls.Call(b"{}")).status_code == 404
    assert post("/proveedor/nada/", calls.Call(b"{}")).status_code == 429
    assert post(path, calls.call(Way.POSTMARK, about(sent, Way.POSTMARK, "hard"))).status_code == 200


def test_a_burst_writes_the_webhook_once(sent, account, ana):
    path = listen(account, Way.POSTMARK, ana)
    post(path, calls.call(Way.POSTMARK, about(sent, Way.POSTMARK, "hard")))
    first = Webhook.objects.get().heard_at
    post(path, calls.call(Way.POSTMARK, about(sent, Way.POSTMARK, "opened")))
    assert Webhook.objects.get().heard_at == first
    assert first > timezone.now() - timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_a_doubt_ends_when_the_provider_that_never_answered_calls(mailing_of, account, ana, settings, send_all):
    """From a mail that goes by the API to what comes back of it: the provider had it, and says so later."""
    provider = ProviderServer(way=Way.POSTMARK).start()
    settings.PROVIDER_URLS, settings.SMTP_TIMEOUT_SCALE = {"postmark": provider.url}, 0.005
    account.host, account.port, account.password = "api.postmarkapp.com", 443, KEY
    account.save()
    path, mailing = listen(account, Way.POSTMARK, ana), mailing_of(1)
    provider.silent.set()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    provider.stop()
    delivery = mailing.deliveries.get()
    assert delivery.status == DeliveryStatus.IN_DOUBT
    (taken,) = provider.taken
    told = calls.about(Way.POSTMARK, "delivered", taken.to[0]) | {"Metadata": dict(taken.beside)}
    assert post(path, calls.call(Way.POSTMARK, told)).status_code == 200
    assert status_of(delivery) == DeliveryStatus.DELIVERED
