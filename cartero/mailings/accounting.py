"""What the answers of one turn mean beyond their own mail: limits, addresses, an account slowed or stopped."""

import time
from collections.abc import Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from cartero.mailings import lifecycle, outcomes
from cartero.mailings.errors import NotNow
from cartero.mailings.loading import Order
from cartero.mailings.making import Made
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.parties import people
from cartero.platform import queue
from cartero.platform.storage import StorageAway
from cartero.transport import allowance, history
from cartero.transport.allowance import Pace, Reserved
from cartero.transport.envelope import Transmission
from cartero.transport.history import History, Lesson
from cartero.transport.lanes import Landed
from cartero.transport.models import MailAccount
from cartero.transport.opening import NotConnected
from cartero.transport.pool import Pool
from cartero.transport.replies import Fail, Pause, Sent, Stop, Verdict

ANY_NUMBER = 1_000_000
LATE = timedelta(seconds=2)  # what was reserved longer ago is counted again, from when it went
A_DAY = timedelta(days=1)

# What mailings have been answered in this process: the tenth refusal in a row may come in their next turn.
_histories: dict[int, History] = {}


@dataclass(kw_only=True)
class Books:
    """Of one turn. `halted`: stopped, paused, or out of allowance: nothing more begins."""

    mailing: Mailing
    account: MailAccount
    pool: Pool
    is_limited: bool = False
    halted: bool = False
    all_refused: bool = False  # a server that refuses everybody alike: nobody's mail fails for it
    reserved: dict[int, Reserved] = field(default_factory=dict)  # of each mail in mid-air, its own part
    validated: list[tuple[int, str]] = field(default_factory=list)  # party and address that took a mail
    refused_connections: int = 0
    sent: int = 0
    began: float = field(default_factory=time.monotonic)

    def room(self) -> int:
        """How many mails are worth claiming now; 0 ends the turn."""
        room = allowance.room(self.account.pk)
        self.is_limited = room is not None
        self.halted = self.halted or room == 0
        return ANY_NUMBER if room is None else room

    def within_limits(self, group: Sequence[tuple[Order, Made]]) -> list[tuple[Order, Made]]:
        """What of the group the account's limits let go now, counted in recipients; the rest goes back."""
        if not self.is_limited or not group:
            return list(group)
        sizes = [len(order.to) for order, _made in group]
        reserved = allowance.reserve(self.account.pk, sizes)
        self.halted = self.halted or reserved.mails == 0
        going = list(group[: reserved.mails])
        for order, _made in going:
            part = Reserved(mails=1, recipients=len(order.to), at=reserved.at, until=None)
            self.reserved[order.delivery_id] = part
        return going

    def unsent(self, group: Sequence[tuple[Order, Made]], mine: Set[int]) -> None:
        """Gives back what was reserved for those of a group that may not go after all."""
        for order, _made in group:
            if order.delivery_id not in mine and order.delivery_id in self.reserved:
                allowance.settle(self.account.pk, self.reserved.pop(order.delivery_id), 0)

    def enter(self, landed: Sequence[tuple[Order, Landed]]) -> None:
        """Everything that a group of answers teaches."""
        for order, each in landed:
            self._count(order, each)
            if each.served:
                allowance.shorter_connections(self.account.pk, each.served)
            if each.done is not None:
                self._mark_addresses(order, each.done)
                self._learn(order, each.done)
                if each.max_size and each.done.verdict == Fail(reason="too_large"):
                    allowance.smaller_mails(self.account.pk, each.max_size)
        if self.pool.refused > self.refused_connections:
            allowance.fewer_connections(self.account.pk, self.pool.refused - self.refused_connections)
            self.refused_connections = self.pool.refused
        if any(each.done is not None and isinstance(each.done.verdict, Sent) for _order, each in landed):
            was_paused = self.account.paused_since is not None
            allowance.went_well(self.account)
            self.halted = self.halted or was_paused  # the probe is over: the next turn goes at full speed

    def refused(self, refusal: NotConnected) -> None:
        """No connection could be opened; when lines keep breaking, the account waits. What stops one mailing there
        stops all of the account: the others do not try the same password again."""
        if isinstance(refusal.verdict, Stop):
            allowance.refuse(self.account)
        lesson = self._study(history.Outcome(key=0, verdict=refusal.verdict))
        others = Mailing.objects.filter(account=self.account, status=MailingStatus.SENDING).exclude(pk=self.mailing.pk)
        for verdict in (refusal.verdict, lesson.verdict):
            self.obey(verdict, refusal, others.select_related("company"))

    def obey(self, verdict: Verdict | None, done: Transmission | NotConnected, others: Iterable[Mailing] = ()) -> None:
        """A pause holds the account, a stop the mailing and those `others`; nobody's mail fails for it."""
        reply = done.reply.shown if done.reply else done.detail
        if isinstance(verdict, Pause):
            verdict = allowance.pause(self.account.pk, verdict, reply, self._pace())
            self.halted = True
        if isinstance(verdict, Stop):
            self.halted = True
            for mailing in (self.mailing, *others):
                _stop(mailing, verdict, reply)

    def waits_for_files(self, result: object) -> bool:
        """Whether a mail could not be made because files are away: then no mail fails, and the mailing is held."""
        if not isinstance(result, StorageAway):
            return False
        self.halted = True
        lifecycle.stop_for(self.mailing, lifecycle.FILES_AWAY, result)
        return True

    def close(self) -> None:
        """Writes what was gathered for one statement."""
        people.mark_validated(self.validated)
        self.validated.clear()

    def _pace(self) -> Pace:
        seconds = max(1.0, time.monotonic() - self.began)
        return Pace(connections=max(1, self.pool.size), per_minute=int(self.sent / seconds * 60))

    def _count(self, order: Order, landed: Landed) -> None:
        reserved = self.reserved.pop(order.delivery_id, None)
        if reserved is None:
            return
        used = 0 if landed.done is None else reserved.recipients
        if not used or allowance.now() - reserved.at > LATE:
            allowance.settle(self.account.pk, reserved, used)

    def _learn(self, order: Order, done: Transmission) -> None:
        """What one answer, and several together, say of the account."""
        outcome = history.Outcome(
            key=order.delivery_id,
            verdict=done.verdict,
            recipient=order.to[0] if order.to else "",
            text=done.reply.text if done.reply else "",
        )
        lesson = self._study(outcome)
        if isinstance(done.verdict, Sent):
            self.sent += len(order.to)
            return
        for verdict in (done.verdict, lesson.verdict):
            self.obey(verdict, done)
        if lesson.innocent:
            self.all_refused = True
            outcomes.requeue(self.mailing, [*lesson.innocent, *self._refused_alike(outcome.text)])
        elif isinstance(done.verdict, Fail) and self._has_refused_all(done.verdict.reason):
            outcomes.requeue(self.mailing, [order.delivery_id])  # in mid-air when the ten before it were refused

    def _refused_alike(self, text: str) -> list[int]:
        """Those that other workers saw refused in these words."""
        refused = Delivery.objects.filter(
            mailing=self.mailing, status=DeliveryStatus.FAILED, reason__in=history.REFUSED
        )
        rows, gist = refused.values_list("pk", "reply"), history.gist(text)
        return [pk for pk, reply in rows if history.gist(reply) == gist]

    def _has_refused_all(self, reason: str) -> bool:
        """Whether the mailing was stopped for that, by this turn or another worker's."""
        if self.all_refused or reason not in history.REFUSED:
            return self.all_refused
        stopped = Mailing.objects.filter(pk=self.mailing.pk, status=MailingStatus.STOPPED)
        self.all_refused = stopped.filter(status_reason=history.ALL_REFUSED).exists()
        return self.all_refused

    def _study(self, outcome: history.Outcome) -> Lesson:
        lesson = history.learn(_histories.get(self.mailing.pk, History()), outcome)
        _histories[self.mailing.pk] = lesson.history
        return lesson

    def _mark_addresses(self, order: Order, done: Transmission) -> None:
        """What the server said of the addresses stays with them."""
        for address, each in done.refused.items():
            if isinstance(each.verdict, Fail) and each.verdict.address_unusable:
                people.mark_bounced(order.party_id, address, each.reply.shown if each.reply else each.verdict.reason)
        if isinstance(done.verdict, Sent):
            self.validated += [(order.party_id, address) for address in order.to if address not in done.refused]


def _stop(mailing: Mailing, verdict: Stop, reply: str) -> None:
    resume_at = Now() + A_DAY if verdict.until_tomorrow else None
    with suppress(NotNow), transaction.atomic():  # it was stopped meanwhile
        lifecycle.stop(mailing, None, reason=verdict.reason, reply=reply, resume_at=resume_at)
        if not verdict.until_tomorrow:
            queue.defer("tell_refused", mailing_id=mailing.pk)


def open_books(mailing: Mailing, pool: Pool) -> Books:
    return Books(mailing=mailing, account=mailing.account, pool=pool)
