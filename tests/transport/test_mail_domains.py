"""A real server of names on loopback says which domains take mail."""

import time
from collections.abc import Iterator

import dns.resolver
import pytest

from cartero.transport import mail_domains
from cartero.transport.mail_domains import refusing
from tests import names


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    with names.served() as local:
        yield local


@pytest.fixture(autouse=True)
def _network_of_others() -> Iterator[None]:
    """What nobody answered here is forgotten for the tests after it."""
    yield
    mail_domains._network.silent_until = 0.0


@pytest.mark.parametrize(
    ("domain", "refuses"),
    [
        ("recibe.co", False),
        ("doble.co", False),  # RFC 7505, 3: a null MX stands alone; this one is none
        ("web.co", False),  # RFC 5321, 5.1: its host is its exchange
        ("nulo.co", True),
        ("vacio.co", True),
        ("no-existe.co", True),
        ("roto.co", False),
        ("facturas.example.co", False),
    ],
)
def test_what_the_names_say(resolver, domain, refuses):
    assert refusing([domain], resolver=resolver) == ({domain} if refuses else set())


def test_nobody_answers_and_nothing_is_said_in_time(monkeypatch):
    monkeypatch.setattr(mail_domains, "SECONDS", 0.2)
    mute = dns.resolver.Resolver(configure=False)
    mute.nameservers, mute.port = ["127.0.0.1"], 9  # discard
    began = time.monotonic()
    assert refusing(["recibe.co", "nulo.co"], resolver=mute) == set()
    assert time.monotonic() - began < 1.5


def test_where_it_is_not_wanted_nobody_is_asked(settings):
    settings.ASK_MAIL_DOMAINS = False
    assert refusing(["no-existe.co"]) == set()
