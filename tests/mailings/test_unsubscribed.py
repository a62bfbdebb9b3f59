"""Who asks for no more copies gets none of those that were registered before and have not left."""

import pytest
from django.utils import timezone

from cartero.invoices.states import MailStatus
from cartero.mailings import lifecycle, outcomes, reports
from cartero.mailings.models import EventKind, Mailing
from cartero.mailings.states import DeliveryStatus, LeftOut, MailingKind, MailingStatus
from cartero.parties.models import Address
from cartero.platform import ids
from cartero.tracking import visiting
from tests.factories import make_address, make_invoice, make_party

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def luz(company):
    party = make_party(company, "luz@example.com")
    make_invoice(party, "FE1")
    return party


@pytest.fixture
def omar(company):
    party = make_party(company, "omar@example.com")
    make_invoice(party, "FE2")
    return party


def of(mailing, party):
    return mailing.deliveries.get(party=party)


def test_a_copy_that_waits_is_left_out_and_says_why(register, luz, omar, ana, send_all, smtp_server, counted):
    before = register()
    lifecycle.start(before, by=ana)
    send_all(before)
    luz.invoices.update(mail_status=MailStatus.UNSENT)
    mailing = register()
    lifecycle.start(mailing, by=ana)
    outcomes.mark_queued(mailing.pk)
    lifecycle.stop(mailing, by=ana)
    visiting.unsubscribe(of(before, luz), timezone.now())
    left_out = of(mailing, luz)
    assert (left_out.status, left_out.reason) == (DeliveryStatus.SKIPPED, LeftOut.UNUSABLE_ADDRESS)
    assert left_out.reason_detail == "luz@example.com: unsubscribed"
    assert left_out.events.filter(kind=EventKind.EXCLUDED, reason=LeftOut.UNUSABLE_ADDRESS).count() == 1
    assert luz.invoices.get().mail_status == MailStatus.UNSENT
    assert counted(mailing) == {"skipped": 1, "pending": 1}
    lifecycle.resume(mailing, by=ana)
    send_all(mailing)
    assert smtp_server.count_by_recipient() == {"luz@example.com": 1, "omar@example.com": 2}
    assert (mailing.status, reports.progress(mailing).percent) == (MailingStatus.FINISHED, 100)


def test_legal_deliveries_go_all_the_same(register, luz, ana):
    legal = register()
    Mailing.objects.update(kind=MailingKind.DELIVERY)
    visiting.unsubscribe(of(legal, luz), timezone.now())
    lifecycle.start(legal, by=ana)
    assert outcomes.heed_unsubscribed([of(legal, luz).pk]) == set()
    assert of(legal, luz).status == DeliveryStatus.PENDING


def test_the_other_address_of_the_same_mail_gets_it(register, luz, ana, send_all, smtp_server):
    make_address(luz, "contador@example.com")
    mailing = register()
    luz.addresses.filter(email="luz@example.com").update(unsubscribed_at=timezone.now())
    delivery = of(mailing, luz)
    assert set(delivery.to) == {"luz@example.com", "contador@example.com"}
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert smtp_server.count_by_recipient() == {"contador@example.com": 1}
    told = delivery.events.get(kind=EventKind.READDRESSED)
    assert (told.reason, told.reply.rpartition(" → ")[2]) == ("unsubscribed", "contador@example.com")


def test_a_worker_that_holds_it_may_not_send_it(register, luz, ana):
    mailing = register()
    lifecycle.start(mailing, by=ana)
    mine = ids.lease()
    claimed = outcomes.claim(mailing.pk, mine, 5)
    visiting.unsubscribe(of(mailing, luz), timezone.now())
    assert claimed
    assert outcomes.transmitting(mailing.pk, claimed, mine) == set()
    assert of(mailing, luz).status == DeliveryStatus.SKIPPED


def test_who_asked_meanwhile_is_left_out_when_it_is_taken_up(register, luz, ana, send_all, smtp_server):
    """Registering had read the address before she asked, or somebody tries again what had failed."""
    mailing = register()
    Address.objects.filter(party=luz).update(unsubscribed_at=timezone.now())
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert smtp_server.count_by_recipient() == {}
    assert (of(mailing, luz).status, mailing.status) == (DeliveryStatus.SKIPPED, MailingStatus.FINISHED)
