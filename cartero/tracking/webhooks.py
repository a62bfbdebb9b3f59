"""What providers call about: Anymail reads the call and checks who makes it, with the secret of one account."""

import logging
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from anymail.exceptions import AnymailError, AnymailNotSupportedWarning, AnymailWebhookValidationFailure
from django.db.models import Q
from django.http import HttpRequest
from django.utils.module_loading import import_string

from cartero.platform import ids
from cartero.platform.crypto import SealBroken
from cartero.tracking import provider_events, recording
from cartero.tracking.models import Webhook
from cartero.tracking.recording import ComeAgain, Taken
from cartero.transport.ways import Way

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
MOST_EVENTS = 1_000
USER = "cartero"  # beside the secret, where a provider sends both (HTTP Basic)
EXACT = timedelta(seconds=10)  # how exactly the last call is known: a burst must not write one row for each

# Of SendGrid, which Anymail has no account at any more to try it with.
warnings.filterwarnings("ignore", category=AnymailNotSupportedWarning)

# By name: that of Amazon takes a third of a second to import.
_READERS: Mapping[Way, str] = {
    Way.SES: "cartero.tracking.amazon.TrackingReader",
    Way.POSTMARK: "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    Way.BREVO: "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    Way.MAILGUN: "cartero.tracking.mailgun.TrackingReader",
    Way.SENDGRID: "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
}
_SIGNED: Mapping[Way, Callable[[str], dict[str, Any]]] = {
    Way.MAILGUN: lambda secret: {"webhook_signing_key": secret},
    Way.SENDGRID: lambda secret: {"tracking_webhook_verification_key": secret},
}
SIGNING = frozenset(_SIGNED)  # those whose secret is theirs: the others are given one of ours
# What Anymail raises where a call is not written as its provider writes them.
_UNREADABLE = (AnymailError, LookupError, ValueError, TypeError, AttributeError, RecursionError, ArithmeticError)


def of_key(key: str) -> Webhook | None:
    """The one whose address holds the key."""
    found = Webhook.objects.select_related("account__company").filter(key_sha256=ids.sha256(key.encode()))
    return found.first()


def reader_of(way: Way, secret: str) -> Any:
    """Anymail's view of that provider, with the account's own secret. Raises ValueError where that is no key."""
    options = _SIGNED[way](secret) if way in _SIGNED else {"webhook_secret": f"{USER}:{secret}"}
    return import_string(_READERS[way])(**options)


def receive(webhook: Webhook, request: HttpRequest, now: datetime) -> HTTPStatus:
    """Deals with all that a call tells of; what it is answered. What was dealt with stays so, should the rest fail."""
    if not webhook.secret_sealed or webhook.way != webhook.account.provider:
        return _refuse(webhook, now)
    if webhook.way not in SIGNING and "Authorization" not in request.headers:
        return HTTPStatus.UNAUTHORIZED  # Amazon shows its password only when it is asked for one
    try:
        reader = reader_of(Way(webhook.way), webhook.secret)
        reader.run_validators(request)
        events = reader.parse_events(request)
    except AnymailWebhookValidationFailure:
        return _refuse(webhook, now)
    except (SealBroken, ComeAgain):
        return HTTPStatus.SERVICE_UNAVAILABLE
    except _UNREADABLE as error:
        log.warning("unreadable call of %s for account %s: %s", webhook.way, webhook.account_id, type(error).__name__)
        return HTTPStatus.BAD_REQUEST
    if len(events) > MOST_EVENTS:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    _hear(webhook, now)
    return _take(webhook, events, now)


def _take(webhook: Webhook, events: list[Any], now: datetime) -> HTTPStatus:
    answer = HTTPStatus.OK
    for event in events:
        feedback = provider_events.feedback_of(event)
        if feedback is None:
            continue
        try:
            taken = recording.take(webhook.account, feedback, provider_events.key_of(event), now)
        except ComeAgain:
            answer = HTTPStatus.SERVICE_UNAVAILABLE  # it calls again; what was dealt with is not dealt with twice
        else:
            level = logging.INFO if taken == Taken.STRANGE else logging.DEBUG
            log.log(level, "%s told %s of account %s: %s", webhook.way, feedback.kind, webhook.account_id, taken.name)
    return answer


def _hear(webhook: Webhook, now: datetime) -> None:
    stale = Q(heard_at__isnull=True) | Q(heard_at__lt=now - EXACT)
    Webhook.objects.filter(stale, pk=webhook.pk).update(heard_at=now)


def _refuse(webhook: Webhook, now: datetime) -> HTTPStatus:
    stale = Q(refused_at__isnull=True) | Q(refused_at__lt=now - EXACT)
    Webhook.objects.filter(stale, pk=webhook.pk).update(refused_at=now)
    return HTTPStatus.FORBIDDEN
