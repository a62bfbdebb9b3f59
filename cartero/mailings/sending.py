"""Claim, load, make, transmit, record: the pipeline of one turn of a mailing.

What is `transmitting` is what may be in doubt: never more mails than connections that are open and logged in.
"""

import contextlib
import logging
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from random import random
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection

from cartero.mailings import accounting, lifecycle, loading, making, outcomes, recipes, turns, verdicts
from cartero.mailings.accounting import Books
from cartero.mailings.bench import Bench
from cartero.mailings.loading import Order
from cartero.mailings.lots import Lots
from cartero.mailings.making import Made, Unmade
from cartero.mailings.models import Mailing
from cartero.mailings.outcomes import Outcome
from cartero.mailings.sent_mails import Keeper
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.mailings.verdicts import Moment
from cartero.platform import ids, queue, stopping
from cartero.platform.errors import CarteroError
from cartero.platform.patience import patiently
from cartero.transport import allowance, connecting, lanes
from cartero.transport.lanes import Landed, Lanes, Parcel
from cartero.transport.models import MailAccount
from cartero.transport.pool import Pool
from cartero.transport.replies import Doubt, Sent

TURN = 15.0  # seconds since its first mail, then other mailings have theirs
STALLED = 5.0  # seconds in which nothing moved: others need not wait for it
FRESH = 0.7  # seconds between step 5 and the first command, else it is left: nothing begins long after *Detener*
TOGETHER = 0.5  # seconds that a mail which is made waits for others to be marked with it
GATHER = 0.1  # seconds between two looks at what was made or has landed, where nothing could go meanwhile
LOOK = 0.5  # seconds between two looks at what else there is, such as the end of this process
MAKE_SECONDS = 120.0  # for one mail; after that the process that makes it ends, and others try
ELSEWHERE = timedelta(seconds=0.2)  # until a job that came to a worker with its hands full is another's

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class _Run:
    """One turn of a mailing in this process."""

    mailing: Mailing
    token: UUID
    recipe: int
    books: Books
    bench: Bench
    lanes: Lanes
    keeper: Keeper
    in_hand: set[int] = field(default_factory=set)  # claimed by this turn, and not settled yet
    in_air: dict[int, tuple[Order, Made]] = field(default_factory=dict)
    ready: deque[tuple[Order, Made]] = field(default_factory=deque)
    lots: Lots = field(default_factory=Lots)
    first_mail: float | None = None
    clock: datetime | None = None  # the database's, when it last claimed any
    waits_since: float | None = None  # when the first of those that are ready was made
    moved: float = field(default_factory=time.monotonic)  # when something last happened

    @property
    def goes_on(self) -> bool:
        return not self.books.halted and not stopping.is_asked()

    @property
    def now(self) -> datetime:
        """The database's time, reckoned on from when it last claimed any: every group of mails asks for it."""
        assert self.clock is not None  # noqa: S101  nothing lands that was not claimed
        return self.clock + timedelta(seconds=time.monotonic() - self.lots.at)

    @property
    def wants_more(self) -> bool:
        """Whether what is in hand runs low; what was all there was is not asked for again before it is gone."""
        return self.is_dry if self.lots.was_all else self.bench.left + len(self.ready) <= self.lots.last // 2

    @property
    def workers(self) -> int:
        """How many send this mailing, as the connections are shared out among them."""
        return ceil(self.mailing.account.connections / self.lanes.pool.size)

    @property
    def is_dry(self) -> bool:
        return self.bench.is_empty and not self.ready

    @property
    def is_idle(self) -> bool:
        return self.is_dry and not self.in_air

    @property
    def missing(self) -> int:
        """How many more would fill half of the connections and be worth a commit. The first of a turn goes alone."""
        return max(0, (1 if self.first_mail is None else max(1, self.lanes.pool.size // 2)) - len(self.ready))

    @property
    def is_worth_it(self) -> bool:
        """Whether those that are ready are enough, have waited, or have nobody to wait for."""
        if self.bench.is_empty or not self.missing:
            return True
        return self.waits_since is not None and time.monotonic() - self.waits_since > TOGETHER

    @property
    def is_held_up(self) -> bool:
        """Whether mails that could go wait for a connection."""
        return bool(self.ready) and self.is_worth_it

    @property
    def is_over(self) -> bool:
        return self.first_mail is not None and time.monotonic() - self.first_mail > TURN and queue.has_waiting("send")


def send_some(mailing_id: int) -> bool:
    """Some seconds of a mailing; whether any of it is due now. Run twice, or by many workers at once, it sends once.

    A turn that is held up by its server goes on by itself, while other mailings have theirs.
    """
    mailing = _sendable(mailing_id)
    if mailing is None:
        return False
    if not turns.enter(mailing.account_id):
        _leave_to_others(mailing)
        return False
    runs: list[_Run] = []
    thread = ThreadPoolExecutor(1, thread_name_prefix="turn")
    turn = thread.submit(_turn, mailing, runs)
    thread.shutdown(wait=False)
    while not wait([turn], timeout=LOOK).done:
        if runs and time.monotonic() - runs[0].moved > STALLED:
            return False
    return turn.result()


def _sendable(mailing_id: int) -> Mailing | None:
    sending = Mailing.objects.select_related("company", "account")
    mailing = sending.filter(pk=mailing_id, status=MailingStatus.SENDING).first()
    return None if mailing is None or allowance.waits_until(mailing.account) else mailing


def _leave_to_others(mailing: Mailing) -> None:
    """This process has its turn; while connections are free, another worker should get the job."""
    if allowance.has_free_connections(mailing.account):
        again = allowance.now() + ELSEWHERE
        queue.defer("send", at=again, once=f"send-{mailing.pk}-elsewhere", mailing_id=mailing.pk)


def _turn(mailing: Mailing, runs: list[_Run]) -> bool:
    """The whole turn, in a thread of its own; what it is about is put into `runs`."""
    try:
        if allowance.room(mailing.account_id) == 0:
            return False
        token = ids.lease()
        connections = _hold(mailing.account, token)
        if not connections:
            return False  # other workers hold them all
        with _ready(mailing, token, connections) as run:
            runs.append(run)
            had_work = _take_turn(run)
        if not had_work:
            lifecycle.finish_if_done(mailing)
        return had_work and not run.books.halted
    except CarteroError as error:  # a password that cannot be opened, a sender that is no address, a lost logo
        lifecycle.stop_for(mailing, making.code_of(error), error)
        return False
    finally:
        turns.leave(mailing.account_id)
        connection.close()  # this thread's own, back to the pool of the database


def _take_turn(run: _Run) -> bool:
    """Mails are made ahead of those that go, until the turn is over; False when nothing was left to claim."""
    _open_first(run)
    while run.goes_on and not run.is_over:
        if run.wants_more:
            _claim_more(run)
            if run.is_idle:
                return run.books.halted
        _take_made(run)
        _hand_over(run)
        _settle_landed(run, _patience(run))
    return True


def _open_first(run: _Run) -> None:
    """Nothing is claimed for a server that does not answer."""
    while run.goes_on and not run.lanes.ready(1):
        run.lanes.landed(LOOK)
        _mind_refusal(run)
    account = run.mailing.account
    if run.goes_on and not account.is_proven:
        allowance.let_in(account)
        lifecycle.call_workers(run.mailing)


def _claim_more(run: _Run) -> None:
    """Fills the bench up again, long before it is empty."""
    room = run.books.room() - run.bench.left - len(run.ready)
    wanted = min(run.lots.limit, room)
    facts = run.mailing.pk, run.token, wanted
    claimed = outcomes.claim(*facts, share=2 * run.workers, alone=run.is_idle) if wanted > 0 else []
    run.in_hand.update(claimed)
    run.clock = allowance.now()
    run.lots.enter(wanted, len(claimed))
    run.bench.put(loading.orders(claimed, whole=False, dated=run.clock))
    run.books.close()


def _patience(run: _Run) -> float:
    """How long to wait for a mail to land, where there is nothing else to do."""
    if run.is_held_up and run.lanes.ready(1):
        return 0
    return GATHER if run.ready or not run.bench.is_empty else LOOK


def _put_back(run: _Run) -> None:
    """What was claimed and is not in mid-air waits again, for whoever claims it next."""
    run.bench.clear()
    run.ready.clear()
    left = run.in_hand - run.in_air.keys()
    if left:
        outcomes.release(sorted(left), run.token)
    run.in_hand &= run.in_air.keys()
    run.books.close()


def _take_made(run: _Run) -> None:
    """From the bench to what is ready; what could not be made has failed, alone."""
    if run.bench.is_empty:
        return
    unmade = []
    patience = 0 if run.in_air else GATHER if run.ready else LOOK
    for order, result in run.bench.take(run.missing if run.ready else 1, patience):
        run.moved = time.monotonic()
        run.waits_since = run.waits_since or run.moved
        if isinstance(result, Made):
            run.ready.append((order, result))
        elif not run.books.waits_for_files(result):
            unmade.append(_failed(order, result))
    _record(run, unmade)
    overdue = run.bench.overdue(MAKE_SECONDS)
    if overdue:
        log.error("deliveries %s cannot be made; this worker ends, so that its thread does", overdue)
        run.in_hand.difference_update(overdue)  # not given back: their claims count
        run.books.halted = True
        os.kill(os.getpid(), signal.SIGTERM)


def _hand_over(run: _Run) -> None:
    """Step 5 for as many as can go this instant, and off they are. It costs a commit, so a few wait for each other."""
    free = run.lanes.ready(len(run.ready))
    _mind_refusal(run)
    group = [run.ready[n] for n in range(free)] if run.is_worth_it else []
    group = run.books.within_limits(group)
    if not group or not run.goes_on:
        return
    keys = [order.delivery_id for order, _made in group]
    mine = outcomes.transmitting(run.mailing.pk, keys, run.token)
    not_after = time.monotonic() + FRESH
    run.waits_since = None
    for order, made in group:
        run.ready.popleft()
        if order.delivery_id in mine:
            run.in_air[order.delivery_id] = (order, made)
            mail = made.mail
            parcel = Parcel(key=order.delivery_id, envelope_from=mail.envelope_from, to=mail.to, message=mail.message)
            run.lanes.hand(parcel, not_after)
    run.first_mail = run.first_mail or time.monotonic()
    if len(mine) < len(group):  # stopped, or the lease was lost: what is still claimed goes back
        run.books.unsent(group, mine)
        run.books.halted = True


def _settle_landed(run: _Run, patience: float) -> None:
    """Steps 9 and 10 for what has come to its end."""
    landed = run.lanes.landed(patience, lanes.GATHER if run.is_held_up else GATHER)
    if not landed:
        if patience and time.monotonic() - run.moved > LOOK:
            connection.close()  # back to the pool: a slow server must not keep it from others
        return
    run.moved = time.monotonic()
    moment = Moment(now=run.now, jitter=random())  # noqa: S311  not a secret
    settled = [_outcome(run, each, moment) for each in landed]
    _record(run, settled)
    run.keeper.keep(settled, run.in_air)
    pairs = [(run.in_air.pop(each.key)[0], each) for each in landed]
    run.books.enter(pairs)


def _outcome(run: _Run, landed: Landed, moment: Moment) -> Outcome:
    order, made = run.in_air[landed.key]
    if landed.done is None:
        return Outcome(delivery=order.delivery_id, status=DeliveryStatus.PENDING, kind=None, attempted=False)
    outcome = verdicts.outcome_of(order, landed.done, moment)
    if not isinstance(landed.done.verdict, Sent | Doubt):  # evidence may still show that it went
        return outcome
    proof = made.proof | {"recipe": run.recipe, "tls": landed.tls}
    return replace(outcome, size=made.mail.size, attached=made.attached, proof=proof)


def _record(run: _Run, settled: Sequence[Outcome]) -> None:
    patiently(lambda: outcomes.record(settled, run.token))
    run.in_hand.difference_update(each.delivery for each in settled)


def _mind_refusal(run: _Run) -> None:
    refusal, run.lanes.refusal = run.lanes.refusal, None
    if refusal is not None:
        run.moved = time.monotonic()
        run.books.refused(refusal)


def _failed(order: Order, result: Unmade | BaseException) -> Outcome:
    if isinstance(result, BaseException):
        log.error("delivery %s could not be made", order.delivery_id, exc_info=result)
        result = Unmade(reason="not_made", detail=type(result).__name__)
    return verdicts.unmade(order, result)


@contextlib.contextmanager
def _ready(mailing: Mailing, token: UUID, connections: int) -> Iterator[_Run]:
    """Threads, connections and a kept lease for one turn; it ends when its last mail has landed."""
    account = mailing.account
    kit = making.kit_of(mailing)
    pool = Pool(connecting.server_of(account), connections, account.learned_per_connection)
    run = _Run(
        mailing=mailing,
        token=token,
        recipe=recipes.of(mailing).pk,
        books=accounting.open_books(mailing, pool),
        bench=Bench(lambda order: making.make(order, kit), ahead=2 * connections),
        lanes=Lanes(pool, most=account.connections),
        keeper=Keeper(mailing.company),
    )
    with _kept_lease(run):
        try:
            yield run
        finally:
            run.bench.close()
            while run.lanes.is_busy:
                _settle_landed(run, LOOK)
                run.lanes.ready(0)
            _mind_refusal(run)
            run.lanes.close()
            run.keeper.close()
            allowance.drop_connections(account, token)
        _put_back(run)


@contextlib.contextmanager
def _kept_lease(run: _Run) -> Iterator[None]:
    """Renews the lease of what is in hand while a slow server takes its time. A frozen process loses it."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(settings.LEASE_SECONDS / 3):
            try:
                outcomes.renew(sorted(run.in_hand), run.token)
                account = MailAccount.objects.get(pk=run.mailing.account_id)
                run.lanes.pool.resize(max(1, _hold(account, run.token)))  # workers have come or gone
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


def _hold(account: MailAccount, token: UUID) -> int:
    """How many connections are this worker's share now: all workers of all machines have as many."""
    share = ceil(account.connections / max(1, queue.workers()))
    return allowance.hold_connections(account, token, share, settings.LEASE_SECONDS)
