"""A mailing in parts: the first goes, waits for what bounces, and the next follows by itself or is asked for."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cartero.companies.models import AuditEntry
from cartero.mailings import batches, batching, lifecycle, outcomes, reports, upkeep
from cartero.mailings.batches import Plan
from cartero.mailings.errors import NotNow
from cartero.mailings.models import Batches
from cartero.mailings.states import BatchThen, DeliveryStatus, MailingStatus
from cartero.platform import ids

S = MailingStatus
HOUR = timedelta(hours=1)
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def send_part(mailing):
    """What workers do, without a server: all that is due is taken."""
    while claimed := outcomes.claim(mailing.pk, token := ids.lease(), 100):
        mailing.deliveries.filter(pk__in=claimed, token=token).update(status=DeliveryStatus.ACCEPTED)
        upkeep.keep_going()


def pass_the_wait():
    """As if the hour had gone by."""
    assert Batches.objects.filter(until__isnull=False).update(until=timezone.now() - HOUR)
    upkeep.keep_going()


def run_and_leave(act):
    try:
        act()
    finally:
        connection.close()


def sent(mailing):
    mailing.refresh_from_db()
    return mailing.deliveries.filter(status=DeliveryStatus.ACCEPTED).count()


@pytest.mark.django_db(transaction=True)
def test_parts_follow_each_other_to_the_end(in_batches, smtp_server, send_all):
    mailing = in_batches()
    for so_far in (2, 4):
        send_all(mailing)
        assert (len(smtp_server.mails), mailing.status) == (so_far, S.SENDING)
        send_all(mailing)
        assert len(smtp_server.mails) == so_far
        pass_the_wait()
    send_all(mailing)
    assert mailing.status == S.FINISHED
    assert smtp_server.count_by_recipient() == {f"tercero{n}@example.com": 1 for n in range(5)}


@pytest.mark.django_db(transaction=True)
def test_many_rounds_and_a_person_at_once_release_one_part(in_batches, at_once, bruno):
    mailing = in_batches(mails=9, size=3)
    for part in (2, 3):
        send_part(mailing)
        assert Batches.objects.filter(until__isnull=False).update(until=timezone.now() - HOUR)
        at_once(*[upkeep.keep_going] * 4, lambda: lifecycle.next_batch(mailing, by=bruno))
        upkeep.keep_going()
        standing = batches.standing(mailing)
        due = mailing.deliveries.filter(status=DeliveryStatus.PENDING, retry_at__isnull=False)
        assert (standing.number, standing.mails, standing.until, due.count()) == (part, 3, None, 3)
    audited = AuditEntry.objects.filter(verb="next_batch", noun_id=mailing.pk)
    assert audited.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_round_that_was_held_up_takes_no_part_that_goes_now_for_the_one_it_saw_end(in_batches, bruno):
    """It waits for the rows of both; meanwhile the next part of one begins."""
    one, other = in_batches(), in_batches()
    for mailing in (one, other):
        mailing.deliveries.filter(retry_at__isnull=False).update(status=DeliveryStatus.ACCEPTED)
    round_ = Thread(target=run_and_leave, args=[batching.keep_going])
    beside = connection.copy()
    try:
        with transaction.atomic(), beside.cursor() as onlooker:
            list(Batches.objects.select_for_update().filter(mailing__in=(one, other)))
            round_.start()
            while onlooker.execute(WAITS).fetchone() == (0,):
                assert round_.is_alive()
            Batches.objects.filter(mailing=other).update(until=timezone.now() + HOUR)
            lifecycle.next_batch(other, by=bruno)
    finally:
        beside.close()
        round_.join()
    assert batches.standing(other).until is None
    assert batches.standing(one).until is not None


@pytest.mark.django_db
class TestWaiting:
    def test_the_wait_is_told_and_counted(self, in_batches, account):
        mailing = in_batches()
        before = batches.standing(mailing)
        assert (before.number, before.total, before.mails, before.until) == (1, 3, 2, None)
        assert before.waits == 2 * HOUR
        send_part(mailing)
        waiting = batches.standing(mailing)
        assert timedelta(minutes=119) < waiting.waits <= 2 * HOUR
        assert reports.time_left(account, reports.progress(mailing), waiting.waits) > 119 * 60

    def test_what_is_in_the_air_keeps_the_wait_from_beginning(self, in_batches):
        mailing = in_batches()
        outcomes.claim(mailing.pk, ids.lease(), 2)
        upkeep.keep_going()
        assert batches.standing(mailing).until is None

    def test_a_person_ends_it(self, in_batches, bruno):
        mailing = in_batches()
        send_part(mailing)
        lifecycle.next_batch(mailing, by=bruno)
        with pytest.raises(NotNow):
            lifecycle.next_batch(mailing, by=bruno)
        send_part(mailing)
        assert sent(mailing) == 4

    def test_nobody_ends_a_wait_that_has_not_begun(self, in_batches, bruno):
        with pytest.raises(NotNow):
            lifecycle.next_batch(in_batches(), by=bruno)

    def test_two_presses_and_a_round_in_the_same_instant_release_one_part(self, in_batches, ana):
        mailing = in_batches()
        send_part(mailing)
        pass_the_wait()
        upkeep.keep_going()
        assert mailing.deliveries.filter(status="pending", retry_at__isnull=False).count() == 2

    def test_a_worker_killed_between_parts_loses_nothing(self, in_batches):
        mailing = in_batches()
        claimed = outcomes.claim(mailing.pk, ids.lease(), 9)
        assert len(claimed) == 2
        mailing.deliveries.filter(pk__in=claimed).update(lease_until="2020-01-01T00:00Z")
        upkeep.keep_going()
        assert batches.standing(mailing).until is None  # taken over first, then it waits
        send_part(mailing)
        for _part in range(2):
            pass_the_wait()
            send_part(mailing)
        upkeep.keep_going()
        assert (sent(mailing), mailing.status) == (5, S.FINISHED)

    def test_stopped_meanwhile_it_stays_until_resumed(self, in_batches, ana):
        mailing = in_batches()
        send_part(mailing)
        lifecycle.stop(mailing, by=ana)
        pass_the_wait()
        assert (sent(mailing), mailing.status) == (2, S.STOPPED)
        lifecycle.resume(mailing, by=ana)
        assert not outcomes.claim(mailing.pk, ids.lease(), 9)
        upkeep.keep_going()
        send_part(mailing)
        assert sent(mailing) == 4

    def test_what_fails_is_retried_meanwhile_and_nothing_else_goes(self, in_batches, ana):
        mailing = in_batches(mails=60, size=30)
        send_part(mailing)
        mailing.deliveries.filter(pk=mailing.deliveries.filter(status="accepted").first().pk).update(status="failed")
        lifecycle.stop(mailing, by=ana)
        lifecycle.retry(mailing, by=ana)
        assert len(outcomes.claim(mailing.pk, ids.lease(), 99)) == 1

    def test_cancelled_nothing_of_any_part_goes(self, in_batches, ana, counted):
        mailing = in_batches()
        send_part(mailing)
        lifecycle.cancel(mailing, by=ana)
        pass_the_wait()
        assert counted(mailing) == {"accepted": 2, "withdrawn": 3, "skipped": 1}

    def test_a_mended_address_waits_for_its_turn(self, in_batches, ana):
        mailing = in_batches()
        last = mailing.deliveries.filter(status="pending").latest("pk")
        outcomes.readdress(last, ["otra@example.com"], ana)
        assert last.pk not in outcomes.claim(mailing.pk, ids.lease(), 9)

    def test_one_left_out_and_taken_back_waits_for_its_turn(self, in_batches, ana):
        mailing = in_batches()
        last = mailing.deliveries.filter(status="pending").latest("pk")
        outcomes.exclude(last, ana)
        outcomes.include(last, ana)
        assert last.pk not in outcomes.claim(mailing.pk, ids.lease(), 9)


@pytest.mark.django_db
class TestAsking:
    def test_it_asks_after_each_part(self, in_batches, ana, jobs):
        mailing = in_batches(BatchThen.ASK)
        for part in (1, 2):
            send_part(mailing)
            pass_the_wait()
            assert (sent(mailing), mailing.status, mailing.status_reason) == (2 * part, S.STOPPED, batches.ASKS)
            assert jobs("tell_batch") == part
            lifecycle.resume(mailing, by=ana)
        send_part(mailing)
        upkeep.keep_going()
        assert (sent(mailing), mailing.status) == (5, S.FINISHED)

    @pytest.mark.parametrize(("returned", "status"), [(1, S.SENDING), (2, S.STOPPED)])
    def test_more_than_five_in_a_hundred_stop_it(self, in_batches, returned, status):
        mailing = in_batches(mails=40, size=20)
        send_part(mailing)
        for delivery in mailing.deliveries.filter(status="accepted")[:returned]:
            mailing.deliveries.filter(pk=delivery.pk).update(status="bounced")
        assert batches.standing(mailing).returned == returned
        pass_the_wait()
        mailing.refresh_from_db()
        assert mailing.status == status
        assert mailing.status_reason == (batches.BOUNCED if status == S.STOPPED else "")

    def test_what_bounced_of_a_part_is_not_held_against_the_next(self, in_batches, ana):
        mailing = in_batches()
        send_part(mailing)
        mailing.deliveries.filter(status="accepted").update(status="bounced")
        pass_the_wait()
        lifecycle.resume(mailing, by=ana)
        send_part(mailing)
        assert batches.standing(mailing).returned == 0
        pass_the_wait()
        assert (sent(mailing), mailing.status) == (2, S.SENDING)


@pytest.mark.parametrize(("mails", "size", "minutes"), [(1, 5, 0), (5, 5, 0), (6, 5, 30), (50, 5, 270)])
def test_the_last_part_waits_for_nothing(mails, size, minutes):
    plan = Plan(size=size, wait_minutes=30, then=BatchThen.GO_ON)
    assert batches.waiting_time(mails, plan) == timedelta(minutes=minutes)
