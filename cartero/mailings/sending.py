"""Claim, load, make, transmit, record: the pipeline, and the only threads.

What is `transmitting` is what may be in doubt, so a group is one mail per open connection, never more.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import ceil
from random import random
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection

from cartero.mailings import lifecycle, loading, making, outcomes, verdicts
from cartero.mailings.errors import NotNow
from cartero.mailings.loading import Order
from cartero.mailings.making import Kit, Made, Unmade
from cartero.mailings.models import EventKind, Mailing
from cartero.mailings.outcomes import Outcome
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.mailings.verdicts import Moment
from cartero.parties import people
from cartero.platform import ids, queue, stopping
from cartero.transport import allowance, connecting, history
from cartero.transport.envelope import Transmission
from cartero.transport.history import History
from cartero.transport.models import MailAccount
from cartero.transport.opening import NotConnected
from cartero.transport.pool import Pool
from cartero.transport.replies import Fail, Pause, Sent, Stop, Verdict

CHUNK = 100
TURN = 15.0  # seconds, then other mailings have theirs
MAKERS = 2  # threads that make mails; drawing frees the GIL

_busy: set[int] = set()
_busy_lock = threading.Lock()


@dataclass(kw_only=True)
class _Run:
    """One turn of a mailing in this process."""

    mailing: Mailing
    account: MailAccount
    kit: Kit
    token: UUID
    connections: int
    pool: Pool
    makers: ThreadPoolExecutor
    senders: ThreadPoolExecutor
    in_hand: set[int] = field(default_factory=set)
    validated: list[tuple[int, str]] = field(default_factory=list)  # party and address that took a mail
    history: History = field(default_factory=History)
    allowed: int | None = None  # recipients that were reserved and have not been written to; None: no limit
    halted: bool = False  # stopped, paused, or out of allowance: claim no more

    @property
    def goes_on(self) -> bool:
        return not self.halted and not stopping.is_asked()


def send_some(mailing_id: int) -> bool:
    """Some seconds of a mailing; whether any of it is due now. Run twice, or by many workers at once, it sends once."""
    with _only_here(mailing_id) as free:
        return free and _send_some(mailing_id)


def _send_some(mailing_id: int) -> bool:
    sending = Mailing.objects.select_related("company", "account")
    mailing = sending.filter(pk=mailing_id, status=MailingStatus.SENDING).first()
    if mailing is None or allowance.waits_until(mailing.account):
        return False
    token = ids.lease()
    share = ceil(mailing.account.connections / max(1, queue.workers()))
    connections = allowance.hold_connections(mailing.account, token, share, settings.LEASE_SECONDS)
    if not connections:
        return False  # other workers hold them all
    try:
        with _ready(mailing, token, connections) as run:
            had_work = _take_turn(run)
    finally:
        allowance.drop_connections(mailing.account, token)
    if not had_work:
        lifecycle.finish_if_done(mailing)
    return had_work and not run.halted


def _take_turn(run: _Run) -> bool:
    """Chunk after chunk until the turn is over; whether the last one found work."""
    deadline = time.monotonic() + TURN
    while run.goes_on and time.monotonic() < deadline:
        if not _send_next(run):
            return False
    return True


def _send_next(run: _Run) -> bool:
    """One chunk, as large as the account's limits allow; whether there was anything due."""
    if allowance.is_limited(run.account):
        run.allowed = allowance.reserve(run.account.pk, CHUNK).recipients
        run.halted = run.allowed == 0
    limit = CHUNK if run.allowed is None else min(CHUNK, run.allowed)
    claimed = outcomes.claim(run.mailing.pk, run.token, limit, settings.LEASE_SECONDS) if limit else []
    run.in_hand.update(claimed)
    try:
        _send_chunk(run, loading.orders(claimed))
    finally:
        outcomes.release(sorted(run.in_hand), run.token)
        run.in_hand.clear()
        people.mark_validated(run.validated)
        run.validated.clear()
        if run.allowed:
            allowance.give_back(run.account.pk, run.allowed)
            run.allowed = None
    return bool(claimed) or run.halted


def _send_chunk(run: _Run, orders: Sequence[Order]) -> None:
    making_now = [(order, run.makers.submit(making.make, order, run.kit)) for order in orders]
    group: list[tuple[Order, Made]] = []
    unmade: list[Outcome] = []
    for order, future in making_now:
        result = future.result()
        if isinstance(result, Made):
            group.append((order, result))
        else:
            unmade.append(_failed(order, result))
        if len(group) == run.connections:
            _send_group(run, group)
            group = []
        if not run.goes_on:
            break
    for _order, future in making_now:
        future.cancel()
    if group and run.goes_on:
        _send_group(run, group)
    run.in_hand -= outcomes.record(unmade, run.token)


def _send_group(run: _Run, group: list[tuple[Order, Made]]) -> None:
    """Steps 5 to 10 for one mail per connection."""
    group = _within_allowance(run, group)
    mine = outcomes.transmitting(
        run.mailing.pk, [order.delivery_id for order, _made in group], run.token, settings.LEASE_SECONDS
    )
    if len(mine) < len(group):  # stopped, or the lease was lost: what remains claimed goes back
        run.halted = True
        group = [(order, made) for order, made in group if order.delivery_id in mine]
    done = list(run.senders.map(lambda pair: _transmit(run, pair[1]), group))
    moment = Moment(now=allowance.now(), jitter=random())  # noqa: S311  not a secret
    settled = []
    for (order, made), each in zip(group, done, strict=True):
        outcome = verdicts.outcome_of(order, each, moment)
        settled.append(replace(outcome, size=made.mail.size, attached=made.attached))
    run.in_hand -= outcomes.record(settled, run.token)
    for (order, _made), each in zip(group, done, strict=True):
        _mark_addresses(run, order, each)
        _learn(run, order, each)
    if any(isinstance(each.verdict, Sent) for each in done):
        allowance.went_well(run.account)


def _transmit(run: _Run, made: Made) -> Transmission | NotConnected:
    with run.pool.connection() as line:
        if isinstance(line, NotConnected):
            return line
        done = line.transmit(made.mail.envelope_from, made.mail.to, made.mail.message)
        served = run.pool.learn(line, done)
    if served:
        allowance.shorter_connections(run.account.pk, served)
        connection.close()  # this thread's own, back to the pool of the database
    return done


def _within_allowance(run: _Run, group: list[tuple[Order, Made]]) -> list[tuple[Order, Made]]:
    """What of the group the account's limits let go now, counted in recipients; the rest goes back."""
    if run.allowed is None:
        return group
    going = []
    for order, made in group:
        if len(order.to) > run.allowed:
            run.halted = True
            break
        run.allowed -= len(order.to)
        going.append((order, made))
    return going


def _learn(run: _Run, order: Order, done: Transmission | NotConnected) -> None:
    """What one answer, and several together, say of the account."""
    text = done.reply.text if done.reply else ""
    recipient = order.to[0] if order.to else ""
    lesson = history.learn(
        run.history, history.Outcome(key=order.delivery_id, verdict=done.verdict, recipient=recipient, text=text)
    )
    run.history = lesson.history
    if lesson.innocent:
        outcomes.requeue(run.mailing, lesson.innocent)
    _obey(run, done.verdict, done)
    if lesson.verdict:
        _obey(run, lesson.verdict, done)


def _obey(run: _Run, verdict: Verdict, done: Transmission | NotConnected) -> None:
    """A pause holds the account, a stop the mailing; nobody's mail fails for it."""
    reply = done.reply.shown if done.reply else done.detail
    if isinstance(verdict, Pause):
        verdict = allowance.pause(run.account.pk, verdict, reply, run.connections)
        run.halted = True
    if isinstance(verdict, Stop):
        run.halted = True
        try:
            lifecycle.stop(run.mailing, None, reason=verdict.reason, reply=reply)
        except NotNow:
            return  # it was stopped meanwhile


def _mark_addresses(run: _Run, order: Order, done: Transmission | NotConnected) -> None:
    """What the server said of the addresses stays with them."""
    if isinstance(done, NotConnected):
        return
    for address, each in done.refused.items():
        if isinstance(each.verdict, Fail) and each.verdict.address_unusable:
            people.mark_bounced(order.party_id, address, each.reply.shown if each.reply else each.verdict.reason)
    if isinstance(done.verdict, Sent):
        run.validated += [(order.party_id, address) for address in order.to if address not in done.refused]


def _failed(order: Order, unmade: Unmade) -> Outcome:
    return Outcome(
        delivery=order.delivery_id,
        status=DeliveryStatus.FAILED,
        kind=EventKind.FAILED,
        reason=unmade.reason,
        detail=unmade.detail,
        attempted=False,
    )


@contextmanager
def _ready(mailing: Mailing, token: UUID, connections: int) -> Iterator[_Run]:
    """Threads, connections and a kept lease for one turn."""
    account = mailing.account
    with (
        ThreadPoolExecutor(MAKERS, thread_name_prefix="make") as makers,
        ThreadPoolExecutor(connections, thread_name_prefix="send") as senders,
    ):
        run = _Run(
            mailing=mailing,
            account=account,
            kit=making.kit_of(mailing),
            token=token,
            connections=connections,
            pool=Pool(connecting.server_of(account), connections, account.learned_per_connection),
            makers=makers,
            senders=senders,
        )
        with _kept_lease(run):
            yield run
        run.pool.close()


@contextmanager
def _kept_lease(run: _Run) -> Iterator[None]:
    """Renews the lease of what is in hand while a slow server takes its time. A frozen process loses it."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(settings.LEASE_SECONDS / 3):
            try:
                outcomes.renew(sorted(run.in_hand), run.token, settings.LEASE_SECONDS)
                allowance.hold_connections(run.account, run.token, run.connections, settings.LEASE_SECONDS)
            except DatabaseError:
                continue  # it is away; what it does not renew, others take over
            finally:
                connection.close()

    thread = threading.Thread(target=renew, name="renew", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _only_here(mailing_id: int) -> Iterator[bool]:
    """One turn at a time for a mailing in this process: a second would only fight for the same core."""
    with _busy_lock:
        free = mailing_id not in _busy
        if free:
            _busy.add(mailing_id)
    try:
        yield free
    finally:
        if free:
            with _busy_lock:
                _busy.discard(mailing_id)
