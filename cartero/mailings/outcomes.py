"""The only writer of `Delivery.status`; with it, in one statement, the event, and the state of its invoices."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.invoices.states import MailStatus
from cartero.mailings.errors import TooLate
from cartero.mailings.models import Delivery, EventKind, Mailing
from cartero.mailings.states import RETURNS, SENT, DeliveryStatus, LeftOut
from cartero.platform import sql

FEW = 4  # mails: to claim fewer at once costs more than it spares
_S = DeliveryStatus
# What the invoices of a doubt show once it is settled.
_SHOWN = {_S.ACCEPTED: MailStatus.ACCEPTED, _S.PENDING: MailStatus.QUEUED, _S.WITHDRAWN: MailStatus.UNSENT}


@dataclass(frozen=True, kw_only=True)
class Deferred:
    """Recipients that were put off while others of the same mail were served: they get one of their own, later."""

    to: Sequence[str]
    wait: float
    reason: str
    code: int | None = None
    reply: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one claimed delivery. `wait` counts seconds until it is due again, for `pending` alone."""

    delivery: int
    status: DeliveryStatus
    kind: EventKind | None
    reason: str = ""
    detail: str = ""
    code: int | None = None
    reply: str = ""
    wait: float = 0
    attempted: bool = True
    size: int | None = None
    attached: Sequence[dict[str, object]] | None = None
    proof: Mapping[str, object] | None = None
    deferred: Deferred | None = None


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """How a doubt ends: accepted, sent again (pending) or withdrawn, and what its event says of why."""

    status: DeliveryStatus
    reason: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Return:
    """What came back for a mail that its server had taken. `at` is when it happened, where that is known."""

    kind: EventKind
    reason: str = ""
    code: int | None = None
    words: str = ""
    at: datetime | None = None


def claim(mailing_id: int, token: UUID, limit: int, *, share: int = 1, alone: bool = True) -> list[int]:
    """Ids of up to `limit` due deliveries, now `token`'s until its lease ends. Empty when stopped or none is due.

    Of the last ones it gets but a `share`th, and FEW at least, so that no worker is left with many when the others have
    come to their end. One that may kill its worker is given only to a worker that is `alone`, with nothing else in its
    hands. None is a copy for somebody who has asked for no more of them since it was registered: that one is left out
    on the way.
    """
    facts = {"mailing": mailing_id, "token": token, "lease": settings.LEASE_SECONDS, "alone": alone}
    lot = {"limit": limit, "share": share, "few": FEW}
    while claimed := [row[0] for row in sql.run_prepared(__package__, "claim", **facts, **lot)]:
        if going := set(claimed) - heed_unsubscribed(claimed):
            return sorted(going)
    return []


def transmitting(mailing_id: int, ids: Sequence[int], token: UUID) -> set[int]:
    """Step 5 for the mails about to go: only those it returns may be sent (lease held, mailing not stopped)."""
    facts = {"mailing": mailing_id, "ids": list(ids), "token": token, "lease": settings.LEASE_SECONDS}
    rows = sql.run_prepared(__package__, "transmitting", **facts)
    return {row[0] for row in rows}


def heed_unsubscribed(ids: Sequence[int]) -> set[int]:
    """Takes from copies among `ids` that have not left who wants no more of them; the ids of those it changed.

    One that nobody is left to read is left out; another waits again, whoever had claimed it.
    """
    return {row[0] for row in sql.run_prepared(__package__, "unsubscribed", ids=list(ids))}


def renew(ids: Sequence[int], token: UUID) -> None:
    sql.run(__package__, "renew", ids=list(ids), token=token, lease=settings.LEASE_SECONDS)


def release(ids: Sequence[int], token: UUID) -> None:
    """Claimed ones that were not transmitted go back."""
    sql.run(__package__, "release", ids=list(ids), token=token)


def record(outcomes: Sequence[Outcome], token: UUID) -> set[int]:
    """Writes a group of outcomes in one statement; the ids that were still `token`'s to settle."""
    if not outcomes:
        return set()
    written = json.dumps([_row(outcome) for outcome in outcomes])
    ids = [outcome.delivery for outcome in outcomes]
    rows = sql.run_prepared(__package__, "record", token=token, ids=ids, outcomes=written)
    return {row[0] for row in rows}


def expire() -> int:
    """Takes over what dead workers left; how many deliveries moved."""
    return len(sql.run(__package__, "expire", lease=settings.LEASE_SECONDS))


def abandon() -> None:
    """Of a restored backup: no worker of it lives, so what was in their hands is taken over at once."""
    sql.changed(__package__, "abandon")
    while expire():
        pass


def requeue_failed(mailing: Mailing) -> int:
    return _move_all(mailing, {_S.FAILED}, _S.PENDING, EventKind.REQUEUED, MailStatus.QUEUED)


def requeue(mailing: Mailing, ids: Sequence[int]) -> None:
    """Failed ones that were blamed wrongly wait again (the account was at fault, not they)."""
    sql.run(__package__, "requeue", mailing=mailing.pk, ids=list(ids))


def withdraw(mailing: Mailing) -> int:
    sources = {_S.PENDING, _S.CLAIMED}
    return _move_all(mailing, sources, _S.WITHDRAWN, EventKind.WITHDRAWN, MailStatus.UNSENT)


def mark_queued(mailing_id: int) -> None:
    sql.run(__package__, "queued", mailing=mailing_id)


def settle(mailing_id: int, ruling: Ruling, among: Sequence[int] | None) -> list[int]:
    """Ends doubts of a mailing, of those `among` or of all, one event each. The ids of those that were still open."""
    rows = sql.run(
        __package__,
        "settle",
        mailing=mailing_id,
        ids=None if among is None else list(among),
        status=ruling.status.value,
        shown=_SHOWN[ruling.status].value,
        reason=ruling.reason,
        words=ruling.words[:500],
    )
    return [row[0] for row in rows]


def come_back(delivery: Delivery, returned: Return) -> bool:
    """Writes what came back, with its event, and what its invoices show; whether the delivery was one that had gone.

    A view by a person shows on its invoices unless they bounced. An older delivery changes nothing of what an invoice
    shows by a newer one.
    """
    sources, target = RETURNS.get(returned.kind, (frozenset(), None))
    rows = sql.run(
        __package__,
        "come_back",
        delivery=delivery.pk,
        company=delivery.company_id,
        kind=returned.kind.value,
        sent=sorted(status.value for status in SENT),
        sources=sorted(status.value for status in sources),
        target=target.value if target else None,
        reason=returned.reason,
        code=returned.code,
        words=returned.words[:500],
        at=returned.at,
    )
    return bool(rows)


@transaction.atomic
def readdress(delivery: Delivery, to: Sequence[str], by: User) -> None:
    """Other addresses for a mail that has not left. Raises TooLate when it has, or is in mid-air."""
    domain = delivery.mailing.account.from_address.rpartition("@")[2]
    words = f"{', '.join(delivery.to)} → {', '.join(to)}"[:500]
    message_id = f"<{delivery.pk}.{delivery.mailing_id}@{domain}>"
    done = sql.run(__package__, "readdress", delivery=delivery.pk, to=list(to), message_id=message_id, words=words)
    if not done:
        raise TooLate(delivery=delivery.pk)
    audit.record(delivery, "readdress", by, was=delivery.to, now=list(to))


@transaction.atomic
def exclude(delivery: Delivery, by: User) -> None:
    """Leaves a mail out that has not left. Raises TooLate."""
    _exclusion(delivery, by, _S.PENDING, _S.SKIPPED)


@transaction.atomic
def include(delivery: Delivery, by: User) -> None:
    """Takes back in what a person had excluded. Raises TooLate."""
    _exclusion(delivery, by, _S.SKIPPED, _S.PENDING)


def _row(outcome: Outcome) -> dict[str, object]:
    """As record.sql reads it."""
    return {
        "id": outcome.delivery,
        "status": outcome.status.value,
        "kind": outcome.kind.value if outcome.kind else "",
        "reason": outcome.reason,
        "detail": outcome.detail[:500],
        "code": outcome.code,
        "reply": outcome.reply[:500],
        "wait": outcome.wait,
        "attempt": int(outcome.attempted),
        "size": outcome.size,
        "attached": outcome.attached,
        "proof": outcome.proof,
        "deferred": None if outcome.deferred is None else _put_off(outcome.deferred),
    }


def _put_off(deferred: Deferred) -> dict[str, object]:
    return asdict(deferred) | {"to": list(deferred.to), "reply": deferred.reply[:500]}


def _exclusion(delivery: Delivery, by: User, source: DeliveryStatus, target: DeliveryStatus) -> None:
    out = target == _S.SKIPPED
    done = sql.run(
        __package__,
        "exclude",
        delivery=delivery.pk,
        source=source.value,
        status=target.value,
        reason=LeftOut.EXCLUDED.value if out else "",
        kind=(EventKind.EXCLUDED if out else EventKind.REQUEUED).value,
    )
    if not done:
        raise TooLate(delivery=delivery.pk)
    audit.record(delivery, "exclude" if out else "include", by)


def _move_all(
    mailing: Mailing, sources: set[DeliveryStatus], target: DeliveryStatus, kind: EventKind, shown: MailStatus
) -> int:
    ((moved,),) = sql.run(
        __package__,
        "move_all",
        mailing=mailing.pk,
        sources=sorted(s.value for s in sources),
        target=target.value,
        kind=kind.value,
        reason=LeftOut.CANCELLED.value if target == _S.WITHDRAWN else "",
        shown=shown.value,
    )
    return int(moved)
