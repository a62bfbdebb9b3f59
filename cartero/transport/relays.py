"""Providers whose own server takes a mail over SMTP: which they are, and how they are told our name for it."""

import json
import re
from collections.abc import Mapping

from cartero.platform import wire
from cartero.transport.providers import MARK
from cartero.transport.ways import Way

LONGEST_MARK = 80  # characters; of Postmark

_SERVERS: Mapping[Way, re.Pattern[str]] = {
    Way.SES: re.compile(r"email-smtp(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com"),
    Way.POSTMARK: re.compile(r"smtp(?:-broadcasts)?\.postmarkapp\.com"),
    Way.BREVO: re.compile(r"smtp-relay\.(?:brevo|sendinblue)\.com"),
    Way.MAILGUN: re.compile(r"smtp(?:\.eu)?\.mailgun\.org"),
    Way.SENDGRID: re.compile(r"smtp(?:\.eu)?\.sendgrid\.net"),
}
_MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*(?:\r\n[ \t]+)?<([^<>\r\n]{1,200})>", re.I | re.M)


def of(host: str) -> Way | None:
    """The provider that a server belongs to, as its API is called."""
    return next((way for way, servers in _SERVERS.items() if servers.fullmatch(host.lower())), None)


def marked(relay: Way | None, message: bytes) -> bytes:
    """With a line in front by which the provider, when it tells of the mail, names our Message-ID.

    Amazon needs none: it tells a mail's own head. The others take such lines out again.
    """
    if relay is None or relay == Way.SES:
        return message
    found = _MESSAGE_ID.search(message, 0, message.find(b"\r\n\r\n") + 2)
    name = found[1].decode("ascii", "replace") if found else ""
    if not 0 < len(name) <= LONGEST_MARK:
        return message
    lines = _lines(relay, name).encode("ascii", "replace")
    return wire.message((lines, message), (lines, wire.unencoded(message)))


def _lines(relay: Way, name: str) -> str:
    told = json.dumps({MARK: name})
    match relay:
        case Way.POSTMARK:
            return f"X-PM-KeepID: true\r\nX-PM-Metadata-{MARK}: {name}\r\n"
        case Way.BREVO:
            return f"X-Mailin-custom: {told}\r\n"
        case Way.MAILGUN:
            return f"X-Mailgun-Variables: {told}\r\n"
        case _:
            return f'X-SMTPAPI: {{"unique_args": {told}}}\r\n'
