"""What is in doubt, with servers that keep a mail and say nothing, and a Dovecot that has what its provider kept."""

from collections import Counter
from datetime import timedelta
from socket import create_server
from time import monotonic

import pytest
from django.db.models.functions import Now

from cartero.companies import doubt_rule
from cartero.companies.models import AuditEntry, DoubtRule
from cartero.invoices.states import MailStatus
from cartero.mailings import doubts, lifecycle
from cartero.mailings.doubts import Evidence, EvidenceKind
from cartero.mailings.errors import TooLate
from cartero.mailings.models import Delivery, Doubt, EventKind, Mailing
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.platform import crypto
from cartero.transport.models import Grant, SentFolder
from cartero.transport.presets import Security
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.mailings.conftest import only
from tests.reliability import sums

pytestmark = pytest.mark.django_db(transaction=True)  # mails go from threads
S = DeliveryStatus


@pytest.fixture(scope="module")
def dovecot():
    server = Dovecot().start()
    yield server
    server.stop()


@pytest.fixture
def doubtful(started, smtp_server, send_all):
    """A mailing of so many mails: of the first its server kept the mail and dropped the reply."""

    def make(mails=1, *, keep=True):
        smtp_server.answer("end", then="close", keep=keep, times=1)
        mailing = started(mails)
        send_all(mailing)
        assert mailing.status == MailingStatus.FINISHED
        doubts.keep_looking()
        return mailing

    return make


@pytest.fixture
def in_doubt():
    return lambda mailing: mailing.deliveries.get(status=S.IN_DOUBT)


@pytest.fixture
def folder(account):
    """The account's folder, in that Dovecot or elsewhere."""

    def make(server, **fields):
        known = {"host": "127.0.0.1", "port": server.port, "security": Security.NONE, "private_allowed": True}
        sent = SentFolder(account=account, **(known | {"username": USER} | fields))
        sent.password = PASSWORD
        sent.save()
        return sent

    return make


@pytest.fixture
def sums_hold(smtp_server, counted):
    """The four sums of tests/reliability, by the server's own log."""

    def check(mailing, *, resends=False):
        rows = [
            {
                "message_id": one.message_id,
                "status": one.status,
                "doubted": one.events.filter(kind=EventKind.IN_DOUBT).exists(),
                "documents": list(one.invoices.values_list("number", flat=True)),
            }
            for one in mailing.deliveries.all()
        ]
        assert sums.faults(smtp_server.mails, rows, counted(mailing), resends=resends) == []

    return check


def later(**passed):
    """As if the doubts had begun so much earlier."""
    Doubt.objects.update(since=Now() - timedelta(**passed), look_at=Now())


def evidence(message_id):
    return Evidence(kind=EvidenceKind.SENT_FOLDER, message_id=message_id, words="Sent · UID 7")


def rule(company, ana, chosen):
    doubt_rule.choose(company, chosen, by=ana)


# Evidence.


def test_what_is_in_the_sent_folder_was_accepted(doubtful, in_doubt, folder, dovecot, account, sums_hold):
    mailing = doubtful(3)
    delivery = in_doubt(mailing)
    sent = folder(dovecot)
    dovecot.keep("Sent", delivery.message_id)
    doubts.look(account.pk)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.reason, delivery.accepted_at is not None) == (S.ACCEPTED, "", True)
    event = delivery.events.get(kind=EventKind.SETTLED)
    assert event.reason == "found_in_sent"
    assert event.reply.startswith("Sent · UID ")
    assert delivery.invoices.get().mail_status == MailStatus.ACCEPTED
    assert delivery.attached  # what went is known, though the server never said that it has it
    assert not Doubt.objects.exists()
    sent.refresh_from_db()
    assert (sent.looked_in, sent.trouble) == ("Sent", "")
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.FINISHED
    sums_hold(mailing)


@pytest.mark.parametrize("around", ["<otro.{bare}>", "{bare}", "x{whole}", "{whole}x", "({whole}) <otro@example.com>"])
def test_another_mail_settles_nothing(doubtful, in_doubt, folder, dovecot, account, around):
    """Not one that only holds our Message-ID, and not one of somebody else."""
    mailing = doubtful()
    delivery = in_doubt(mailing)
    folder(dovecot)
    dovecot.keep("Sent", around.format(whole=delivery.message_id, bare=delivery.message_id.strip("<>")))
    doubts.look(account.pk)
    delivery.refresh_from_db()
    assert delivery.status == S.IN_DOUBT
    assert delivery.doubt.absent_from == "Sent"


@pytest.mark.parametrize("kind", EvidenceKind)
def test_each_kind_of_evidence_settles_its_own_mail_alone(doubtful, in_doubt, kind):
    mailing = doubtful(2)
    delivery = in_doubt(mailing)
    strange = mailing.deliveries.exclude(pk=delivery.pk).get()
    for message_id in (strange.message_id, f"<{delivery.message_id}>", delivery.message_id.strip("<>"), ""):
        assert not doubts.settle(delivery, Evidence(kind=kind, message_id=message_id, words=""))
    assert in_doubt(mailing) == delivery
    right = Evidence(kind=kind, message_id=delivery.message_id, words="aquí")
    assert doubts.settle(delivery, right)
    assert not doubts.settle(delivery, right)  # once
    told = delivery.events.filter(kind=EventKind.SETTLED).values_list("reason", "reply")
    assert list(told) == [(kind.value, "aquí")]


def test_evidence_changes_nothing_of_what_is_in_no_doubt(started):
    delivery = only(started(1))
    assert not doubts.settle(delivery, evidence(delivery.message_id))
    delivery.refresh_from_db()
    assert delivery.status == S.PENDING


def test_not_found_is_looked_for_again_and_again(doubtful, in_doubt, folder, dovecot, account):
    delivery = in_doubt(doubtful(keep=False))
    folder(dovecot)
    for passed, minutes in ((0.5, 1), (2, 5), (6, 15), (16, 60)):
        later(minutes=passed)
        doubts.look(account.pk)
        doubt = Doubt.objects.get()
        assert doubt.look_at - doubt.since == timedelta(minutes=minutes)
        doubts.keep_looking()
        delivery.refresh_from_db()
        assert (delivery.status, Doubt.objects.get().left_at) == (S.IN_DOUBT, None)
    later(minutes=61)
    doubts.look(account.pk)
    assert Doubt.objects.get().look_at is None
    doubts.keep_looking()
    delivery.refresh_from_db()
    assert (delivery.status, Doubt.objects.get().left_at is not None) == (S.IN_DOUBT, True)


def test_a_provider_that_is_slow_to_keep_it_is_given_time(doubtful, in_doubt, folder, dovecot, account):
    delivery = in_doubt(doubtful())
    folder(dovecot)
    doubts.look(account.pk)
    dovecot.keep("Sent", delivery.message_id)
    later(minutes=2)
    doubts.look(account.pk)
    delivery.refresh_from_db()
    assert delivery.status == S.ACCEPTED


def test_looks_that_are_due_have_a_job_each_account_one(doubtful, folder, dovecot, jobs):
    doubtful()
    doubts.keep_looking()
    assert jobs("look_for_doubts") == 0  # there is no folder
    folder(dovecot)
    doubts.keep_looking()
    doubts.keep_looking()
    assert jobs("look_for_doubts") == 1


def test_a_look_is_one_workers(doubtful, folder, dovecot, account, in_doubt):
    mailing = doubtful()
    folder(dovecot)
    Doubt.objects.update(look_at=Now() + timedelta(minutes=3))  # another one is at it
    dovecot.keep("Sent", in_doubt(mailing).message_id)
    doubts.look(account.pk)
    assert in_doubt(mailing)


def test_its_own_worker_may_still_settle_it(doubtful, in_doubt):
    delivery = in_doubt(doubtful())
    Delivery.objects.filter(pk=delivery.pk).update(status=S.ACCEPTED)
    doubts.keep_looking()
    assert not Doubt.objects.exists()


# What a mailbox may do.


def test_a_refused_login_is_said_by_the_account_and_stops_nothing(doubtful, folder, dovecot, account, jobs, in_doubt):
    mailing = doubtful()
    sent = folder(dovecot)
    sent.password = "otra clave"
    sent.save()
    doubts.look(account.pk)
    sent.refresh_from_db()
    account.refresh_from_db()
    assert (sent.trouble, sent.is_refused) == ("login_refused", True)
    assert (account.stopped_reason, account.paused_until) == ("", None)
    log = dovecot.log()
    later(minutes=5)
    doubts.keep_looking()
    doubts.look(account.pk)
    assert (dovecot.log(), jobs("look_for_doubts")) == (log, 0)  # nobody tries it again
    later(minutes=61)
    doubts.keep_looking()
    assert in_doubt(mailing).doubt.left_at is not None  # the rule does not wait for it


def test_a_folder_that_can_be_read_again_is(doubtful, in_doubt, folder, dovecot, account):
    delivery = in_doubt(doubtful())
    sent = folder(dovecot, is_refused=True)
    later(minutes=61)
    doubts.keep_looking()
    dovecot.keep("Sent", delivery.message_id)
    sent.is_refused = False
    sent.save()
    doubts.look_again(account)
    doubts.look(account.pk)
    delivery.refresh_from_db()
    assert delivery.status == S.ACCEPTED  # though it waited for a person already


def test_a_password_that_cannot_be_opened_is_a_refusal(doubtful, folder, dovecot, account):
    doubtful()
    sent = folder(dovecot)
    SentFolder.objects.update(password_sealed="no")
    doubts.look(account.pk)
    sent.refresh_from_db()
    assert (sent.trouble, sent.is_refused) == ("seal_broken", True)


def test_a_mailbox_that_hangs_holds_nobody_up(doubtful, folder, account, settings, in_doubt):
    settings.SMTP_TIMEOUT_SCALE = 0.01
    mailing = doubtful()
    began = monotonic()
    with create_server(("127.0.0.1", 0)) as silent:
        sent = folder(type("Place", (), {"port": silent.getsockname()[1]}))
        doubts.look(account.pk)
    assert monotonic() - began < 10
    sent.refresh_from_db()
    assert (sent.trouble, sent.is_refused) == ("no_answer", False)
    doubt = in_doubt(mailing).doubt
    assert doubt.look_at > doubt.since  # and it is tried again
    assert doubt.absent_from == ""


def test_a_mailbox_of_a_private_place_is_not_asked(doubtful, folder, dovecot, account):
    doubtful()
    sent = folder(dovecot, private_allowed=False)
    doubts.look(account.pk)
    sent.refresh_from_db()
    assert sent.trouble == "mailbox_forbidden"


def test_a_token_of_the_account_opens_its_folder(doubtful, in_doubt, folder, dovecot, account):
    """The leave is the account's; what stands in for Google or Microsoft here signs the token that Dovecot checks."""
    delivery = in_doubt(doubtful())
    sent = folder(dovecot)
    sent.password_sealed = ""
    sent.save()
    grant(account, dovecot.token())
    dovecot.keep("Sent", delivery.message_id)
    doubts.look(account.pk)
    delivery.refresh_from_db()
    assert delivery.status == S.ACCEPTED


def grant(account, token):
    account.way = "google"
    account.save()
    Grant.objects.create(
        account=account, refresh_sealed=crypto.seal("r"), access_sealed=crypto.seal(token),
        access_until=Now() + timedelta(hours=1), granted_at=Now(),
    )  # fmt: skip


# The company's rule.


def test_without_a_folder_the_rule_comes_after_an_hour(doubtful, in_doubt, company, ana):
    mailing = doubtful()
    rule(company, ana, DoubtRule.RESEND)
    later(minutes=59)
    doubts.keep_looking()
    assert in_doubt(mailing).doubt.left_at is None
    later(minutes=60)
    doubts.keep_looking()
    assert only(mailing).status == S.PENDING


@pytest.mark.parametrize("keep", [True, False])
def test_by_the_rule_it_goes_again_with_its_message_id(
    doubtful, in_doubt, company, ana, smtp_server, send_all, sums_hold, keep
):
    mailing = doubtful(3, keep=keep)
    delivery = in_doubt(mailing)
    rule(company, ana, DoubtRule.RESEND)
    later(minutes=61)
    doubts.keep_looking()
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.SENDING
    send_all(mailing)
    assert mailing.status == MailingStatus.FINISHED
    kinds = list(delivery.events.order_by("pk").values_list("kind", "reason"))
    assert [kind for kind, _reason in kinds] == ["registered", "in_doubt", "settled", "accepted"][-len(kinds) :]
    assert ("settled", "rule_says_resend") in kinds
    times = Counter(kept.message_id for kept in smtp_server.mails)
    assert times[delivery.message_id] == 1 + keep
    sums_hold(mailing, resends=True)
    assert AuditEntry.objects.filter(verb="settle", user=None, facts__mails=1).count() == 1


def test_by_the_rule_of_reviewing_nothing_goes_twice(doubtful, smtp_server, send_all, sums_hold, in_doubt):
    mailing = doubtful(3)
    later(days=3)
    doubts.keep_looking()
    send_all(mailing)
    assert in_doubt(mailing).doubt.left_at is not None
    assert set(smtp_server.count_by_recipient().values()) == {1}
    sums_hold(mailing)


def test_another_rule_is_for_what_comes(doubtful, in_doubt, company, ana):
    mailing = doubtful()
    later(minutes=61)
    doubts.keep_looking()
    rule(company, ana, DoubtRule.RESEND)
    doubts.keep_looking()
    assert in_doubt(mailing)


def test_the_rule_waits_for_the_last_look(doubtful, in_doubt, company, ana, folder, dovecot):
    mailing = doubtful()
    folder(dovecot)
    rule(company, ana, DoubtRule.RESEND)
    later(minutes=61)
    doubts.keep_looking()
    assert in_doubt(mailing)
    later(minutes=71)  # it never came back
    doubts.keep_looking()
    assert only(mailing).status == S.PENDING


def test_a_stopped_mailing_stays_so(doubtful, company, ana, in_doubt):
    mailing = doubtful()
    Mailing.objects.filter(pk=mailing.pk).update(status=MailingStatus.STOPPED)
    rule(company, ana, DoubtRule.RESEND)
    later(minutes=61)
    doubts.keep_looking()
    mailing.refresh_from_db()
    assert (mailing.status, only(mailing).status) == (MailingStatus.STOPPED, S.PENDING)


def test_of_a_restored_backup_no_rule_sends_anything(doubtful, in_doubt, company, ana):
    mailing = doubtful()
    rule(company, ana, DoubtRule.RESEND)
    doubts.leave_to_people()
    later(minutes=61)
    doubts.keep_looking()
    assert in_doubt(mailing)


def test_the_rule_is_in_the_trail(company, ana):
    assert doubt_rule.choose(company, DoubtRule.RESEND, by=ana)
    assert not doubt_rule.choose(company, DoubtRule.RESEND, by=ana)
    entry = AuditEntry.objects.get(verb="choose_doubt_rule")
    assert (entry.user, entry.facts) == (ana, {"was": "review", "now": "resend"})


# A person.


@pytest.mark.parametrize(("arrived", "reason"), [(True, "person_says_arrived"), (False, "person_says_resend")])
def test_a_person_decides_and_the_event_names_her(doubtful, in_doubt, ana, send_all, sums_hold, arrived, reason):
    mailing = doubtful(2)
    delivery = in_doubt(mailing)
    doubts.decide_one(delivery, arrived=arrived, by=ana)
    event = delivery.events.get(kind=EventKind.SETTLED)
    assert (event.reason, event.reply) == (reason, str(ana))
    send_all(mailing)
    delivery.refresh_from_db()
    assert (delivery.status, mailing.status) == (S.ACCEPTED, MailingStatus.FINISHED)
    sums_hold(mailing, resends=not arrived)
    with pytest.raises(TooLate):
        doubts.decide_one(delivery, arrived=arrived, by=ana)


def test_all_of_a_mailing_in_one_go(started, smtp_server, send_all, ana, sums_hold, counted):
    smtp_server.answer("end", then="close", keep=False, times=3)
    mailing = started(5)
    send_all(mailing)
    lost = list(mailing.deliveries.in_doubt().values_list("message_id", flat=True))
    assert len(lost) == 3
    assert doubts.decide(mailing, arrived=False, by=ana) == 3
    assert doubts.decide(mailing, arrived=False, by=ana) == 0
    send_all(mailing)
    assert counted(mailing) == {"accepted": 5}
    assert {kept.message_id for kept in smtp_server.mails} > set(lost)
    sums_hold(mailing, resends=True)


def test_only_those_that_were_ticked(started, smtp_server, send_all, ana, counted):
    smtp_server.answer("end", then="close", keep=True, times=3)
    mailing = started(3)
    send_all(mailing)
    first = mailing.deliveries.earliest("pk")
    assert doubts.decide(mailing, arrived=True, by=ana, among=[first.pk, 2**40]) == 1
    assert counted(mailing) == {"accepted": 1, "in_doubt": 2}


def test_what_did_not_arrive_of_a_cancelled_mailing_is_withdrawn(started, smtp_server, send_all, ana, in_doubt):
    mailing = started(1)
    lifecycle.stop(mailing, by=ana)
    lifecycle.cancel(mailing, by=ana)
    Delivery.objects.update(status=S.IN_DOUBT)
    doubts.decide_one(in_doubt(mailing), arrived=False, by=ana)
    delivery = only(mailing)
    assert (delivery.status, delivery.reason) == (S.WITHDRAWN, "cancelled")
    assert delivery.invoices.get().mail_status == MailStatus.UNSENT


def test_two_people_at_once_send_it_once(doubtful, in_doubt, ana, bruno, at_once, smtp_server, send_all):
    mailing = doubtful(1, keep=False)
    delivery = in_doubt(mailing)
    raised = at_once(
        lambda: doubts.decide_one(delivery, arrived=False, by=ana),
        lambda: doubts.decide_one(delivery, arrived=False, by=bruno),
    )
    assert [type(error) for error in raised] == [TooLate]
    send_all(mailing)
    assert len(smtp_server.mails) == 1
