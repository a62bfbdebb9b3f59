import pytest

from cartero.invoices.states import MailStatus
from cartero.mailings import lifecycle, outcomes, upkeep
from cartero.mailings.models import Delivery, Event, EventKind
from cartero.mailings.outcomes import Deferred, Outcome, Return, Ruling
from cartero.mailings.states import DeliveryStatus
from cartero.platform import ids

pytestmark = pytest.mark.django_db

S = DeliveryStatus
MINE, OTHERS = ids.lease(), ids.lease()


def told(delivery, status, **more):
    kinds = {S.ACCEPTED: EventKind.ACCEPTED, S.PENDING: EventKind.RETRY, S.IN_DOUBT: EventKind.IN_DOUBT}
    return Outcome(delivery=delivery, status=status, kind=kinds.get(status, EventKind.FAILED), **more)


def states(mailing):
    return dict(mailing.deliveries.values_list("pk", "status"))


def freeze(*deliveries):
    """As if their worker had not been heard of for longer than its lease."""
    Delivery.objects.filter(pk__in=deliveries).update(lease_until="2020-01-01T00:00Z")


def test_a_delivery_is_claimed_transmitted_and_accepted(started, counted):
    mailing = started(1)
    claimed = outcomes.claim(mailing.pk, MINE, 10)
    assert outcomes.transmitting(mailing.pk, claimed, MINE) == set(claimed)
    reply = "250 2.0.0 queued as 7"
    assert outcomes.record([told(claimed[0], S.ACCEPTED, code=250, reply=reply)], MINE) == set(claimed)
    delivery = mailing.deliveries.get()
    assert (delivery.status, delivery.reply, delivery.attempts, delivery.token) == (S.ACCEPTED, reply, 1, None)
    assert delivery.accepted_at is not None
    assert list(delivery.events.values_list("kind", "reply")) == [("accepted", reply)]
    assert delivery.invoices.get().mail_status == MailStatus.ACCEPTED
    assert counted(mailing) == {"accepted": 1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_claim_the_same(started, at_once):
    mailing = started(40)
    got = {MINE: [], OTHERS: []}

    def claim_all(token):
        while more := outcomes.claim(mailing.pk, token, 3):
            got[token] += more

    assert at_once(lambda: claim_all(MINE), lambda: claim_all(OTHERS)) == []
    assert sorted(got[MINE] + got[OTHERS]) == sorted(states(mailing))
    assert set(got[MINE]).isdisjoint(got[OTHERS])


def test_the_last_ones_are_shared_out(started):
    mailing = started(40)
    lots = []
    while claimed := outcomes.claim(mailing.pk, MINE, 16, share=4):
        lots.append(len(claimed))
    assert lots == [10, 7, 5, 4, 4, 4, 4, 2]


def test_a_limit_below_the_least_share_holds(started):
    mailing = started(9)
    assert len(outcomes.claim(mailing.pk, MINE, 2, share=4)) == 2


def test_of_a_stopped_mailing_nothing_is_claimed_or_transmitted(started, ana):
    mailing = started(2)
    (claimed,) = outcomes.claim(mailing.pk, MINE, 1)
    lifecycle.stop(mailing, by=ana)
    assert outcomes.transmitting(mailing.pk, [claimed], MINE) == set()
    assert outcomes.claim(mailing.pk, OTHERS, 10) == []
    outcomes.release([claimed], MINE)
    assert set(states(mailing).values()) == {S.PENDING}


def test_what_waits_for_another_attempt_is_not_claimed(started):
    mailing = started(1)
    claimed = outcomes.claim(mailing.pk, MINE, 1)
    outcomes.record([told(claimed[0], S.PENDING, wait=60, reason="greylisted")], MINE)
    assert outcomes.claim(mailing.pk, MINE, 1) == []
    delivery = mailing.deliveries.get()
    assert (delivery.attempts, delivery.reason) == (1, "greylisted")
    assert delivery.first_refused_at is not None
    assert delivery.events.get().until == delivery.retry_at


def test_a_lost_lease_sends_nothing_and_settles_nothing(started, counted):
    mailing = started(2)
    claimed = outcomes.claim(mailing.pk, MINE, 2)
    freeze(*claimed)
    assert outcomes.transmitting(mailing.pk, claimed, MINE) == set()
    assert outcomes.expire() == 2
    assert sorted(outcomes.claim(mailing.pk, OTHERS, 2)) == claimed
    assert outcomes.record([told(pk, S.ACCEPTED) for pk in claimed], MINE) == set()
    assert counted(mailing) == {"pending": 2}


def test_a_lease_in_use_is_not_renewed_by_others_nor_after_its_end(started):
    mailing = started(2)
    first, second = outcomes.claim(mailing.pk, MINE, 2)
    freeze(second)
    outcomes.renew([first], OTHERS)
    outcomes.renew([first, second], MINE)
    assert outcomes.expire() == 1
    assert states(mailing) == {first: S.CLAIMED, second: S.PENDING}


def test_a_foreign_token_writes_nothing(started):
    mailing = started(1)
    claimed = outcomes.claim(mailing.pk, MINE, 1)
    assert outcomes.record([told(claimed[0], S.ACCEPTED)], OTHERS) == set()
    outcomes.release(claimed, OTHERS)
    assert states(mailing) == {claimed[0]: S.CLAIMED}
    assert Event.objects.filter(kind="accepted").count() == 0


def test_what_dead_workers_left(started, counted):
    mailing = started(3)
    claimed, flying, alive = outcomes.claim(mailing.pk, MINE, 3)
    outcomes.transmitting(mailing.pk, [flying, alive], MINE)
    freeze(claimed, flying)
    assert outcomes.expire() == 2
    assert states(mailing) == {claimed: S.PENDING, flying: S.IN_DOUBT, alive: S.TRANSMITTING}
    doubtful = mailing.deliveries.get(pk=flying)
    assert doubtful.reason == "worker_died"
    assert doubtful.invoices.get().mail_status == MailStatus.IN_DOUBT
    assert counted(mailing) == {"pending": 2, "in_doubt": 1}
    assert outcomes.expire() == 0


@pytest.mark.parametrize(
    ("status", "then"),
    [(S.ACCEPTED, S.ACCEPTED), (S.FAILED, S.FAILED), (S.PENDING, S.IN_DOUBT), (S.IN_DOUBT, S.IN_DOUBT)],
)
def test_a_worker_that_lost_its_lease_settles_its_own_doubt_for_good(started, status, then):
    mailing = started(1)
    claimed = outcomes.claim(mailing.pk, MINE, 1)
    outcomes.transmitting(mailing.pk, claimed, MINE)
    freeze(*claimed)
    outcomes.expire()
    assert outcomes.record([told(claimed[0], status)], OTHERS) == set()
    outcomes.record([told(claimed[0], status)], MINE)
    assert states(mailing) == {claimed[0]: then}


@pytest.mark.parametrize("then", [S.ACCEPTED, S.PENDING, S.WITHDRAWN])
def test_a_doubt_is_settled_before_its_worker_does(started, then):
    mailing = started(1)
    claimed = outcomes.claim(mailing.pk, MINE, 1)
    outcomes.record([told(claimed[0], S.IN_DOUBT)], MINE)
    assert outcomes.settle(mailing.pk, Ruling(status=then, reason="why"), claimed) == claimed
    assert outcomes.record([told(claimed[0], S.ACCEPTED)], MINE) == set()
    assert states(mailing) == {claimed[0]: then}
    assert outcomes.settle(mailing.pk, Ruling(status=then, reason="why"), None) == []


def test_what_is_told_twice_counts_once(started, counted):
    mailing = started(1)
    claimed = outcomes.claim(mailing.pk, MINE, 1)
    for _ in range(2):
        outcomes.record([told(claimed[0], S.ACCEPTED)], MINE)
    assert counted(mailing) == {"accepted": 1}
    assert Event.objects.filter(delivery=claimed[0]).count() == 1


def test_recipients_that_were_put_off_get_a_mail_of_their_own(started, counted):
    mailing = started(1)
    claimed = outcomes.claim(mailing.pk, MINE, 1)
    put_off = Deferred(to=["b@example.com", "c@example.com"], wait=300, reason="greylisted", code=450, reply="450 wait")
    outcomes.record([told(claimed[0], S.ACCEPTED, deferred=put_off)], MINE)
    assert counted(mailing) == {"accepted": 1, "pending": 1}
    sibling = mailing.deliveries.get(status=S.PENDING)
    first = mailing.deliveries.get(pk=claimed[0])
    assert sibling.to == ["b@example.com", "c@example.com"]
    assert (sibling.document_count, sibling.attempts, sibling.reason) == (0, 1, "greylisted")
    assert sibling.message_id not in {"", first.message_id}
    assert sibling.message_id.endswith("@valle.example.co>")
    assert list(sibling.invoices.all()) == list(first.invoices.all())
    assert sibling.events.get().reply == "450 wait"
    assert outcomes.claim(mailing.pk, MINE, 1) == []  # not before its time


def test_what_becomes_of_a_part_does_not_change_how_the_document_stands(started, ana, counted):
    mailing = started(1)
    claimed = outcomes.claim(mailing.pk, MINE, 1)
    put_off = Deferred(to=["b@example.com"], wait=0, reason="greylisted")
    outcomes.record([told(claimed[0], S.ACCEPTED, deferred=put_off)], MINE)
    again = outcomes.claim(mailing.pk, MINE, 1)
    outcomes.record([told(again[0], S.FAILED, reason="no_mailbox")], MINE)
    invoice = mailing.deliveries.get(pk=claimed[0]).invoices.get()
    assert invoice.mail_status == MailStatus.ACCEPTED
    assert counted(mailing) == {"accepted": 1, "failed": 1}
    lifecycle.stop(mailing, by=ana)
    lifecycle.retry(mailing, by=ana)
    invoice.refresh_from_db()
    assert invoice.mail_status == MailStatus.ACCEPTED


def die_over(mailing, limit=10):
    """A worker claims and is not heard of again; what it had claimed."""
    claimed = outcomes.claim(mailing.pk, ids.lease(), limit)
    freeze(*claimed)
    outcomes.expire()
    return claimed


def test_after_three_claims_it_is_tried_alone_twice_then_it_fails(started, counted):
    mailing = started(3)
    poison, *others = sorted(states(mailing))
    for _ in range(3):
        assert die_over(mailing) == [poison, *others]
    tried = []
    while claimed := outcomes.claim(mailing.pk, MINE, 10):
        (lone,) = claimed
        tried.append(lone)
        if lone == poison:
            freeze(lone)
            outcomes.expire()
        else:
            outcomes.record([told(lone, S.ACCEPTED)], MINE)
    assert sorted(tried) == sorted([poison, poison, *others])
    failed = mailing.deliveries.get(pk=poison)
    assert (failed.status, failed.reason) == (S.FAILED, "kills_worker")
    assert failed.events.get().reason == "kills_worker"
    assert failed.invoices.get().mail_status == MailStatus.FAILED
    assert counted(mailing) == {"accepted": 2, "failed": 1}


def test_what_others_claim_alone_does_not_hold_up_the_rest(started):
    mailing = started(3)
    suspect, *others = sorted(states(mailing))
    Delivery.objects.filter(pk=suspect).update(claims=3)
    assert outcomes.claim(mailing.pk, MINE, 10) == others
    assert outcomes.claim(mailing.pk, OTHERS, 10) == [suspect]


@pytest.mark.parametrize("how", ["released", "put off", "left by a pause"])
def test_a_worker_that_lives_leaves_no_suspicion(started, how):
    mailing = started(1)
    for _ in range(6):
        claimed = outcomes.claim(mailing.pk, MINE, 1)
        assert len(claimed) == 1
        if how == "released":
            outcomes.release(claimed, MINE)
        else:
            outcomes.record([told(claimed[0], S.PENDING, attempted=how == "put off")], MINE)
    assert mailing.deliveries.get().claims == 0


def test_of_a_backup_nobody_holds_anything(started, counted):
    mailing = started(3)
    claimed, flying, _waiting = outcomes.claim(mailing.pk, MINE, 3)
    outcomes.transmitting(mailing.pk, [flying], MINE)
    outcomes.abandon()
    assert states(mailing)[claimed] == S.PENDING
    assert counted(mailing) == {"pending": 2, "in_doubt": 1}


def test_an_invoice_that_had_gone_before_stays_so_when_its_next_mail_is_withdrawn(started, ana):
    mailing = started(1)
    mailing.deliveries.get().invoices.update(mail_status=MailStatus.ACCEPTED)
    outcomes.mark_queued(mailing.pk)
    lifecycle.cancel(mailing, by=ana)
    assert mailing.deliveries.get().invoices.get().mail_status == MailStatus.ACCEPTED


def test_an_invoice_left_out_by_hand_waits_no_more_until_it_is_taken_back(started, ana):
    mailing = started(1)
    delivery = mailing.deliveries.get()
    outcomes.mark_queued(mailing.pk)
    assert delivery.invoices.get().mail_status == MailStatus.QUEUED
    outcomes.exclude(delivery, ana)
    assert delivery.invoices.get().mail_status == MailStatus.UNSENT
    outcomes.include(delivery, ana)
    assert delivery.invoices.get().mail_status == MailStatus.QUEUED


def test_what_is_left_out_and_taken_back_before_the_start_shows_nothing(mailing_of, ana):
    delivery = mailing_of(1).deliveries.get()
    outcomes.exclude(delivery, ana)
    outcomes.include(delivery, ana)
    assert delivery.invoices.get().mail_status == MailStatus.UNSENT


def test_an_invoice_that_had_gone_before_stays_so_when_its_next_mail_is_left_out(started, ana):
    delivery = started(1).deliveries.get()
    delivery.invoices.update(mail_status=MailStatus.ACCEPTED)
    outcomes.exclude(delivery, ana)
    outcomes.include(delivery, ana)
    assert delivery.invoices.get().mail_status == MailStatus.ACCEPTED


def test_ends_are_counted_after_every_kind_of_move(started, ana, counted):
    mailing = started(6)
    claimed = outcomes.claim(mailing.pk, MINE, 5)
    outcomes.transmitting(mailing.pk, claimed, MINE)
    said = [S.ACCEPTED, S.FAILED, S.IN_DOUBT, S.PENDING, S.FAILED]
    outcomes.record([told(pk, status) for pk, status in zip(claimed, said, strict=True)], MINE)
    assert counted(mailing) == {"accepted": 1, "failed": 2, "in_doubt": 1, "pending": 2}
    outcomes.requeue(mailing, [claimed[1]])
    assert counted(mailing) == {"accepted": 1, "failed": 1, "in_doubt": 1, "pending": 3}
    outcomes.settle(mailing.pk, Ruling(status=S.ACCEPTED, reason="why"), [claimed[2]])
    outcomes.readdress(mailing.deliveries.get(pk=claimed[4]), ["otro@example.com"], ana)
    outcomes.exclude(mailing.deliveries.get(pk=claimed[4]), ana)
    assert counted(mailing) == {"accepted": 2, "pending": 3, "skipped": 1}
    outcomes.include(mailing.deliveries.get(pk=claimed[4]), ana)
    lifecycle.cancel(mailing, by=ana)
    upkeep.keep_going()
    assert counted(mailing) == {"accepted": 2, "withdrawn": 4}


def gone(mailing):
    """Its one delivery, taken by its server."""
    outcomes.transmitting(mailing.pk, outcomes.claim(mailing.pk, MINE, 1), MINE)
    outcomes.record([told(mailing.deliveries.get().pk, S.ACCEPTED, code=250)], MINE)
    return mailing.deliveries.get()


K, M = EventKind, MailStatus
RETURNED = [  # what came back in this order, how the delivery stands then, and what its invoice shows
    ([K.DELIVERED], S.DELIVERED, M.DELIVERED),
    ([K.BOUNCED], S.BOUNCED, M.BOUNCED),
    ([K.DELIVERED, K.BOUNCED], S.BOUNCED, M.BOUNCED),  # its server took it, the next one did not
    ([K.BOUNCED, K.DELIVERED], S.BOUNCED, M.BOUNCED),  # told late, or of another address
    ([K.BOUNCED, K.VIEWED], S.BOUNCED, M.BOUNCED),
    ([K.VIEWED], S.ACCEPTED, M.VIEWED),
    ([K.VIEWED, K.DELIVERED], S.DELIVERED, M.VIEWED),
    ([K.VIEWED, K.BOUNCED], S.BOUNCED, M.BOUNCED),
    ([K.DELIVERED, K.COMPLAINED], S.COMPLAINED, M.DELIVERED),  # who complains has got it
    ([K.OPENED], S.ACCEPTED, M.ACCEPTED),  # a scanner
    ([K.DELAYED, K.RELAYED, K.REPLIED, K.AUTO_REPLIED], S.ACCEPTED, M.ACCEPTED),
]


@pytest.mark.parametrize(("kinds", "status", "shown"), RETURNED)
def test_what_comes_back(started, counted, kinds, status, shown):
    delivery = gone(started(1))
    for kind in kinds:
        assert outcomes.come_back(delivery, Return(kind=kind, reason="mailbox_full", words="552 lleno"))
    delivery.refresh_from_db()
    assert delivery.status == status
    assert delivery.invoices.get().mail_status == shown
    assert list(delivery.events.order_by("pk").values_list("kind", flat=True)) == [K.ACCEPTED, *kinds]
    assert counted(delivery.mailing) == {status: 1}


@pytest.mark.parametrize("kind", [K.DELIVERED, K.BOUNCED, K.VIEWED])
def test_nothing_comes_back_of_what_never_went(started, kind):
    delivery = started(1).deliveries.get()
    assert not outcomes.come_back(delivery, Return(kind=kind))
    assert not delivery.events.filter(kind=kind).exists()


def test_an_older_mail_says_nothing_of_a_document_that_was_sent_again(started, register):
    old = gone(started(1))
    again = register(invoices=[old.invoices.get().pk], only_unsent=False)
    assert again.deliveries.get().pk > old.pk
    outcomes.come_back(old, Return(kind=K.BOUNCED, reason="no_mailbox"))
    old.refresh_from_db()
    assert (old.status, old.invoices.get().mail_status) == (S.BOUNCED, M.ACCEPTED)
