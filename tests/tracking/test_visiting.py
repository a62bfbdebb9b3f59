"""Who comes by the link of a mail, and what it changes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cartero.invoices.models import Invoice
from cartero.invoices.states import MailStatus
from cartero.mailings import links, outcomes
from cartero.mailings.models import EventKind
from cartero.mailings.outcomes import Outcome
from cartero.mailings.states import DeliveryStatus
from cartero.platform import ids
from cartero.tracking import visiting
from cartero.tracking.scanners import Visit

pytestmark = pytest.mark.django_db

NOW = timezone.now()
PRESS = {"user-agent": "Mozilla/5.0 Chrome/130.0", "accept-language": "es-CO", "accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def left(started):
    """A mail that left, accepted or in doubt; the first of so many."""

    def make(status=DeliveryStatus.ACCEPTED, mails=1):
        mailing, mine = started(mails), ids.lease()
        claimed = outcomes.claim(mailing.pk, mine, mails)
        outcomes.transmitting(mailing.pk, claimed, mine)
        if status != DeliveryStatus.TRANSMITTING:
            kind = EventKind(status.value)
            outcomes.record([Outcome(delivery=each, status=status, kind=kind) for each in claimed], mine)
        return mailing.deliveries.earliest("pk")

    return make


def link(delivery, purpose=links.Purpose.VIEW):
    return links.token(links.key_of(delivery.company), delivery.pk, purpose)


def opened(delivery, made="", by=None, hours=1):
    return visiting.find(made or link(delivery), by, NOW + timedelta(hours=hours))


def press(**fields):
    return Visit(**({"method": "POST", "headers": PRESS, "since_sent": 3600.0, "since_page": 5.0} | fields))


def told(delivery):
    kinds = {EventKind.VIEWED, EventKind.OPENED, EventKind.SETTLED}
    return [(event.kind, event.reason) for event in delivery.events.order_by("pk") if event.kind in kinds]


def test_a_press_of_a_person_makes_it_seen(left):
    delivery = left()
    assert visiting.come_by(opened(delivery), press(), NOW)
    delivery.refresh_from_db()
    assert delivery.viewed_at == NOW
    assert delivery.status == DeliveryStatus.ACCEPTED
    assert Invoice.objects.get(deliveries=delivery).mail_status == MailStatus.VIEWED


def test_what_happens_often_is_told_once_an_hour(left):
    delivery = left()
    for _time in range(3):
        visiting.come_by(opened(delivery), press(), NOW)
        visiting.come_by(opened(delivery), press(method="HEAD", since_page=None), NOW)
    assert told(delivery) == [("viewed", ""), ("opened", "opened_by_program")]


@pytest.mark.parametrize(
    ("visit", "reason"),
    [
        (press(method="GET", since_page=None), "opened_by_somebody"),
        (press(method="GET", since_page=None, headers={}), "opened_by_program"),
        (press(method="HEAD", since_page=None), "opened_by_program"),
        (press(since_page=0.2), "opened_by_program"),  # all buttons at once
        (press(since_sent=5.0), "opened_by_program"),
    ],
)
def test_nothing_else_does(left, visit, reason):
    delivery = left()
    assert not visiting.come_by(opened(delivery), visit, NOW)
    delivery.refresh_from_db()
    assert delivery.viewed_at is None
    assert told(delivery) == [("opened", reason)]
    assert Invoice.objects.get(deliveries=delivery).mail_status == MailStatus.ACCEPTED


def test_a_doubt_ends_when_a_person_sees_it(left):
    delivery = left(DeliveryStatus.IN_DOUBT)
    visiting.come_by(opened(delivery), press(method="GET", since_page=None), NOW)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.IN_DOUBT
    visiting.come_by(opened(delivery), press(since_sent=None), NOW)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.ACCEPTED
    assert told(delivery) == [("settled", "seen_by_person"), ("viewed", "")]


def test_a_doubt_does_not_end_by_a_view_of_another_mail(left):
    delivery = left(DeliveryStatus.IN_DOUBT, mails=2)
    other = delivery.mailing.deliveries.latest("pk")
    visiting.come_by(opened(other), press(since_sent=None), NOW)
    delivery.refresh_from_db()
    other.refresh_from_db()
    assert (delivery.status, other.status) == (DeliveryStatus.IN_DOUBT, DeliveryStatus.ACCEPTED)


def test_what_is_in_mid_air_waits_for_its_outcome(left):
    delivery = left(DeliveryStatus.TRANSMITTING)
    visiting.come_by(opened(delivery), press(), NOW)
    assert told(delivery) == []


@pytest.mark.parametrize("by", ["test", "ana"])
def test_neither_a_test_mail_nor_one_of_the_company_counts(left, ana, by):
    delivery = left()
    found = opened(delivery, link(delivery, links.Purpose.TEST)) if by == "test" else opened(delivery, by=ana)
    assert not found.counts
    visiting.come_by(found, press(), NOW)
    assert told(delivery) == []


def test_a_link_leads_nowhere_when_it_has_expired_or_is_off(left):
    delivery = left()
    company = delivery.company
    days = company.link_days * 24
    assert opened(delivery, hours=days - 1)
    assert opened(delivery, hours=days + 1) is None
    assert opened(delivery, link(delivery)[:-2] + "xx") is None
    assert opened(delivery, "nada") is None
    company.has_links = False
    company.save(update_fields=["has_links"])
    assert opened(delivery) is None
    company.has_links, company.link_key_sealed = True, "what no key opens"
    company.save(update_fields=["has_links", "link_key_sealed"])
    assert visiting.find("1-" + "A" * 22, None, NOW) is None
