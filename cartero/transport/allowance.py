"""What an account may take now, all workers together: its row is locked, the database's clock counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import random
from uuid import UUID

from django.db import transaction

from cartero.platform import sql
from cartero.transport import history, pacing
from cartero.transport.models import MailAccount
from cartero.transport.pacing import Grant, Learned, Limits, Usage, Window
from cartero.transport.replies import Pause, Stop

_USAGE = ("minute_since", "minute_used", "hour_since", "hour_used", "day_since", "day_used")
_LEARNED = ("learned_connections", "learned_per_minute", "learned_per_connection", "learned_at")


def is_limited(account: MailAccount) -> bool:
    """Whether recipients have to be counted at all."""
    return bool(account.per_minute or account.per_hour or account.per_day or account.learned_per_minute)


def limits_of(account: MailAccount, now: datetime) -> Limits:
    return Limits(
        per_minute=pacing.allowed_per_minute(account.per_minute, learned_of(account), now),
        per_hour=account.per_hour,
        per_day=account.per_day,
    )


def usage_of(account: MailAccount) -> Usage:
    return Usage(
        minute=Window(account.minute_since, account.minute_used),
        hour=Window(account.hour_since, account.hour_used),
        day=Window(account.day_since, account.day_used),
    )


def learned_of(account: MailAccount) -> Learned:
    return Learned(
        connections=account.learned_connections,
        per_minute=account.learned_per_minute,
        per_connection=account.learned_per_connection,
        at=account.learned_at,
    )


def reserve(account_id: int, wanted: int) -> Grant:
    """Up to `wanted` recipients that may be written to now, all workers together; with 0, until when to wait."""
    with _locked(account_id) as (account, now):
        granted = pacing.grant(limits_of(account, now), usage_of(account), wanted, now)
        _save_usage(account, granted.usage)
    return granted


def give_back(account_id: int, recipients: int) -> None:
    """Reserved ones that did not go after all."""
    with _locked(account_id) as (account, now):
        _save_usage(account, pacing.give_back(usage_of(account), recipients, now))


def pause(account_id: int, verdict: Pause, reply: str, connections: int) -> Pause | Stop:
    """The account waits, or, where waiting mends nothing any more, stops. `connections` were open when it was said."""
    with _locked(account_id) as (account, now):
        outcome = history.outlast(verdict, account.paused_since, now)
        if isinstance(outcome, Stop):
            return outcome
        until = pacing.pause(account.paused_since, now, random(), at_least=verdict.at_least)  # noqa: S311  a jitter
        account.paused_until = max(until, account.paused_until or until)
        account.paused_since = account.paused_since or now
        account.pause_reason, account.pause_reply = verdict.reason, reply[:500]
        if verdict.fewer_connections:
            rate = usage_of(account).minute.used
            _set_learned(account, pacing.slow_down(learned_of(account), connections, rate, now))
        account.save(update_fields=["paused_until", "paused_since", "pause_reason", "pause_reply", *_LEARNED])
    return outcome


def went_well(account: MailAccount) -> None:
    """A mail went: whatever pause there was is over."""
    if account.paused_since is None:
        return
    account.paused_since = account.paused_until = None
    account.pause_reason = account.pause_reply = ""
    account.save(update_fields=["paused_until", "paused_since", "pause_reason", "pause_reply"])


def held_until(account: MailAccount) -> datetime | None:
    """Until when its pause or its limits hold it back; None when a mail may go now."""
    moment = now()
    if account.paused_until and account.paused_until > moment:
        return account.paused_until
    return pacing.grant(limits_of(account, moment), usage_of(account), 1, moment).until


def shorter_connections(account_id: int, mails: int) -> None:
    """The server closes a connection after so many mails: remembered for a day."""
    with _locked(account_id) as (account, now):
        _set_learned(account, pacing.shorter_connections(learned_of(account), mails, now))
        account.save(update_fields=list(_LEARNED))


def hold_connections(account: MailAccount, holder: UUID, wanted: int, seconds: float) -> int:
    """How many connections of the account `holder` may have open for `seconds`; others hold the rest."""
    allowed = pacing.allowed_connections(account.connections, learned_of(account), now())
    if account.slots.filter(position__lte=allowed).count() < allowed:
        sql.run(__package__, "slots", account=account.pk, allowed=allowed)
    rows = sql.run(
        __package__, "hold", account=account.pk, holder=holder, wanted=wanted, allowed=allowed, seconds=seconds
    )
    return len(rows)


def drop_connections(account: MailAccount, holder: UUID) -> None:
    account.slots.filter(holder=holder).update(holder=None, until=None)


def waits_until(account: MailAccount) -> datetime | None:
    """Until when the account's pause lasts, if it still does."""
    return account.paused_until if account.paused_until and account.paused_until > now() else None


def duration(account: MailAccount, recipients: int) -> timedelta:
    """The least time that the account's limits let `recipients` take."""
    moment = now()
    return pacing.duration(limits_of(account, moment), usage_of(account), recipients, moment)


@contextmanager
def _locked(account_id: int) -> Iterator[tuple[MailAccount, datetime]]:
    with transaction.atomic():
        account = MailAccount.objects.select_for_update().get(pk=account_id)
        yield account, now()


def now() -> datetime:
    """The database's time."""
    ((moment,),) = sql.run(__package__, "now")
    assert isinstance(moment, datetime)  # noqa: S101  what the statement selects
    return moment


def _save_usage(account: MailAccount, usage: Usage) -> None:
    account.minute_since, account.minute_used = usage.minute.since, usage.minute.used
    account.hour_since, account.hour_used = usage.hour.since, usage.hour.used
    account.day_since, account.day_used = usage.day.since, usage.day.used
    account.save(update_fields=list(_USAGE))


def _set_learned(account: MailAccount, learned: Learned) -> None:
    account.learned_connections = learned.connections
    account.learned_per_minute = learned.per_minute
    account.learned_per_connection = learned.per_connection
    account.learned_at = learned.at
