"""The bytes of a mail as Django and Anymail have mails: raw for an API that takes it raw, else in parts."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage, Message
from email.mime.image import MIMEImage
from typing import Any

from django.core.mail import EmailMultiAlternatives

KEPT = ("Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post")


class Rebuilt(EmailMultiAlternatives):
    """Its `message()` is `raw` to the last byte; subject, bodies and files are those of it."""

    raw = b""

    def message(self, *_args: Any, **_kwargs: Any) -> Any:
        composed = message_from_bytes(self.raw, _class=_Raw)
        composed.raw = self.raw
        return composed


class _Raw(Message):
    raw = b""

    def as_bytes(self, *_args: Any, **_kwargs: Any) -> bytes:
        return self.raw


@dataclass
class _Parts:
    text: str = ""
    html: str = ""
    inline: list[EmailMessage] = field(default_factory=list)
    files: list[tuple[str, bytes, str]] = field(default_factory=list)


def rebuild(message: bytes, recipients: Sequence[str], *, takes_inline: bool = True) -> Rebuilt:
    """`recipients` are who it goes to, whatever its To says."""
    parsed = message_from_bytes(message, _class=EmailMessage, policy=policy.default)
    parts = _parts(parsed)
    if not takes_inline:
        parts.html, parts.inline = _with_pictures(parts), []
    mail = Rebuilt(
        subject=str(parsed["Subject"]),
        body=parts.text,
        from_email=_addresses(parsed, "From")[0],
        to=list(recipients),
        reply_to=_addresses(parsed, "Reply-To"),
        headers={name: str(parsed[name]).strip() for name in KEPT if parsed[name]},
        attachments=[*map(_picture, parts.inline), *parts.files],
    )
    if parts.html:
        mail.attach_alternative(parts.html, "text/html")
    mail.raw = message
    return mail


def _parts(message: EmailMessage) -> _Parts:
    found = _Parts()
    for part in message.walk():
        if not isinstance(part, EmailMessage) or part.is_multipart():
            continue
        if part.is_attachment():
            found.files.append((part.get_filename() or "", _content(part), part.get_content_type()))
        elif part.get_content_type() == "text/plain":
            found.text = str(part.get_content())
        elif part.get_content_type() == "text/html":
            found.html = str(part.get_content())
        else:
            found.inline.append(part)
    return found


def _addresses(message: EmailMessage, name: str) -> list[str]:
    header = message[name]
    return [str(address) for address in header.addresses] if isinstance(header, AddressHeader) else []


def _picture(part: EmailMessage) -> MIMEImage:
    picture = MIMEImage(_content(part), part.get_content_subtype())
    picture.add_header("Content-ID", str(part["Content-ID"]))
    picture.add_header("Content-Disposition", "inline", filename=part.get_filename() or "")
    return picture


def _with_pictures(parts: _Parts) -> str:
    """The pictures within the HTML itself: some programs show only their alternative text, none shows a gap."""
    html = parts.html
    for part in parts.inline:
        name = re.escape(str(part["Content-ID"]).strip("<>"))
        data = f"data:{part.get_content_type()};base64,{b64encode(_content(part)).decode()}"
        html = re.sub(f"cid:{name}", data, html)
    return html


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)  # noqa: S101  a part that is not multipart has a payload
    return content
