from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from cartero.tracking import amazon, provider_events, webhooks
from cartero.tracking.feedback import Source
from cartero.transport.ways import BY_API, Way
from tests.tracking import calls

pytestmark = pytest.mark.django_db  # where Amazon's certificate is kept

OURS, THEIRS, TO = "<11.2@valle.example.co>", "suyo-77@example.net", "Pagos@cliente.example.co"
WHAT = {
    "accepted": ("accepted", False, ""),
    "delivered": ("delivered", False, ""),
    "hard": ("bounced", True, "no_mailbox"),
    "soft": ("bounced", False, "mailbox_full"),
    "delayed": ("delayed", False, ""),
    "refused": ("bounced", False, "suppressed_by_provider"),
    "complained": ("complained", False, ""),
    "opened": ("opened", False, ""),
    "unsubscribed": ("unsubscribed", False, ""),
}
UNTOLD = {(Way.POSTMARK, "accepted"), (Way.SES, "delayed"), (Way.SES, "unsubscribed")}
CASES = [(way, what) for way in sorted(BY_API) for what in WHAT if (way, what) not in UNTOLD]


def told(way, what, **ids):
    """As Anymail reads it."""
    call = calls.call(way, calls.about(way, what, TO, **ids))
    cache.set(amazon.certificate_key(calls.SIGNING_CERT), calls.amazon()[1])
    request = RequestFactory().post("/", call.body, content_type="application/json", headers=call.headers)
    reader = webhooks.reader_of(way, calls.SECRETS[way])
    reader.run_validators(request)
    return reader.parse_events(request)[0]


@pytest.mark.parametrize(("way", "what"), CASES)
def test_what_each_provider_tells_is_understood(way, what):
    feedback = provider_events.feedback_of(told(way, what, message_id=OURS, own_id=THEIRS))
    kind, is_hard, reason = WHAT[what]
    assert (feedback.kind, feedback.is_hard, feedback.reason) == (kind, is_hard, reason)
    assert (feedback.source, feedback.addresses) == (Source.WEBHOOK, (TO,))
    assert OURS in feedback.message_ids


@pytest.mark.parametrize("way", sorted(BY_API - {Way.MAILGUN}))  # which shows our Message-ID alone
def test_the_provider_s_own_name_of_a_mail_is_kept(way):
    assert provider_events.feedback_of(told(way, "delivered", own_id=THEIRS)).provider_id == THEIRS


@pytest.mark.parametrize("way", sorted(BY_API))
def test_it_is_the_same_when_it_comes_again_and_not_when_it_is_of_another(way):
    first, again = (told(way, "hard", own_id=THEIRS) for _ in range(2))
    other = told(way, "opened", own_id=THEIRS)
    assert provider_events.key_of(first) == provider_events.key_of(again) != provider_events.key_of(other)


def test_what_says_nothing_of_a_mail_is_left():
    assert provider_events.feedback_of(SimpleNamespace(event_type="subscribed")) is None
