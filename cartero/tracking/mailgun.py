"""Calls of Mailgun, which signs a moment and a word of its own but not what it says."""

import json
from datetime import timedelta
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from cartero.platform import ids

OLDEST = timedelta(hours=24)  # it calls again for eight hours
EARLIEST = timedelta(minutes=15)  # its clock may be before ours


class TrackingReader(MailgunTrackingWebhookView):  # type: ignore[misc]  # Anymail has no types
    """Takes each signature for one body alone: who has read a call cannot say something else with what signed it."""

    def validate_request(self, request: HttpRequest) -> None:
        """Raises AnymailWebhookValidationFailure."""
        super().validate_request(request)
        signed = _signed(request)
        _check_moment(str(signed.get("timestamp")))
        key = f"mailgun-{ids.sha256(str(signed.get('signature')).encode())}"
        body = ids.sha256(request.body)
        if not cache.add(key, body, (OLDEST + EARLIEST).total_seconds()) and cache.get(key) != body:
            raise AnymailWebhookValidationFailure("a signature of another call")


def _signed(request: HttpRequest) -> dict[str, Any]:
    """What it signs with, at the top of a call; Anymail has found it there."""
    if request.content_type != "application/json":
        raise AnymailWebhookValidationFailure("a call of the old kind, which says more than it signs")
    return dict(json.loads(request.body)["signature"])


def _check_moment(stamp: str) -> None:
    now = timezone.now().timestamp()
    at = int(stamp) if stamp.isdecimal() and len(stamp) < 16 else 0
    if not now - OLDEST.total_seconds() <= at <= now + EARLIEST.total_seconds():
        raise AnymailWebhookValidationFailure("signed too long ago")
