"""An account's limits over whole sendings: what holds back waits, and nothing goes beyond."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from cartero.mailings import reports, sending, upkeep
from cartero.mailings.models import Delivery
from cartero.mailings.states import MailingStatus
from cartero.transport import allowance
from cartero.transport.models import MailAccount
from tests.factories import make_address, make_invoice, make_party

pytestmark = pytest.mark.django_db(transaction=True)


def work(mailing):
    while sending.send_some(mailing.pk):
        pass
    upkeep.keep_going()
    mailing.refresh_from_db()
    mailing.account.refresh_from_db()


def a_minute_later():
    """As if what was used had been used a minute before."""
    for account in MailAccount.objects.all():
        account.used = {
            name: {str(int(start) - 70): used for start, used in pieces.items()}
            for name, pieces in account.used.items()
        }
        account.save(update_fields=["used"])


@pytest.mark.parametrize("limit", ["per_minute", "per_hour", "per_day"])
def test_no_more_than_the_limit_goes(started, account, smtp_server, counted, limit):
    MailAccount.objects.update(**{limit: 5})
    mailing = started(12)
    work(mailing)
    work(mailing)
    assert len(smtp_server.mails) == 5
    assert counted(mailing) == {"accepted": 5, "pending": 7}
    assert mailing.status == MailingStatus.SENDING


def test_what_waits_says_until_when_and_goes_on(started, account, smtp_server):
    MailAccount.objects.update(per_minute=5)
    mailing = started(8)
    work(mailing)
    held = reports.hold(mailing, reports.progress(mailing))
    assert timedelta(seconds=20) < held.until - timezone.now() < timedelta(seconds=65)
    before = smtp_server.counts["greeting"]
    assert sending.send_some(mailing.pk) is False
    assert smtp_server.counts["greeting"] == before  # nobody logs in for nothing
    a_minute_later()
    work(mailing)
    assert len(smtp_server.mails) == 8
    assert mailing.status == MailingStatus.FINISHED


def test_recipients_count_not_mails(company, started, account, smtp_server):
    MailAccount.objects.update(per_minute=5)
    for n in range(3):
        party = make_party(company, f"a{n}@example.com")
        make_address(party, f"b{n}@example.com")
        make_invoice(party)
    mailing = started(0)
    work(mailing)
    assert len(smtp_server.mails) == 2
    assert sum(smtp_server.count_by_recipient().values()) == 4


def test_a_mail_with_more_recipients_than_the_limit_goes_when_nothing_else_did(company, started, account, smtp_server):
    MailAccount.objects.update(per_minute=2)
    party = make_party(company, "a@example.com")
    for letter in "bcd":
        make_address(party, f"{letter}@example.com")
    make_invoice(party)
    mailing = started(0)
    work(mailing)
    assert sum(smtp_server.count_by_recipient().values()) == 4


def test_what_did_not_go_after_all_is_not_counted(started, account, smtp_server):
    MailAccount.objects.update(per_hour=10)
    smtp_server.answer("mail", 550, "5.7.60 may not send as this")
    mailing = started(6)
    work(mailing)
    assert mailing.status == MailingStatus.STOPPED
    assert allowance.room(account.pk) >= 6  # those of the group that was refused were asked of the server


def test_two_workers_share_one_limit(account, at_once):
    MailAccount.objects.update(per_minute=30)
    granted = []

    def take():
        while (reserved := allowance.reserve(account.pk, [1, 1, 1])).mails:
            granted.append(reserved.recipients)

    assert at_once(take, take, take) == []
    assert sum(granted) == 30


def test_what_is_settled_late_counts_from_then(account):
    MailAccount.objects.update(per_minute=30)
    reserved = allowance.reserve(account.pk, [10])
    a_minute_later()
    assert allowance.room(account.pk) == 30
    allowance.settle(account.pk, reserved, 10)
    assert allowance.room(account.pk) == 20


def test_connections_are_shared_and_come_free_with_their_holder(account):
    first, second = (allowance.hold_connections(account, holder, 3, 60) for holder in HOLDERS)
    assert (first, second) == (3, 1)
    allowance.drop_connections(account, HOLDERS[0])
    assert allowance.hold_connections(account, HOLDERS[1], 3, 60) == 3


def test_a_login_that_is_not_proven_is_one_workers_to_try(account):
    MailAccount.objects.update(is_proven=False)
    account.refresh_from_db()
    first, second = (allowance.hold_connections(account, holder, 2, 60) for holder in HOLDERS)
    assert (first, second) == (2, 0)
    assert allowance.hold_connections(account, HOLDERS[0], 2, 60) == 2, "the same again"
    allowance.let_in(account)
    assert allowance.hold_connections(account, HOLDERS[1], 2, 60) == 2


def test_others_join_once_the_server_has_let_one_in(started, account, two_workers, jobs):
    MailAccount.objects.update(is_proven=False)
    mailing = started(9)
    before = jobs("send")
    sending.send_some(mailing.pk)
    assert MailAccount.objects.get().is_proven
    assert jobs("send") == before + 4, "more than there are workers, so that each gets one"


@pytest.fixture
def two_workers():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers SELECT FROM generate_series(1, 2)")
        yield
        cursor.execute("DELETE FROM procrastinate_workers")


def test_a_dead_workers_connections_come_free_with_time(account):
    allowance.hold_connections(account, HOLDERS[0], 4, 60)
    assert allowance.hold_connections(account, HOLDERS[1], 2, 60) == 0
    account.slots.update(until=Now() - timedelta(seconds=1))
    assert allowance.hold_connections(account, HOLDERS[1], 2, 60) == 2


def test_a_password_that_cannot_be_opened_stops_the_sending_with_words(started, account):
    mailing = started(1)
    MailAccount.objects.update(username="ana", password_sealed="nonsense")
    work(mailing)
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, "seal_broken")
    assert Delivery.objects.get().status == "pending"


HOLDERS = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"]
