from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cartero.invoices.models import Invoice
from cartero.invoices.states import MailStatus
from cartero.mailings import outcomes
from cartero.mailings.doubts import EvidenceKind
from cartero.mailings.models import Answer, Delivery, EventKind
from cartero.mailings.outcomes import Outcome, Return
from cartero.mailings.states import DeliveryStatus
from cartero.parties.models import AddressState
from cartero.platform import ids
from cartero.tracking import recording
from cartero.tracking.feedback import Feedback, Kind, Source
from cartero.tracking.models import Receipt
from cartero.tracking.recording import ComeAgain, Taken
from tests.factories import make_account, make_address, make_company

pytestmark = pytest.mark.django_db

MINE = ids.lease()
NOW = datetime(2026, 7, 21, 15, tzinfo=UTC)
S, T = DeliveryStatus, Taken


@pytest.fixture
def left(started):
    """A delivery in a state that it reached by being sent."""

    def make(status: DeliveryStatus, reply: str = "") -> Delivery:
        mailing = started(1)
        outcomes.transmitting(mailing.pk, outcomes.claim(mailing.pk, MINE, 1), MINE)
        delivery = mailing.deliveries.get()
        if status != S.TRANSMITTING:
            code, kind = int(reply.split()[0]) if reply else None, EventKind(status.value)
            told = Outcome(delivery=delivery.pk, status=status, kind=kind, reason="worker_died", code=code, reply=reply)
            outcomes.record([told], MINE)
        delivery.refresh_from_db()
        return delivery

    return make


@pytest.fixture
def doubtful(left) -> Delivery:
    return left(S.IN_DOUBT)


def said(delivery, kind, **fields):
    """What a provider tells of it."""
    defaults = {"addresses": tuple(delivery.to), "message_ids": (delivery.message_id,), "source": Source.WEBHOOK}
    return Feedback(kind=kind, **(defaults | fields))


def take(delivery, kind, key="1", **fields):
    taken = recording.take(delivery.mailing.account, said(delivery, kind, **fields), key, NOW)
    delivery.refresh_from_db()
    return taken


def address_of(delivery):
    return delivery.party.addresses.get(email=delivery.to[0])


BACK = [
    (EventKind.DELIVERED, EvidenceKind.WEBHOOK, DeliveryStatus.DELIVERED),
    (EventKind.BOUNCED, EvidenceKind.DSN, DeliveryStatus.BOUNCED),
    (EventKind.VIEWED, EvidenceKind.VIEW, DeliveryStatus.ACCEPTED),
]


@pytest.mark.parametrize(("kind", "evidence", "status"), BACK)
def test_what_comes_back_ends_a_doubt(doubtful, kind, evidence, status):
    assert recording.receive(doubtful, Return(kind=kind, words="x"), evidence)
    doubtful.refresh_from_db()
    assert doubtful.status == status
    told = list(doubtful.events.order_by("pk").values_list("kind", "reason"))
    assert told == [("in_doubt", "worker_died"), ("settled", evidence.value), (kind, "")]


def test_a_bounce_reaches_its_delivery_its_invoice_and_its_address(left):
    delivery = left(S.ACCEPTED)
    assert (
        take(delivery, Kind.BOUNCED, is_hard=True, reason="no_mailbox", diagnostic="550 5.1.1 no such user")
        == T.CHANGED
    )
    assert (delivery.status, delivery.reason) == (S.BOUNCED, "no_mailbox")
    assert Invoice.objects.get(deliveries=delivery).mail_status == MailStatus.BOUNCED
    address = address_of(delivery)
    assert (address.state, address.state_reason) == (AddressState.BOUNCED, "550 5.1.1 no such user")


ORDERS = [
    ([Kind.DELIVERED, Kind.BOUNCED], S.BOUNCED),
    ([Kind.BOUNCED, Kind.DELIVERED], S.BOUNCED),  # a late "delivered" undoes no bounce
    ([Kind.COMPLAINED, Kind.DELIVERED, Kind.DELAYED], S.COMPLAINED),
    ([Kind.DELAYED, Kind.DELIVERED], S.DELIVERED),
    ([Kind.OPENED, Kind.DELIVERED], S.DELIVERED),
    ([Kind.OPENED], S.ACCEPTED),  # a program opened it
    ([Kind.UNSUBSCRIBED], S.ACCEPTED),
    ([Kind.ACCEPTED], S.ACCEPTED),
]


@pytest.mark.parametrize(("kinds", "status"), ORDERS)
def test_the_order_in_which_it_comes_does_no_harm(left, kinds, status):
    delivery = left(S.ACCEPTED)
    for key, kind in enumerate(kinds):
        take(delivery, kind, key=str(key), is_hard=True)
    assert delivery.status == status
    assert delivery.viewed_at is None


def test_what_tells_whole_seconds_is_not_of_before_it_went(left):
    delivery = left(S.ACCEPTED)
    told = said(delivery, Kind.BOUNCED, at=delivery.accepted_at - timedelta(seconds=1))
    recording.take(delivery.mailing.account, told, "1", timezone.now())
    assert delivery.events.get(kind="bounced").at == delivery.accepted_at


def test_it_counts_once_however_often_it_comes(left):
    delivery = left(S.ACCEPTED)
    assert [take(delivery, Kind.DELIVERED) for _ in range(3)] == [T.CHANGED, T.REPEATED, T.REPEATED]
    at = datetime(2026, 7, 21, 14, tzinfo=UTC)
    assert take(delivery, Kind.DELAYED, "2", at=at) == T.CHANGED
    assert take(delivery, Kind.DELAYED, "under another name", at=at) == T.REPEATED
    assert delivery.events.filter(kind__in=["delivered", "delayed"]).count() == 2


def test_two_who_bring_it_at_once_count_once(left, at_once, transactional_db):
    delivery = left(S.ACCEPTED)
    assert at_once(*[lambda: take(Delivery.objects.get(pk=delivery.pk), Kind.BOUNCED)] * 4) == []
    assert delivery.events.filter(kind=EventKind.BOUNCED).count() == 1


EVERY = [
    (kind, status)
    for kind, status in [(Kind.ACCEPTED, S.ACCEPTED), (Kind.BOUNCED, S.BOUNCED), (Kind.OPENED, S.ACCEPTED)]
]


@pytest.mark.parametrize(("kind", "status"), EVERY)
def test_a_doubt_is_settled_by_what_a_provider_tells(doubtful, kind, status):
    assert take(doubtful, kind) == T.CHANGED
    assert doubtful.status == status
    assert doubtful.events.filter(kind=EventKind.SETTLED, reason="told_by_provider").count() == 1


STRANGE = [
    {"message_ids": ("<otro@valle.example.co>",)},
    {"message_ids": ()},
    {"addresses": ("otra@example.com",)},
]


@pytest.mark.parametrize("fields", STRANGE)
def test_a_foreign_one_settles_nothing_and_is_listed(doubtful, fields):
    assert take(doubtful, Kind.BOUNCED, **fields) == T.STRANGE
    assert doubtful.status == S.IN_DOUBT
    assert Receipt.objects.of(doubtful.company).strange().count() == 1


def test_its_name_says_it_all_where_it_went_to_one_address(doubtful):
    assert take(doubtful, Kind.BOUNCED, addresses=()) == T.CHANGED
    assert doubtful.status == S.BOUNCED


def test_neither_does_another_account_s(doubtful):
    """Not even where it names the very mail: of another company, and of the same one."""
    for account in (make_account(make_company()), make_account(doubtful.company)):
        assert recording.take(account, said(doubtful, Kind.BOUNCED), "1", NOW) == T.STRANGE
    doubtful.refresh_from_db()
    assert doubtful.status == S.IN_DOUBT


def test_it_is_found_by_what_its_provider_calls_it(left):
    delivery = left(S.ACCEPTED, reply="201 <pm-77@provider.example.com>")
    assert take(delivery, Kind.DELIVERED, message_ids=(), provider_id="pm-77@provider.example.com") == T.CHANGED
    with connection.cursor() as cursor:  # in a hundred million
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = Delivery.objects.of(delivery.company).called("pm-77").explain()
    assert "delivery_at_provider" in plan


def test_of_a_mail_in_mid_air_it_has_to_come_again(left):
    delivery = left(S.TRANSMITTING)
    with pytest.raises(ComeAgain):
        take(delivery, Kind.DELIVERED)
    outcomes.record([Outcome(delivery=delivery.pk, status=S.ACCEPTED, kind=EventKind.ACCEPTED)], MINE)
    assert take(delivery, Kind.DELIVERED) == T.CHANGED


def test_three_soft_bounces_in_a_month_make_an_address_doubtful(left):
    delivery = left(S.ACCEPTED)
    take(delivery, Kind.BOUNCED, "0", diagnostic="452 4.2.2 full")
    assert address_of(delivery).state == AddressState.PENDING
    old = Receipt.objects.get()
    for n, age in ((1, 31), (2, 29), (3, 2)):
        other = Delivery.objects.create(company=delivery.company, mailing=delivery.mailing, party=delivery.party)
        Receipt.objects.create(
            company=old.company, account=old.account, delivery=other, key=str(n), kind=old.kind, address=old.address,
            at=NOW - timedelta(days=age),
        )  # fmt: skip
        take(delivery, Kind.BOUNCED, f"again-{n}")
        assert address_of(delivery).state == (AddressState.DOUBTFUL if n == 3 else AddressState.PENDING)


def test_what_a_person_put_aside_stays_so(left):
    delivery = left(S.ACCEPTED)
    delivery.party.addresses.update(state=AddressState.REPLACED)
    take(delivery, Kind.BOUNCED, is_hard=True)
    assert address_of(delivery).state == AddressState.REPLACED


@pytest.mark.parametrize("kind", [Kind.UNSUBSCRIBED, Kind.COMPLAINED])
def test_who_unsubscribes_at_the_provider_or_complains_gets_no_copies_that_wait_either(left, register, kind):
    delivery = left(S.ACCEPTED)
    waiting = register(only_unsent=False).deliveries.get()
    assert take(delivery, kind) == T.CHANGED
    assert address_of(delivery).unsubscribed_at is not None
    assert address_of(delivery).state == AddressState.PENDING
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason_detail) == (S.SKIPPED, f"{delivery.to[0]}: unsubscribed")
    assert delivery.events.filter(kind=EventKind(kind.value)).count() == 1


def test_of_several_readers_only_who_asked_is_unsubscribed(left):
    delivery = left(S.ACCEPTED)
    Delivery.objects.filter(pk=delivery.pk).update(to=[*delivery.to, "contador@example.com"])
    make_address(delivery.party, "contador@example.com")
    take(delivery, Kind.UNSUBSCRIBED, addresses=("contador@example.com",))
    asked = delivery.party.addresses.filter(unsubscribed_at__isnull=False)
    assert list(asked.values_list("email", flat=True)) == ["contador@example.com"]


def test_receipts_are_kept_for_a_while(left):
    delivery = left(S.ACCEPTED)
    take(delivery, Kind.DELIVERED)
    assert recording.forget(NOW + recording.KEPT) == 0
    assert recording.forget(NOW + recording.KEPT + timedelta(seconds=1)) == 1


@pytest.mark.parametrize("kind", [Kind.UNSUBSCRIBED, Kind.COMPLAINED])
def test_who_wants_no_more_asks_for_somebody_of_the_company_once(left, kind):
    delivery = left(S.ACCEPTED)
    take(delivery, kind)
    take(delivery, kind, key="2", diagnostic="again")
    answer = Answer.objects.of(delivery.company).waiting().get()
    assert (answer.kind, answer.address, answer.delivery) == (kind.value, delivery.to[0], delivery)
