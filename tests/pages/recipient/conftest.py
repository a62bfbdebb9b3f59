"""Luz got a mail two hours ago with an invoice that has its XML; behind its link she needs no login."""

import time
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cartero.invoices import storing
from cartero.invoices.models import InvoiceFile
from cartero.invoices.states import FileRole
from cartero.mailings import lifecycle, links, outcomes
from cartero.mailings.models import Delivery, EventKind
from cartero.mailings.outcomes import Outcome
from cartero.mailings.states import DeliveryStatus
from cartero.pages.recipient import linked
from cartero.platform import ids
from tests.pages.mailings.conftest import account, ana, company, invoices, mailing, parties, register

__all__ = ["account", "ana", "company", "invoices", "mailing", "parties", "register"]

XML = b"<Invoice>as it came</Invoice>"
BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0.0.0 Mobile Safari/537.36",
    "Accept-Language": "es-CO,es;q=0.9",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
}


@pytest.fixture
def delivery(mailing, invoices, ana):
    sha256 = storing.keep(mailing.company_id, XML)
    InvoiceFile.objects.create(
        company=mailing.company, invoice=invoices[0], role=FileRole.XML, name="fv1.xml", media_type="application/xml",
        sha256=sha256, size=len(XML),
    )  # fmt: skip
    lifecycle.start(mailing, by=ana)
    mine = ids.lease()
    claimed = outcomes.claim(mailing.pk, mine, 5)
    outcomes.transmitting(mailing.pk, claimed, mine)
    outcomes.record(
        [Outcome(delivery=each, status=DeliveryStatus.ACCEPTED, kind=EventKind.ACCEPTED) for each in claimed], mine
    )
    mailing.deliveries.update(accepted_at=timezone.now() - timedelta(hours=2))
    return Delivery.objects.get(mailing=mailing, invoices=invoices[0])


@pytest.fixture
def token(delivery):
    return links.token(links.key_of(delivery.company), delivery.pk)


@pytest.fixture
def luz():
    """Her telephone's browser."""
    return Client(headers=BROWSER, enforce_csrf_checks=True)


@pytest.fixture
def at(token):
    return lambda name="recipient", *parts: reverse(name, args=[token, *parts])


@pytest.fixture
def form(delivery):
    """What a form of the page carries that has been looked at for so many seconds."""
    return lambda seconds=10: {"hecho": signing.dumps([delivery.pk, time.time() - seconds], salt=linked.SALT)}
