"""Calls of Amazon SES, which come by way of a topic of Amazon SNS that signs them and has to be confirmed once."""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate
from django.core.cache import cache
from django.http import HttpRequest

from cartero.platform import ids
from cartero.tracking.recording import ComeAgain
from cartero.transport import web
from cartero.transport.line import EndedError
from cartero.transport.resolving import Lookup, addresses_of

SECONDS = (5, 10)  # to connect, to be answered
A_DAY = 24 * 3600

_HOST = re.compile(r"sns\.[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-f]{16,64}\.pem")
# What is signed, in this order; what is not there is left out. By SignatureVersion, with which hash.
_SIGNED = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_HASHES: Mapping[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303  theirs to choose


class TrackingReader(AmazonSESTrackingWebhookView):  # type: ignore[misc]  # Anymail has no types
    """Checks the signature, and confirms a topic by its own address, which needs no right of the account's key.

    Both ask Amazon alone, and only once the account's password was right.
    """

    lookup: Lookup = staticmethod(addresses_of)

    def parse_events(self, request: HttpRequest) -> Any:
        """Raises ComeAgain, AnymailWebhookValidationFailure."""
        message = self._parse_sns_message(request)
        if not _is_signed(message, self._certificate(str(message.get("SigningCertURL", "")))):
            raise AnymailWebhookValidationFailure("not signed by Amazon SNS")
        return super().parse_events(request)

    def auto_confirm_sns_subscription(self, sns_message: Any) -> None:
        """Raises ComeAgain, AnymailWebhookValidationFailure."""
        url = str(sns_message.get("SubscribeURL", ""))
        if not confirms(url):
            raise AnymailWebhookValidationFailure("SubscribeURL is not Amazon's")
        self._ask(url)

    def _certificate(self, url: str) -> bytes:
        """That of the key with which SNS signs; it changes about once a year."""
        if not is_certificate(url):
            raise AnymailWebhookValidationFailure("SigningCertURL is not Amazon's")
        kept = cache.get(certificate_key(url))
        if kept is None:
            kept = self._ask(url)
            cache.set(certificate_key(url), kept, A_DAY)
        return bytes(kept)

    def _ask(self, url: str) -> bytes:
        try:
            with web.Session(lookup=self.lookup) as session:
                answer = session.get(url, timeout=SECONDS)
        except EndedError as error:
            raise ComeAgain(at=url.partition("?")[0]) from error
        if answer.status_code != 200:
            raise ComeAgain(at=url.partition("?")[0], status=answer.status_code)
        return answer.content


def confirms(url: str) -> bool:
    """Whether it is an address of Amazon SNS that confirms a topic, and nothing else."""
    parts = _of_amazon(url)
    return (
        parts is not None and parts.path in {"", "/"} and parse_qs(parts.query).get("Action") == ["ConfirmSubscription"]
    )


def is_certificate(url: str) -> bool:
    parts = _of_amazon(url)
    return parts is not None and bool(_CERTIFICATE.fullmatch(parts.path)) and not parts.query


def certificate_key(url: str) -> str:
    """Under which it is kept for a day, so that a burst of calls asks once."""
    return f"sns-certificate-{ids.sha256(url.encode())}"


def _of_amazon(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme == "https" and _HOST.fullmatch(parts.netloc) else None


def _is_signed(message: Mapping[str, Any], certificate: bytes) -> bool:
    lines = [f"{name}\n{message[name]}\n" for name in _SIGNED if message.get(name) is not None]
    algorithm = _HASHES.get(str(message.get("SignatureVersion")))
    try:
        key = load_pem_x509_certificate(certificate).public_key()
        if algorithm is None or not isinstance(key, rsa.RSAPublicKey):
            return False
        signature = b64decode(str(message.get("Signature", "")), validate=True)
        key.verify(signature, "".join(lines).encode(), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
