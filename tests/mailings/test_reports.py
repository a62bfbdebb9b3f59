from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from cartero.mailings import lifecycle, reports
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.models.mailing import Pace
from cartero.mailings.reports import Progress
from cartero.mailings.states import DeliveryStatus
from tests.factories import make_account, make_company

NOW = datetime(2026, 7, 1, 15, tzinfo=UTC)
MINUTE = 60


def progress_of(*, age: float, sent_since: int = 0, rates: tuple[int, ...] = (), **fields) -> Progress:
    """As it is `age` seconds after the start; the oldest of the 18 points went by with nothing."""
    known = {
        "mails": {DeliveryStatus.PENDING: 600},
        "documents": {DeliveryStatus.PENDING: 600},
        "retrying": 0,
        "next_due": None,
        "last_due": None,
        "is_in_air": False,
    }
    curve = (0,) * (18 - len(rates)) + rates
    since = NOW - timedelta(seconds=age)
    return Progress(**(known | fields), sent_since=sent_since, rates=curve, now=NOW, since=since)


PACES = [
    (progress_of(age=12, sent_since=40, rates=(35,)), 200),  # what it really sent, in the time that it took
    (progress_of(age=3, sent_since=10, rates=(10,)), 60),  # three seconds promise nothing yet
    (progress_of(age=40, sent_since=0), 0),
    (progress_of(age=90, sent_since=500, rates=(90, 80)), 80),  # a minute old: the last minute
]


@pytest.mark.parametrize(("progress", "per_minute"), PACES)
def test_pace(progress, per_minute):
    assert progress.per_minute == per_minute


SPEEDS = [
    (progress_of(age=12, sent_since=40), 200),
    (progress_of(age=30), 0),
    (progress_of(age=3, sent_since=1), 0),  # just begun: one mail in three seconds is no speed
    (progress_of(age=70, rates=(20, 40, 60)), 60),  # the points before it was a minute old do not count
    (progress_of(age=3600, rates=(60, 60, 60, 0, 0, 0)), 60),  # a pause is not slowness
    (progress_of(age=3600), 0),  # all of six minutes held back: nothing is known
]


@pytest.mark.parametrize(("progress", "speed"), SPEEDS)
def test_speed(progress, speed):
    assert progress.speed == speed


@pytest.mark.django_db
class TestTimeLeft:
    @pytest.fixture
    def account(self):
        return make_account(make_company(), connections=4)

    def test_it_goes_as_fast_as_its_server_lets_it(self, account):
        assert reports.time_left(account, progress_of(age=3600, rates=(60,) * 18)) == 10 * MINUTE

    def test_a_limit_a_minute_makes_steps(self, account):
        account.per_minute = 300
        fast = progress_of(age=12, sent_since=300)
        assert reports.time_left(account, fast) == pytest.approx(MINUTE, abs=3)

    def test_a_limit_a_day_is_waited_for(self, account):
        account.per_day = 400
        assert reports.time_left(account, progress_of(age=12, sent_since=40)) > 23 * 60 * MINUTE

    def test_a_pause_of_the_account_comes_before(self, account):
        account.paused_until = NOW + timedelta(minutes=8)
        assert reports.time_left(account, progress_of(age=3600, rates=(60,) * 18)) == 18 * MINUTE

    def test_what_waits_for_another_attempt_goes_last(self, account):
        last = progress_of(age=3600, rates=(60,), last_due=NOW + timedelta(hours=2))
        assert reports.time_left(account, last) == 120 * MINUTE


@pytest.mark.django_db
class TestProgress:
    @pytest.fixture
    def mailing(self, started):
        return started(2)

    def test_a_point_counts_a_minute(self, mailing):
        """A burst that the account's limit allows does not go beyond it in the curve."""
        Mailing.objects.update(changed_at=timezone.now() - timedelta(hours=1))
        tick = timezone.now().replace(microsecond=0)
        tick -= timedelta(seconds=tick.second % 10)
        for ago in (70, 130, 190):
            Pace.objects.create(mailing=mailing, at=tick - timedelta(seconds=ago), shard=0, accepted=120)
        progress = reports.progress(mailing)
        assert max(progress.rates) == 120
        assert len(progress.rates) == 18

    def test_since_it_began(self, mailing):
        tick = timezone.now().replace(microsecond=0)
        tick -= timedelta(seconds=tick.second % 10)
        Pace.objects.create(mailing=mailing, at=tick, shard=0, accepted=7)
        Pace.objects.create(mailing=mailing, at=tick - timedelta(seconds=40), shard=0, accepted=100)
        progress = reports.progress(mailing)
        assert progress.sent_since == 7
        assert progress.per_minute == 42

    def test_one_that_is_stopped_has_no_speed(self, mailing, ana):
        """So that what is left when it is resumed comes from its account, not from mails that stopped coming."""
        tick = timezone.now().replace(microsecond=0)
        Pace.objects.create(mailing=mailing, at=tick - timedelta(seconds=tick.second % 10), shard=0, accepted=2)
        lifecycle.stop(mailing, ana)
        assert reports.progress(mailing).speed == 0
        Mailing.objects.update(changed_at=timezone.now() - timedelta(seconds=65))
        assert reports.progress(mailing).speed == 0

    def test_in_the_air(self, mailing, ana):
        lifecycle.stop(mailing, ana)
        assert not reports.progress(mailing).is_in_air
        one = Delivery.objects.filter(mailing=mailing).first()
        Delivery.objects.filter(pk=one.pk).update(
            status=DeliveryStatus.TRANSMITTING,
            lease_until=timezone.now(),
            token="0" * 8 + "-0000-4000-8000-000000000000",
        )
        assert reports.progress(mailing).is_in_air
