"""What an account may take now, all workers together: its row is locked, the database's clock counts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cartero.platform import sql
from cartero.transport import history, pacing
from cartero.transport.models import MailAccount
from cartero.transport.pacing import Learned, Limits, Usage
from cartero.transport.replies import Pause, Stop

USED_UP = _("La cuenta ya envió todo lo que sus límites permiten por ahora.")
_LEARNED = (
    "learned_connections",
    "learned_per_minute",
    "learned_at",
    "learned_most_connections",
    "learned_per_connection",
    "learned_ceiling_at",
)


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """Mails that may go now, and how many recipients were counted for them at `at`; with none, until when to wait."""

    mails: int
    recipients: int
    at: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How one worker was going when its server refused: connections it had, recipients a minute."""

    connections: int
    per_minute: int


def limits_of(account: MailAccount, now: datetime) -> Limits:
    return Limits(
        per_minute=pacing.allowed_per_minute(account.per_minute, learned_of(account), now),
        per_hour=account.per_hour,
        per_day=account.per_day,
    )


def usage_of(account: MailAccount) -> Usage:
    pieces = {name: {int(start): used for start, used in account.used.get(name, {}).items()} for name in account.used}
    return Usage(minute=pieces.get("minute", {}), hour=pieces.get("hour", {}), day=pieces.get("day", {}))


def learned_of(account: MailAccount) -> Learned:
    return Learned(
        connections=account.learned_connections,
        per_minute=account.learned_per_minute,
        at=account.learned_at,
        most_connections=account.learned_most_connections,
        per_connection=account.learned_per_connection,
        ceiling_at=account.learned_ceiling_at,
    )


def room(account_id: int) -> int | None:
    """How many recipients the account takes now; None: it has no limit, and nothing need be reserved."""
    account, moment = MailAccount.objects.get(pk=account_id), now()
    return pacing.room(limits_of(account, moment), usage_of(account), moment)


def reserve(account_id: int, sizes: Sequence[int]) -> Reserved:
    """How many of the mails with so many recipients each may go now, in this order, all workers together."""
    with _locked(account_id) as (account, now):
        granted = pacing.grant(limits_of(account, now), usage_of(account), sizes, now)
        _save_usage(account, granted.usage)
    return Reserved(mails=granted.mails, recipients=granted.recipients, at=now, until=granted.until)


def settle(account_id: int, reserved: Reserved, recipients: int) -> None:
    """Of what was reserved so many went, and now: a slow server's mails count from when it took them."""
    with _locked(account_id) as (account, now):
        before = pacing.count(usage_of(account), -reserved.recipients, reserved.at, now)
        _save_usage(account, pacing.count(before, recipients, now, now))


def pause(account_id: int, verdict: Pause, reply: str, pace: Pace) -> Pause | Stop:
    """The account waits, or, where waiting mends nothing any more, stops. `pace` is the worker's who was refused."""
    with _locked(account_id) as (account, now):
        since = pacing.paused_since(account.paused_since, account.paused_until, now)
        outcome = history.outlast(verdict, since, now)
        if isinstance(outcome, Stop):
            return outcome
        until = pacing.pause(since, now, random(), at_least=verdict.at_least)  # noqa: S311  a jitter
        until = min(until, (since or now) + history.patience(verdict.reason))  # when it is to end, as the page says
        account.paused_until = max(until, account.paused_until or until)
        account.paused_since = since or now
        account.pause_reason, account.pause_reply = verdict.reason, reply[:500]
        if verdict.fewer_connections:
            held = max(_held(account), pace.connections)
            rate = pace.per_minute * held // pace.connections  # the others went as fast
            _set_learned(account, pacing.slow_down(learned_of(account), held, rate, now))
        account.save(update_fields=["paused_until", "paused_since", "pause_reason", "pause_reply", *_LEARNED])
    return outcome


def went_well(account: MailAccount) -> None:
    """A mail went: whatever pause there was is over."""
    if account.paused_since is None:
        return
    account.paused_since = account.paused_until = None
    account.pause_reason = account.pause_reply = ""
    account.save(update_fields=["paused_until", "paused_since", "pause_reason", "pause_reply"])


def begin_anew(account_id: int) -> None:
    """Somebody has looked: a pause counts from now on, and may last as long again. It is still probed."""
    MailAccount.objects.filter(pk=account_id, paused_since__isnull=False).update(paused_since=Now())


def held_until(account: MailAccount) -> datetime | None:
    """Until when its pause or its limits hold it back; None when a mail may go now."""
    moment = now()
    if account.paused_until and account.paused_until > moment:
        return account.paused_until
    return pacing.free_at(limits_of(account, moment), usage_of(account), 1, moment)


def limited() -> int:
    """How many accounts of all companies wait for their own limits."""
    moment, accounts = now(), MailAccount.objects.active()
    return sum(pacing.free_at(limits_of(each, moment), usage_of(each), 1, moment) is not None for each in accounts)


def fewer_connections(account_id: int, refused: int) -> None:
    """The server refused so many of the connections that all workers hold: remembered for a day."""
    with _locked(account_id) as (account, now):
        allowed = max(1, _held(account) - refused)
        _set_learned(account, pacing.fewer_connections(learned_of(account), allowed, now))
        account.save(update_fields=list(_LEARNED))


def shorter_connections(account_id: int, mails: int) -> None:
    """The server closes a connection after so many mails: remembered for a day."""
    with _locked(account_id) as (account, now):
        _set_learned(account, pacing.shorter_connections(learned_of(account), mails, now))
        account.save(update_fields=list(_LEARNED))


def smaller_mails(account_id: int, size: int) -> None:
    """The server takes mails up to `size` bytes: what is larger fails at *Registrar* from now on."""
    MailAccount.objects.filter(pk=account_id, max_size__gt=size).update(max_size=size)


def hold_connections(account: MailAccount, holder: UUID, wanted: int, seconds: float) -> int:
    """How many connections of the account `holder` may have open for `seconds`; others hold the rest.

    0 while another tries a login that is not proven: servers lock accounts whose password was wrong too often.
    """
    if account.is_proven:
        return _hold(account, holder, wanted, seconds)
    with _locked(account.pk) as (latest, _now):
        is_anothers_turn = not latest.is_proven and _held(latest, but=holder)
        return 0 if is_anothers_turn else _hold(latest, holder, wanted, seconds)


def let_in(account: MailAccount) -> None:
    """Its server knows the login: all workers may use it."""
    account.is_proven = True
    account.save(update_fields=["is_proven"])


def refuse(account: MailAccount) -> None:
    """Its server does not let us in: one worker alone tries, when it is to be tried again."""
    MailAccount.objects.filter(pk=account.pk).update(is_proven=False)


def has_free_connections(account: MailAccount) -> bool:
    """Whether another worker could open one now."""
    mine = account.slots.filter(position__lte=_allowed_connections(account))
    return mine.filter(Q(holder=None) | Q(until__lt=Now())).exists()


def drop_connections(account: MailAccount, holder: UUID) -> None:
    account.slots.filter(holder=holder).update(holder=None, until=None)


def waits_until(account: MailAccount) -> datetime | None:
    """Until when the account's pause lasts, if it still does."""
    return account.paused_until if account.paused_until and account.paused_until > now() else None


def duration(account: MailAccount, recipients: int) -> timedelta:
    """The least time that the account's limits let `recipients` take."""
    moment = now()
    return pacing.duration(limits_of(account, moment), usage_of(account), recipients, moment)


def now() -> datetime:
    """The database's time."""
    ((moment,),) = sql.run_prepared(__package__, "now")
    assert isinstance(moment, datetime)  # noqa: S101  what the statement selects
    return moment


def _hold(account: MailAccount, holder: UUID, wanted: int, seconds: float) -> int:
    allowed = _allowed_connections(account)
    if account.slots.filter(position__lte=allowed).count() < allowed:
        sql.run(__package__, "slots", account=account.pk, allowed=allowed)
    rows = sql.run(
        __package__, "hold", account=account.pk, holder=holder, wanted=wanted, allowed=allowed, seconds=seconds
    )
    return len(rows)


def _allowed_connections(account: MailAccount) -> int:
    """Of all workers together."""
    if account.paused_since:
        return 1  # a probe, until a mail has gone
    return pacing.allowed_connections(account.connections, learned_of(account), now())


@contextmanager
def _locked(account_id: int) -> Iterator[tuple[MailAccount, datetime]]:
    with transaction.atomic():
        account = MailAccount.objects.select_for_update(no_key=True).get(pk=account_id)
        yield account, now()


def _held(account: MailAccount, but: UUID | None = None) -> int:
    """How many connections all workers hold, without those of one of them."""
    return account.slots.filter(holder__isnull=False, until__gt=Now()).exclude(holder=but).count()


def _save_usage(account: MailAccount, usage: Usage) -> None:
    # Keys of JSON are words.
    account.used = {
        name: {str(start): used for start, used in pieces.items()}
        for name, pieces in (("minute", usage.minute), ("hour", usage.hour), ("day", usage.day))
    }
    account.save(update_fields=["used"])


def _set_learned(account: MailAccount, learned: Learned) -> None:
    account.learned_connections = learned.connections
    account.learned_per_minute = learned.per_minute
    account.learned_at = learned.at
    account.learned_most_connections = learned.most_connections
    account.learned_per_connection = learned.per_connection
    account.learned_ceiling_at = learned.ceiling_at
