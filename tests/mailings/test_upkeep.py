import pytest

from cartero.mailings import lifecycle, outcomes, upkeep
from cartero.mailings.models import Delivery, Mailing, Origin
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.platform import ids, queue, sql
from cartero.transport import allowance
from cartero.transport.allowance import Pace
from cartero.transport.replies import Pause

pytestmark = pytest.mark.django_db


def forget_jobs() -> None:
    sql.changed("tests.mailings", "forget_jobs")


def test_work_without_a_job_gets_one(jobs, started):
    started(1)
    forget_jobs()
    upkeep.keep_going()
    upkeep.keep_going()
    assert jobs("send") == 1


def test_work_that_waits_gets_none(jobs, started, account):
    mailing = started(2)
    forget_jobs()
    allowance.pause(account.pk, Pause(reason="no_answer"), "", Pace(connections=1, per_minute=0))
    upkeep.keep_going()
    mailing.deliveries.update(retry_at="2099-01-01T00:00Z")
    account.paused_until = None
    account.save()
    upkeep.keep_going()
    assert jobs("send") == 0


def test_an_ensayo_has_one_job_a_living_worker(jobs, mailing_of):
    """However many rounds pass while it goes on: more jobs would only take each other's time."""
    mailing_of(1)
    sql.run("tests.mailings", "begin_jobs", task="rehearse", silent=0)
    upkeep.keep_going()
    assert jobs("rehearse") == 0
    sql.run("tests.mailings", "begin_jobs", task="none", silent=0)  # a second worker comes
    for _ in range(3):
        upkeep.keep_going()
    assert jobs("rehearse") == 1


def test_the_ensayo_of_a_killed_worker_gets_another_job(jobs, mailing_of):
    mailing_of(1)
    sql.run("tests.mailings", "begin_jobs", task="rehearse", silent=11)
    upkeep.keep_going()
    assert jobs("rehearse") == 1


@pytest.mark.parametrize(("silent", "first"), [(0, [True, False]), (11, [True, True])])
def test_one_round_at_a_time(jobs, silent, first):
    """A round that takes longer than the time to the next is left alone, unless its worker has died."""
    begun = []
    for seconds in (silent, 0):
        queue.defer("keep_going", timestamp=0)
        ((job,),) = sql.run("tests.mailings", "begin_jobs", task="keep_going", silent=seconds)
        begun.append(job)
    assert [queue.is_first("keep_going", job) for job in begun] == first


def test_an_end_nobody_wrote_is_written(jobs, started):
    mailing = started(1)
    Delivery.objects.update(status=DeliveryStatus.FAILED)
    upkeep.keep_going()
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.FINISHED
    assert (jobs("drop_rendered"), jobs("tell_finished")) == (1, 1)


def test_a_round_takes_over_what_is_left_of_dead_workers(jobs, started, counted):
    mailing = started(2)
    claimed = outcomes.claim(mailing.pk, ids.lease(), 2)
    Delivery.objects.filter(pk__in=claimed).update(lease_until="2020-01-01T00:00Z")
    forget_jobs()
    upkeep.keep_going()
    assert counted(mailing) == {"pending": 2}
    assert jobs("send") == 1


def test_a_database_knows_itself():
    assert upkeep.hold_restored() == 0
    here = Origin.objects.get()
    assert (here.system > 0 or here.system < 0, here.database > 0) == (True, True)
    assert upkeep.hold_restored() == 0


@pytest.mark.parametrize("changed", ["system", "database"])
def test_a_restored_backup_sends_nothing_by_itself(jobs, started, mailing_of, ana, counted, changed):
    upkeep.hold_restored()
    sending = started(3)
    _claimed, flying, _third = outcomes.claim(sending.pk, ids.lease(), 3)
    outcomes.transmitting(sending.pk, [flying], Delivery.objects.get(pk=flying).token)
    scheduled, rested, registered = (Mailing.objects.create(**_like(sending, n)) for n in (2, 3, 4))
    Mailing.objects.filter(pk=scheduled.pk).update(status="scheduled", scheduled_for="2020-01-01T00:00Z")
    Mailing.objects.filter(pk=rested.pk).update(status="stopped", resume_at="2020-01-01T00:00Z")
    Origin.objects.update(**{changed: 7})
    assert upkeep.hold_restored() == 3
    forget_jobs()
    upkeep.keep_going()
    held = Mailing.objects.filter(status=MailingStatus.STOPPED, status_reason="restored")
    assert set(held) == {sending, scheduled, rested}
    assert Mailing.objects.get(pk=registered.pk).status == MailingStatus.REGISTERED
    assert counted(sending) == {"pending": 2, "in_doubt": 1}
    assert jobs("send") == 0
    assert upkeep.hold_restored() == 0
    lifecycle.resume(sending, by=ana)
    assert len(outcomes.claim(sending.pk, ids.lease(), 9)) == 2


def _like(mailing: Mailing, number: int) -> dict[str, object]:
    return {"company": mailing.company, "account": mailing.account, "number": number, "name": "Otro", "kind": "copy"}
