"""Mails that go again: a new mailing, each tied to the first, and never the same twice unless it is asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cartero.companies import audit
from cartero.invoices.models import Invoice
from cartero.invoices.states import MailStatus
from cartero.mailings import lifecycle, outcomes, resending
from cartero.mailings.errors import NothingFailed, NothingToSend
from cartero.mailings.models import Mailing
from cartero.mailings.resending import AlreadyThere, Asked, NothingToResend, Which
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.parties.models import Address, AddressState
from tests.factories import make_address, make_company, make_user

pytestmark = pytest.mark.django_db
S = DeliveryStatus
FAILED = Asked(which=Which.FAILED)


@pytest.fixture
def went(mailing_of, ana):
    """A finished mailing of three: one taken over nine days ago, one that came back, one that failed."""
    mailing = mailing_of(3)
    lifecycle.start(mailing, by=ana)
    at = timezone.now() - timedelta(days=9)
    one, two, three = mailing.deliveries.order_by("pk")
    for delivery, status in ((one, S.ACCEPTED), (two, S.BOUNCED), (three, S.FAILED)):
        accepted = None if status == S.FAILED else at
        mailing.deliveries.filter(pk=delivery.pk).update(status=status, accepted_at=accepted)
    Invoice.objects.update(mail_status=MailStatus.ACCEPTED)
    lifecycle.finish_if_done(mailing)
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.FINISHED
    return mailing


def resend(mailing, asked, by):
    return resending.resend(mailing, asked, by, timezone.now())


def of(mailing, status):
    return mailing.deliveries.get(status=status)


def same(mailing, *, again=False):
    """The one that its server took over, as if it were ticked."""
    return Asked(which=Which.CHOSEN, among=(of(mailing, S.ACCEPTED).pk,), again=again)


def test_what_failed_goes_again_in_a_mailing_of_its_own(went, ana):
    bounced, failed = of(went, S.BOUNCED), of(went, S.FAILED)
    Address.objects.filter(party=bounced.party).update(state=AddressState.REPLACED, is_principal=False)
    make_address(bounced.party, "nuevo@example.com", is_principal=True)
    new = resend(went, FAILED, ana)
    assert (new.status, new.number, new.created_by) == (MailingStatus.REGISTERED, went.number + 1, ana)
    assert (new.kind, new.subject, new.message_html) == (went.kind, went.subject, went.message_html)
    assert (new.documents, new.deliveries_count, new.parties) == (2, 2, 2)
    first, second = new.deliveries.order_by("pk")
    assert (first.resend_of, first.to) == (bounced, ["nuevo@example.com"])
    assert (second.resend_of, second.to) == (failed, failed.to)
    assert list(first.invoices.all()) == list(bounced.invoices.all())
    assert len({each.message_id for each in (bounced, failed, first, second)}) == 4
    went.refresh_from_db()
    assert went.status == MailingStatus.FINISHED


def test_it_can_be_tried_started_and_sent_like_any(went, ana, counted):
    new = resend(went, FAILED, ana)
    lifecycle.start(new, by=ana)
    assert counted(new) == {"pending": 2}


def test_the_same_to_the_same_address_is_refused_unless_asked_for(went, ana):
    with pytest.raises(AlreadyThere) as refused:
        resend(went, same(went), ana)
    assert "Ana Pérez" in refused.value.user_text
    assert Mailing.objects.count() == 1
    new = resend(went, same(went, again=True), ana)
    assert new.deliveries.get().resend_of == of(went, S.ACCEPTED)


def test_another_address_or_another_content_is_not_the_same(went, ana):
    delivery = of(went, S.ACCEPTED)
    audit.record(delivery.invoices.get(), "replace", ana, number="FE1")
    assert resending.outlook(went, same(went), timezone.now()).going == 1
    before = Asked(which=Which.CHOSEN, among=(delivery.pk,))
    went.deliveries.filter(pk=delivery.pk).update(accepted_at=timezone.now() + timedelta(hours=1))
    assert resending.outlook(went, before, timezone.now()).going == 0
    delivery.party.addresses.update(email="otra@example.com")
    assert resending.outlook(went, before, timezone.now()).going == 1


def test_one_of_two_addresses_that_has_it_is_enough(went):
    make_address(of(went, S.ACCEPTED).party, "copia@example.com")
    assert resending.outlook(went, same(went), timezone.now()).left_out == {"sent_before": 1}


def test_one_that_waits_in_a_resending_does_not_wait_twice(went, ana):
    resend(went, FAILED, ana)
    for asked in (FAILED, Asked(which=Which.FAILED, again=True)):
        with pytest.raises(NothingToSend):
            resend(went, asked, ana)
    assert Mailing.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_resend_at_once(went, ana, bruno, at_once):
    refused = at_once(lambda: resend(went, FAILED, ana), lambda: resend(went, FAILED, bruno))
    assert [type(error) for error in refused] == [NothingToSend]
    assert Mailing.objects.count() == 2


def test_a_resending_of_a_resending_is_tied_to_the_first(went, ana):
    again = resend(went, same(went, again=True), ana)
    again.deliveries.update(status=S.ACCEPTED, accepted_at=timezone.now())
    third = resend(again, same(again, again=True), ana)
    assert third.deliveries.get().resend_of == of(went, S.ACCEPTED)
    with pytest.raises(NothingToSend):  # the third waits, whoever of its kin is named
        resend(went, same(went, again=True), ana)


def test_those_not_seen_in_some_days(went):
    def found(days):
        return resending.deliveries(went, Asked(which=Which.UNSEEN, days=days), timezone.now()).count()

    assert (found(9), found(10)) == (1, 0)
    went.deliveries.update(viewed_at=timezone.now())
    assert found(9) == 0


def test_what_may_still_go_by_itself_is_not_sent_beside_itself(went, started, ana):
    with pytest.raises(NothingToResend):
        resend(started(1), Asked(which=Which.CHOSEN, among=(1,)), ana)
    lifecycle.retry(went, by=ana)
    assert [each.status for each in resending.deliveries(went, FAILED, timezone.now())] == [S.BOUNCED]


def test_what_goes_in_a_resending_is_not_retried_beside_it(went, ana):
    new = resend(went, FAILED, ana)
    with pytest.raises(NothingFailed):
        lifecycle.retry(went, by=ana)
    lifecycle.cancel(new, by=ana)
    lifecycle.retry(went, by=ana)
    assert outcomes.requeue_failed(went) == 0
    assert went.deliveries.filter(status=S.PENDING).count() == 1


def test_documents_of_one_mail_stay_together(company, register, ana, went):
    party = of(went, S.FAILED).party
    make = went.deliveries.model.objects
    grouped = register(is_grouped=True, parties=(party.pk,))
    assert make.filter(mailing=grouped).count() == grouped.deliveries.count()
    grouped.deliveries.update(status=S.FAILED)
    Mailing.objects.filter(pk=grouped.pk).update(status=MailingStatus.FINISHED)
    grouped.refresh_from_db()
    new = resend(grouped, FAILED, ana)
    assert sorted(new.deliveries.values_list("document_count", flat=True)) == sorted(
        grouped.deliveries.values_list("document_count", flat=True)
    )


def test_who_cannot_be_written_to_stays_out_with_the_reason(went, ana):
    of(went, S.BOUNCED).party.addresses.update(state=AddressState.BOUNCED, state_reason="550 5.1.1")
    new = resend(went, FAILED, ana)
    (out,) = new.deliveries.filter(status=S.SKIPPED)
    assert (out.reason, out.resend_of) == ("unusable_address", of(went, S.BOUNCED))


def test_it_says_when_and_by_whom_they_went(went):
    found = resending.outlook(went, Asked(which=Which.CHOSEN, among=_all(went)), timezone.now())
    assert (found.mails, found.going, found.left_out) == (3, 2, {"sent_before": 1})
    ((day, person, mails),) = [(each.day, each.person, each.mails) for each in found.earlier]
    assert (person, mails) == ("Ana Pérez", 2)
    assert day == timezone.localdate(timezone.now() - timedelta(days=9))


def test_mails_of_another_company_are_not_there(went):
    other = make_company()
    make_user(other)
    strange = Mailing(company=other, pk=went.pk, kind=went.kind, status=went.status)
    asked = Asked(which=Which.CHOSEN, among=_all(went))
    assert not resending.deliveries(strange, asked, timezone.now()).exists()
    assert resending.outlook(strange, asked, timezone.now()).mails == 0


def _all(mailing):
    return tuple(mailing.deliveries.values_list("pk", flat=True))


def test_of_very_many_it_is_told_what_the_first_come_to(went):
    seen = resending.outlook(went, FAILED, timezone.now(), most=1)
    assert (seen.found, seen.mails, seen.going) == (2, 1, 1)
    seen = resending.outlook(went, FAILED, timezone.now(), most=2)
    assert (seen.found, seen.mails, seen.going) == (2, 2, 2)
