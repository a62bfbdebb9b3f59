"""What an account may take, where several answers together decide."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cartero.transport import allowance
from cartero.transport.allowance import Pace
from cartero.transport.models import MailAccount
from cartero.transport.replies import Pause, Stop
from tests.factories import make_account, make_company

pytestmark = pytest.mark.django_db
PACE = Pace(connections=1, per_minute=0)


@pytest.fixture
def paused():
    """An account whose pause began so many minutes ago, and which is refused once more."""

    def refuse(minutes):
        account, now = make_account(make_company()), timezone.now()
        since = now - timedelta(minutes=minutes)
        MailAccount.objects.update(paused_since=since, paused_until=now)
        told = allowance.pause(account.pk, Pause(reason="login_busy"), "454 later", PACE)
        account.refresh_from_db()
        return told, account.paused_until - since

    return refuse


def test_the_last_try_comes_when_the_page_says_that_it_ends(paused):
    told, last = paused(14)
    assert told == Pause(reason="login_busy")
    assert last == timedelta(minutes=15)


def test_what_has_lasted_too_long_stops(paused):
    assert paused(15)[0] == Stop(reason="login_busy")
