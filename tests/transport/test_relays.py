"""Providers reached by their own SMTP servers: which they are, and how they are told our name for a mail."""

import json
from email import message_from_bytes

import pytest

from cartero.transport import relays, smtp
from cartero.transport.presets import PRESETS, Security
from cartero.transport.providers import PROVIDERS
from cartero.transport.server import Server
from cartero.transport.smtp import Connection
from cartero.transport.ways import BY_API, Way
from tests.smtp import SmtpServer

MESSAGE = b"Subject: Factura\r\nMessage-ID: <7.1@valle.example.co>\r\n\r\nMessage-ID: <otro@example.org>\r\n"
OURS = "7.1@valle.example.co"

SERVERS = [
    *((preset.host, preset.other if preset.other in BY_API else None) for preset in PRESETS.values()),
    ("EMAIL-SMTP.sa-east-1.amazonaws.com", Way.SES),
    ("smtp-broadcasts.postmarkapp.com", Way.POSTMARK),
    ("smtp-relay.sendinblue.com", Way.BREVO),
    ("smtp.eu.mailgun.org", Way.MAILGUN),
    ("smtp.sendgrid.net.example.org", None),  # somebody else's
    ("127.0.0.1", None),
]


@pytest.mark.parametrize(("host", "way"), SERVERS)
def test_whose_server_it_is(host: str, way: Way | None) -> None:
    assert relays.of(host) == way


LINES = [
    (Way.POSTMARK, "X-PM-Metadata-cartero", OURS),
    (Way.BREVO, "X-Mailin-custom", {"cartero": OURS}),
    (Way.MAILGUN, "X-Mailgun-Variables", {"cartero": OURS}),
    (Way.SENDGRID, "X-SMTPAPI", {"unique_args": {"cartero": OURS}}),
]


@pytest.mark.parametrize(("way", "name", "told"), LINES)
def test_each_is_told_in_its_own_way(way: Way, name: str, told: object) -> None:
    mail = message_from_bytes(relays.marked(way, MESSAGE))
    said = mail[name]
    assert (said if isinstance(told, str) else json.loads(said)) == told
    assert mail["Message-ID"] == f"<{OURS}>"


@pytest.mark.parametrize("way", [None, Way.SES])
def test_others_get_the_mail_as_it_is(way: Way | None) -> None:
    assert relays.marked(way, MESSAGE) == MESSAGE


def test_each_provider_that_calls_is_known() -> None:
    assert {way for _host, way in SERVERS if way} == set(PROVIDERS)


def test_it_goes_over_the_wire(smtp_server: SmtpServer) -> None:
    server = Server(
        host="smtp.sendgrid.net",
        port=smtp_server.port,
        security=Security.NONE,
        private_allowed=True,
        lookup=lambda _host, _port: ["127.0.0.1"],
    )
    connection = smtp.connect(server)
    assert isinstance(connection, Connection)
    connection.transmit("facturas@valle.example.co", ["ana@example.com"], MESSAGE)
    (kept,) = smtp_server.messages
    assert kept.startswith(b'X-SMTPAPI: {"unique_args": {"cartero": "7.1@valle.example.co"}}\r\n')
    assert kept.endswith(MESSAGE)
