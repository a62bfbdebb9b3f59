"""What a transmission means for its delivery, and for the whole account. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from django.utils.translation import gettext as _

from cartero.mailings.loading import Order
from cartero.mailings.making import Unmade
from cartero.mailings.models import EventKind
from cartero.mailings.outcomes import Deferred, Outcome
from cartero.mailings.states import DeliveryStatus
from cartero.transport import pacing
from cartero.transport.envelope import Refusal, Transmission
from cartero.transport.opening import NotConnected
from cartero.transport.pacing import GiveUp, RetryAt
from cartero.transport.replies import Doubt, Fail, Later, Pause, Sent, Stop

_S = DeliveryStatus


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The database's time, and a jitter of 0 to 1."""

    now: datetime
    jitter: float


def outcome_of(order: Order, done: Transmission | NotConnected, moment: Moment) -> Outcome:
    """How the delivery of `order` stands after `done`. What is the account's fault costs it no attempt."""
    code = done.reply.code if done.reply else None
    reply = done.reply.shown if done.reply else ""
    verdict = done.verdict
    match verdict:
        case Sent():
            assert isinstance(done, Transmission)  # noqa: S101  nothing is sent without a connection
            refused = _refused(_for_good(done.refused))
            return Outcome(
                delivery=order.delivery_id,
                status=_S.ACCEPTED,
                kind=EventKind.ACCEPTED,
                reason="some_refused" if refused else "",
                detail=refused,
                code=code,
                reply=reply,
                deferred=_deferred(done.refused, moment),
            )
        case Later():
            return _later(order, verdict, moment, code, reply)
        case Fail(reason=reason):
            return Outcome(
                delivery=order.delivery_id,
                status=_S.FAILED,
                kind=EventKind.FAILED,
                reason=reason,
                detail=done.detail,
                code=code,
                reply=reply,
            )
        case Doubt(reason=reason):
            return Outcome(
                delivery=order.delivery_id,
                status=_S.IN_DOUBT,
                kind=EventKind.IN_DOUBT,
                reason=reason,
                code=code,
                reply=reply,
            )
        case Pause() | Stop():
            return Outcome(delivery=order.delivery_id, status=_S.PENDING, kind=None, attempted=False)
        case _:
            assert_never(verdict)


def unmade(order: Order, why: Unmade) -> Outcome:
    """How the delivery of `order` stands when its mail could not be made."""
    return Outcome(
        delivery=order.delivery_id,
        status=_S.FAILED,
        kind=EventKind.FAILED,
        reason=why.reason,
        detail=why.detail,
        attempted=False,
    )


def _later(order: Order, verdict: Later, moment: Moment, code: int | None, reply: str) -> Outcome:
    first = order.first_refused_at or moment.now
    if verdict.at_once:
        wait = 0.0
    else:
        next_one = pacing.next_attempt(order.attempts + 1, first, moment.now, moment.jitter, at_least=verdict.at_least)
        if isinstance(next_one, GiveUp):
            return Outcome(
                delivery=order.delivery_id,
                status=_S.FAILED,
                kind=EventKind.FAILED,
                reason=next_one.reason,
                code=code,
                reply=reply,
            )
        wait = (next_one.at - moment.now).total_seconds()
    return Outcome(
        delivery=order.delivery_id,
        status=_S.PENDING,
        kind=EventKind.RETRY,
        reason=verdict.reason,
        code=code,
        reply=reply,
        wait=wait,
        attempted=not verdict.at_once,
    )


def _for_good(refused: Mapping[str, Refusal]) -> dict[str, Refusal]:
    return {address: each for address, each in refused.items() if not isinstance(each.verdict, Later)}


def _deferred(refused: Mapping[str, Refusal], moment: Moment) -> Deferred | None:
    """Those of a sent mail's recipients that may be served later, and when."""
    put_off = {address: each for address, each in refused.items() if isinstance(each.verdict, Later)}
    if not put_off:
        return None
    verdicts = [each.verdict for each in put_off.values() if isinstance(each.verdict, Later)]
    reply = next((each.reply for each in put_off.values() if each.reply), None)
    wait = 0.0
    if not all(verdict.at_once for verdict in verdicts):
        at_least = max(verdict.at_least for verdict in verdicts)
        next_one = pacing.next_attempt(1, moment.now, moment.now, moment.jitter, at_least=at_least)
        wait = (next_one.at - moment.now).total_seconds() if isinstance(next_one, RetryAt) else wait
    return Deferred(
        to=tuple(put_off),
        wait=wait,
        reason=verdicts[0].reason,
        code=reply.code if reply else None,
        reply=reply.shown if reply else "",
    )


def _refused(refused: Mapping[str, Refusal]) -> str:
    if not refused:
        return ""
    named = "; ".join(f"{address} ({each.reply.shown if each.reply else ''})" for address, each in refused.items())
    return _("No llegó a: %(addresses)s") % {"addresses": named}
