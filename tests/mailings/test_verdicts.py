from datetime import UTC, datetime, timedelta

import pytest

from cartero.composing.letter import Recipient
from cartero.mailings.loading import Order
from cartero.mailings.models import EventKind
from cartero.mailings.states import DeliveryStatus
from cartero.mailings.verdicts import Moment, outcome_of
from cartero.transport.envelope import Refusal, Transmission
from cartero.transport.opening import NotConnected
from cartero.transport.replies import Doubt, Fail, Later, Pause, Reply, Sent, Stage, Stop, Verdict

S = DeliveryStatus
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
MOMENT = Moment(now=NOW, jitter=0.5)


def order(**fields: object) -> Order:
    usual: dict[str, object] = {
        "delivery_id": 7,
        "party_id": 1,
        "party_tax_id": "800555432",
        "to": ("ana@example.com", "bruno@example.com"),
        "message_id": "<7@example.co>",
        "moment": NOW,
        "recipient": Recipient(name="Ana", tax_id="1", city=""),
        "pdf_only": False,
        "attempts": 0,
        "first_refused_at": None,
        "documents": (),
    }
    return Order(**(usual | fields))  # type: ignore[arg-type]  # as its fields say


def done(verdict: Verdict, code: int = 0, **refused: Refusal) -> Transmission:
    reply = Reply(stage=Stage.END, code=code, text="words") if code else None
    addresses = {f"{name}@example.com": refusal for name, refusal in refused.items()}
    return Transmission(verdict=verdict, stage=Stage.END, reply=reply, refused=addresses)


def refusal(verdict: Verdict, code: int) -> Refusal:
    return Refusal(verdict=verdict, reply=Reply(stage=Stage.RCPT, code=code, text="not now"))


# A verdict, what becomes of the delivery, with which event, after which wait, and whether it cost an attempt.
CASES: list[tuple[Verdict, S, EventKind | None, float, bool]] = [
    (Sent(), S.ACCEPTED, EventKind.ACCEPTED, 0, True),
    (Later(reason="greylisted", at_least=90), S.PENDING, EventKind.RETRY, 90, True),
    (Later(reason="deferred"), S.PENDING, EventKind.RETRY, 60, True),
    (Later(reason="left_over", at_once=True), S.PENDING, EventKind.RETRY, 0, False),
    (Fail(reason="no_mailbox"), S.FAILED, EventKind.FAILED, 0, True),
    (Doubt(reason="broken_after_dot"), S.IN_DOUBT, EventKind.IN_DOUBT, 0, True),
    (Pause(reason="server_busy"), S.PENDING, None, 0, False),  # the account's fault
    (Stop(reason="login_refused"), S.PENDING, None, 0, False),
]


@pytest.mark.parametrize(("verdict", "status", "kind", "wait", "attempted"), CASES)
def test_what_a_verdict_means(
    verdict: Verdict, status: S, kind: EventKind | None, wait: float, attempted: bool
) -> None:
    outcome = outcome_of(order(), done(verdict, 250), MOMENT)
    assert (outcome.status, outcome.kind, outcome.wait, outcome.attempted) == (status, kind, wait, attempted)


def test_a_connection_that_could_not_be_opened_costs_nobody_an_attempt() -> None:
    outcome = outcome_of(order(), NotConnected(verdict=Pause(reason="no_answer"), stage=Stage.CONNECT), MOMENT)
    assert (outcome.status, outcome.attempted) == (S.PENDING, False)


@pytest.mark.parametrize(
    ("hours", "status", "reason"), [(47, S.PENDING, "deferred"), (48, S.FAILED, "not_delivered_in_48_h")]
)
def test_after_48_hours_it_has_failed(hours: int, status: S, reason: str) -> None:
    tried = order(attempts=20, first_refused_at=NOW - timedelta(hours=hours))
    outcome = outcome_of(tried, done(Later(reason="deferred"), 451), MOMENT)
    assert (outcome.status, outcome.reason) == (status, reason)


def test_waits_grow_with_the_attempts() -> None:
    waits = [outcome_of(order(attempts=n), done(Later(reason="deferred")), MOMENT).wait for n in range(7)]
    assert waits == [60, 300, 900, 1800, 3600, 7200, 7200]


def test_recipients_refused_for_good_are_named() -> None:
    gone = refusal(Fail(reason="no_mailbox", address_unusable=True), 550)
    outcome = outcome_of(order(), done(Sent(), 250, bruno=gone), MOMENT)
    assert (outcome.status, outcome.reason, outcome.deferred) == (S.ACCEPTED, "some_refused", None)
    assert outcome.detail == "No llegó a: bruno@example.com (550 not now)"


@pytest.mark.parametrize(
    ("verdict", "wait"),
    [
        (Later(reason="greylisted", at_least=300), 300),
        (Later(reason="deferred"), 60),
        (Later(reason="too_many_recipients", at_once=True), 0),
    ],
)
def test_recipients_put_off_go_later(verdict: Later, wait: float) -> None:
    outcome = outcome_of(order(), done(Sent(), 250, bruno=refusal(verdict, 450)), MOMENT)
    assert (outcome.status, outcome.reason, outcome.detail) == (S.ACCEPTED, "", "")
    assert outcome.deferred is not None
    assert (outcome.deferred.to, outcome.deferred.wait) == (("bruno@example.com",), wait)
    assert (outcome.deferred.reason, outcome.deferred.reply) == (verdict.reason, "450 not now")
