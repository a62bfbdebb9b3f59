"""What each provider calls about, written after its documentation, and signed as it signs."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from cartero.transport.ways import Way

SECRET = "secreto-del-aviso-5512"
SIGNING_KEY = "llave-de-firmas-de-mailgun-0031"
_SENDGRID = ec.generate_private_key(ec.SECP256R1())
PUBLIC_KEY = base64.b64encode(
    _SENDGRID.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
SIGNING_CERT = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
SECRETS = {
    Way.SES: SECRET, Way.POSTMARK: SECRET, Way.BREVO: SECRET, Way.MAILGUN: SIGNING_KEY, Way.SENDGRID: PUBLIC_KEY,
}  # fmt: skip
AT = datetime(2026, 7, 21, 14, 15, 30, tzinfo=UTC)
STAMP, ISO = int(AT.timestamp()), "2026-07-21T14:15:30Z"


@dataclass(frozen=True)
class Call:
    """A body and its headers, as they come."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def about(way: Way, what: str, to: str, *, message_id: str = "", own_id: str = "", event: str = "1") -> Any:
    """What that provider says: `delivered`, `hard`, `soft`, `delayed`, `refused`, `complained`, `opened` …"""
    return _MADE[way](what, to, message_id, own_id, event)


def call(way: Way, told: Any, secret: str | None = None, at: int | None = None) -> Call:
    """`told`, signed or with its password; an empty secret leaves both out. `at`: when Mailgun signs it, else now."""
    secret = SECRETS[way] if secret is None else secret
    match way:
        case Way.MAILGUN:
            token = told["signature"]["token"]
            at = int(time.time()) if at is None else at
            signed = hmac.new(secret.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
            block = {"token": token, "timestamp": str(at), "signature": signed} if secret else {}
            return Call(json.dumps(told | {"signature": block}).encode())
        case Way.SENDGRID:
            body = json.dumps([told] if isinstance(told, dict) else told).encode()
            return Call(body, _sendgrid_headers(body, secret))
        case _:
            headers = {"Authorization": "Basic " + base64.b64encode(f"cartero:{secret}".encode()).decode()}
            if way == Way.SES:
                told = _signed_by_amazon(told)
                names = {"X-Amz-Sns-Message-Type": told["Type"], "X-Amz-Sns-Message-Id": told["MessageId"]}
                return Call(json.dumps(told).encode(), (headers if secret else {}) | names)
            return Call(json.dumps(told).encode(), headers if secret else {})


@cache
def amazon() -> tuple[rsa.RSAPrivateKey, bytes]:
    """The key with which SNS signs here, and its certificate, which has to be kept where the product keeps Amazon's."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(AT - timedelta(days=9)).not_valid_after(AT + timedelta(days=9_000))
    return key, made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _signed_by_amazon(told: dict[str, Any]) -> dict[str, Any]:
    told = {"SignatureVersion": "2", "SigningCertURL": SIGNING_CERT, **told}
    names = sorted(set(told) - {"SignatureVersion", "SigningCertURL", "Signature"})
    lines = "".join(f"{name}\n{told[name]}\n" for name in names).encode()
    algorithm = hashes.SHA1() if told["SignatureVersion"] == "1" else hashes.SHA256()  # noqa: S303  the older way
    signature = amazon()[0].sign(lines, padding.PKCS1v15(), algorithm)
    return {"Signature": base64.b64encode(signature).decode(), **told}


def _sendgrid_headers(body: bytes, secret: str) -> dict[str, str]:
    if not secret:
        return {}
    key = _SENDGRID if secret == PUBLIC_KEY else ec.generate_private_key(ec.SECP256R1())
    signature = base64.b64encode(key.sign(str(STAMP).encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    return {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": str(STAMP),
    }


def _postmark(what: str, to: str, message_id: str, own_id: str, event: str) -> dict[str, Any]:
    common = {
        "MessageID": own_id,
        "Metadata": {"cartero": message_id} if message_id else {},
        "MessageStream": "outbound",
    }
    bounce = common | {"ID": int(event), "RecordType": "Bounce", "Email": to, "BouncedAt": ISO}
    return {
        "delivered": common | {"RecordType": "Delivery", "Recipient": to, "DeliveredAt": ISO, "Details": "250 ok"},
        "hard": bounce | {"Type": "HardBounce", "Details": "smtp;550 5.1.1 user unknown", "Description": "Hard"},
        "soft": bounce | {"Type": "SoftBounce", "Details": "smtp;452 4.2.2 mailbox full"},
        "delayed": bounce | {"Type": "Transient", "Details": "smtp;451 4.7.1 try again later"},
        "refused": bounce | {"Type": "ManuallyDeactivated", "Description": "The recipient was deactivated."},
        "complained": bounce | {"RecordType": "SpamComplaint", "Type": "SpamComplaint"},
        "opened": common | {"RecordType": "Open", "Recipient": to, "ReceivedAt": ISO, "UserAgent": "GoogleImageProxy"},
        "unsubscribed": common
        | {"RecordType": "SubscriptionChange", "Recipient": to, "ChangedAt": ISO, "SuppressSending": True,
           "SuppressionReason": "ManualSuppression"},
    }[what]  # fmt: skip


def _brevo(what: str, to: str, message_id: str, own_id: str, event: str) -> dict[str, Any]:
    names = {
        "accepted": "request", "delivered": "delivered", "hard": "hard_bounce", "soft": "soft_bounce",
        "delayed": "deferred", "refused": "blocked", "complained": "spam", "opened": "unique_opened",
        "unsubscribed": "unsubscribe",
    }  # fmt: skip
    reasons = {"hard": "550 5.1.1 no such user", "soft": "552 5.2.2 mailbox is full"}
    told = {"event": names[what], "email": to, "id": 26224, "ts_epoch": STAMP * 1000, "message-id": f"<{own_id}>"}
    custom = {"X-Mailin-custom": json.dumps({"cartero": message_id})} if message_id else {}
    return told | custom | ({"reason": reasons[what]} if what in reasons else {})


def _mailgun(what: str, to: str, message_id: str, own_id: str, event: str) -> dict[str, Any]:
    failed = {"event": "failed", "severity": "permanent", "reason": "bounce"}
    full = {"code": 552, "enhanced-code": "5.2.2", "message": "mailbox full"}
    kinds = {
        "accepted": {"event": "accepted"},
        "delivered": {"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}},
        "hard": failed | {"delivery-status": {"code": 550, "enhanced-code": "5.1.1", "message": "no such user"}},
        "soft": failed | {"delivery-status": full},
        "delayed": {"event": "failed", "severity": "temporary", "reason": "generic", "delivery-status": {"code": 451}},
        "refused": {"event": "rejected", "reject": {"reason": "Sandbox subdomains are for test purposes only."}},
        "complained": {"event": "complained"},
        "opened": {"event": "opened", "client-info": {"user-agent": "GoogleImageProxy"}},
        "unsubscribed": {"event": "unsubscribed"},
    }
    shown = (message_id or own_id).strip("<>")
    data = kinds[what] | {"recipient": to, "timestamp": STAMP + 0.5, "message": {"headers": {"message-id": shown}}}
    return {"signature": {"token": hashlib.sha256(f"{event} {data}".encode()).hexdigest()[:50]}, "event-data": data}


def _sendgrid(what: str, to: str, message_id: str, own_id: str, event: str) -> dict[str, Any]:
    kinds = {
        "accepted": {"event": "processed"},
        "delivered": {"event": "delivered", "response": "250 OK"},
        "hard": {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"},
        "soft": {"event": "bounce", "type": "blocked", "status": "4.2.2", "reason": "452 4.2.2 mailbox full"},
        "delayed": {"event": "deferred", "response": "451 try again later"},
        "refused": {"event": "dropped", "reason": "Bounced Address"},
        "complained": {"event": "spamreport"},
        "opened": {"event": "open", "useragent": "GoogleImageProxy"},
        "unsubscribed": {"event": "unsubscribe"},
    }
    told = kinds[what] | {"email": to, "timestamp": STAMP, "sg_event_id": f"ev{event}"}
    return (
        told
        | {"sg_message_id": f"{own_id}.filter0001.16648.5515E0B88.0"}
        | ({"cartero": message_id} if message_id else {})
    )


def _ses(what: str, to: str, message_id: str, own_id: str, event: str) -> dict[str, Any]:
    def bounced(kind: str, said: str, status: str) -> dict[str, Any]:
        recipients = [{"emailAddress": to, "status": status, "diagnosticCode": said}]
        return {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients}

    kinds = {
        "accepted": ("Send", {}),
        "delivered": ("Delivery", {"recipients": [to], "smtpResponse": "250 ok"}),
        "hard": ("Bounce", bounced("Permanent", "smtp; 550 5.1.1 user unknown", "5.1.1")),
        "soft": ("Bounce", bounced("Transient", "smtp; 552 5.2.2 mailbox full", "5.2.2")),
        "refused": ("Reject", {"reason": "Bad content"}),
        "complained": ("Complaint", {"complainedRecipients": [{"emailAddress": to}], "complaintFeedbackType": "abuse"}),
        "opened": ("Open", {"userAgent": "GoogleImageProxy"}),
    }
    name, said = kinds[what]
    heads = [{"name": "Message-ID", "value": message_id}] if message_id else []
    mail = {"messageId": own_id, "destination": [to], "headers": heads}
    message = {"eventType": name, "mail": mail, name.lower(): said}
    return sns("Notification", event, Message=json.dumps(message))


def sns(kind: str, event: str = "1", **more: str) -> dict[str, Any]:
    topic = "arn:aws:sns:us-east-1:123456789012:facturas"
    return {"Type": kind, "MessageId": f"sns-{event}", "TopicArn": topic, "Timestamp": ISO, **more}


_MADE = {
    Way.SES: _ses,
    Way.POSTMARK: _postmark,
    Way.BREVO: _brevo,
    Way.MAILGUN: _mailgun,
    Way.SENDGRID: _sendgrid,
}
