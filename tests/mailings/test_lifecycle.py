from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from cartero.companies.models import AuditEntry
from cartero.invoices.states import MailStatus
from cartero.mailings import lifecycle, outcomes, upkeep
from cartero.mailings.errors import InThePast, NothingFailed, NotNow
from cartero.mailings.models import Batches, Delivery, Event, EventKind, Mailing
from cartero.mailings.outcomes import Outcome
from cartero.mailings.states import MOVES, BatchThen, DeliveryStatus, MailingStatus
from cartero.platform import ids
from cartero.transport import allowance
from cartero.transport.models import MailAccount
from cartero.transport.replies import Pause, Stop

pytestmark = pytest.mark.django_db


def put_in(mailing: Mailing, status: str) -> None:
    Mailing.objects.filter(pk=mailing.pk).update(status=status)
    mailing.refresh_from_db()


def verbs_of(mailing: Mailing) -> list[str]:
    trail = AuditEntry.objects.filter(noun="mailing", noun_id=mailing.pk)
    return list(trail.order_by("pk").values_list("verb", flat=True))


def test_it_is_started(jobs, mailing_of, ana):
    mailing = mailing_of(2)
    lifecycle.start(mailing, by=ana)
    mailing.refresh_from_db()
    assert (mailing.status, mailing.started_by) == (MailingStatus.SENDING, ana)
    assert mailing.started_at is not None
    assert verbs_of(mailing) == ["register", "start"]
    assert jobs("send") == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_start_at_once(jobs, mailing_of, ana, bruno, at_once):
    mailing = mailing_of(2)
    same = Mailing.objects.get(pk=mailing.pk)
    refused = at_once(lambda: lifecycle.start(mailing, by=ana), lambda: lifecycle.start(same, by=bruno))
    assert [type(error) for error in refused] == [NotNow]
    assert verbs_of(mailing) == ["register", "start"]
    assert jobs("send") == 1


@pytest.mark.parametrize("verb", sorted(lifecycle.VERBS))
@pytest.mark.parametrize("status", sorted(MailingStatus.values))
def test_each_verb_applies_where_the_table_says(mailing_of, ana, verb, status):
    mailing = mailing_of(1)
    Delivery.objects.update(status=DeliveryStatus.FAILED)
    Batches.objects.create(mailing=mailing, size=1, wait_minutes=1, then=BatchThen.ASK, until=timezone.now())
    put_in(mailing, status)
    if MailingStatus(status) in MOVES[verb].sources:
        lifecycle.VERBS[verb](mailing, ana)
        mailing.refresh_from_db()
        assert mailing.status == MOVES[verb].target
        assert verbs_of(mailing)[-1] == verb
    else:
        with pytest.raises(NotNow):
            lifecycle.VERBS[verb](mailing, ana)
        mailing.refresh_from_db()
        assert (mailing.status, verbs_of(mailing)) == (status, ["register"])


def test_cancelling_withdraws_what_has_not_gone(started, ana, counted):
    mailing = started(4)
    token = ids.lease()
    first, second = outcomes.claim(mailing.pk, token, 2)
    outcomes.transmitting(mailing.pk, [first], token)
    lifecycle.cancel(mailing, by=ana)
    assert counted(mailing) == {"withdrawn": 3, "pending": 1}
    assert outcomes.transmitting(mailing.pk, [second], token) == set()
    assert set(mailing.deliveries.filter(status="withdrawn").values_list("reason", flat=True)) == {"cancelled"}
    outcomes.record([Outcome(delivery=first, status=DeliveryStatus.ACCEPTED, kind=EventKind.ACCEPTED)], token)
    assert counted(mailing) == {"withdrawn": 3, "accepted": 1}
    assert set(mailing.deliveries.get(pk=second).invoices.values_list("mail_status", flat=True)) == {"unsent"}


def test_a_mail_put_off_in_a_cancelled_mailing_is_withdrawn(started, ana, counted):
    mailing = started(1)
    token = ids.lease()
    (only,) = outcomes.claim(mailing.pk, token, 1)
    outcomes.transmitting(mailing.pk, [only], token)
    lifecycle.cancel(mailing, by=ana)
    outcomes.record([Outcome(delivery=only, status=DeliveryStatus.PENDING, kind=EventKind.RETRY, wait=60)], token)
    upkeep.keep_going()
    assert counted(mailing) == {"withdrawn": 1}


def test_retrying_queues_only_what_failed(started, ana, counted):
    mailing = started(3)
    token = ids.lease()
    sent, failed, doubtful = outcomes.claim(mailing.pk, token, 3)
    told = [(sent, "accepted"), (failed, "failed"), (doubtful, "in_doubt")]
    outcomes.record(
        [Outcome(delivery=pk, status=DeliveryStatus(status), kind=EventKind(status)) for pk, status in told], token
    )
    upkeep.keep_going()
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.FINISHED
    lifecycle.retry(mailing, by=ana)
    assert counted(mailing) == {"accepted": 1, "pending": 1, "in_doubt": 1}
    again = mailing.deliveries.get(pk=failed)
    assert (again.status, again.attempts, again.reason) == (DeliveryStatus.PENDING, 0, "")
    assert again.invoices.get().mail_status == MailStatus.QUEUED
    assert Event.objects.filter(delivery=failed).order_by("pk").last().kind == "requeued"


def test_retrying_nothing_is_refused_whole(started, ana):
    mailing = started(1)
    put_in(mailing, MailingStatus.STOPPED)
    with pytest.raises(NothingFailed):
        lifecycle.retry(mailing, by=ana)
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.STOPPED


def test_a_schedule_keeps_the_databases_time(jobs, mailing_of, ana):
    mailing = mailing_of(1)
    now = timezone.now()
    lifecycle.schedule(mailing, by=ana, at=now + timedelta(hours=1), now=now)
    upkeep.keep_going()
    mailing.refresh_from_db()
    assert (mailing.status, jobs("send")) == (MailingStatus.SCHEDULED, 0)
    Mailing.objects.filter(pk=mailing.pk).update(scheduled_for=Now())
    upkeep.keep_going()
    mailing.refresh_from_db()
    assert (mailing.status, mailing.started_by, mailing.scheduled_for) == (MailingStatus.SENDING, ana, None)


def test_a_schedule_in_the_past_is_refused(mailing_of, ana):
    now = timezone.now()
    with pytest.raises(InThePast):
        lifecycle.schedule(mailing_of(1), by=ana, at=now, now=now)


def test_what_a_daily_limit_stopped_resumes_the_next_day(started):
    mailing = started(1)
    lifecycle.stop(mailing, None, reason="daily_limit", reply="550 5.4.5 daily", resume_at=Now() + timedelta(days=1))
    upkeep.keep_going()
    mailing.refresh_from_db()
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, "daily_limit")
    assert timedelta(hours=23) < mailing.resume_at - timezone.now() < timedelta(hours=25)
    Mailing.objects.filter(pk=mailing.pk).update(resume_at=Now())
    upkeep.keep_going()
    mailing.refresh_from_db()
    assert (mailing.status, mailing.status_reason, mailing.resume_at) == (MailingStatus.SENDING, "", None)


@pytest.mark.parametrize(("by_itself", "outcome"), [(False, Pause), (True, Stop)])
def test_unless_it_resumes_by_itself_the_clock_of_a_pause_begins_anew(started, by_itself, outcome):
    mailing, now = started(1), timezone.now()
    since, until = now - timedelta(minutes=40), now - timedelta(minutes=20)
    MailAccount.objects.filter(pk=mailing.account_id).update(paused_since=since, paused_until=until)
    lifecycle.stop(mailing, None, reason="mails_refused")
    lifecycle.resume(mailing, None, by_itself=by_itself)  # nobody: who is at the command line has no name
    pace = allowance.Pace(connections=1, per_minute=0)
    told = allowance.pause(mailing.account_id, Pause(reason="mails_refused"), "503 5.5.1 no", pace)
    assert isinstance(told, outcome)


def test_who_stopped_it_by_hand_resumes_it_by_hand(started, ana):
    mailing = started(1)
    lifecycle.stop(mailing, by=ana)
    upkeep.keep_going()
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.STOPPED


def test_a_mail_that_comes_back_to_wait_as_its_mailing_ends_keeps_it_going(started, ana, counted):
    mailing = started(1)
    token = ids.lease()
    claimed = outcomes.claim(mailing.pk, token, 1)
    outcomes.record(
        [Outcome(delivery=pk, status=DeliveryStatus.FAILED, kind=EventKind.FAILED) for pk in claimed], token
    )
    upkeep.keep_going()
    outcomes.requeue(mailing, claimed)
    upkeep.keep_going()
    mailing.refresh_from_db()
    assert (mailing.status, mailing.finished_at) == (MailingStatus.SENDING, None)
    assert counted(mailing) == {"pending": 1}
