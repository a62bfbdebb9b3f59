"""The tokens of an account by consent: kept sealed, refreshed before they end, by one worker for all."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.platform import crypto
from cartero.platform.errors import CarteroError
from cartero.transport import allowance, consent, editing, granting
from cartero.transport.granting import Denied, Tokens
from cartero.transport.models import Grant, MailAccount
from cartero.transport.replies import Stop

MARGIN = timedelta(seconds=60)  # before its end: a login under way must not see it


class TooLittleGiven(CarteroError):
    """Leave was given, but not to send, or not for longer than an hour."""

    text = _("Se conectó, pero sin permiso para enviar correo. Vuelva a conectar y deje marcadas todas las casillas.")


@transaction.atomic
def keep(account: MailAccount, tokens: Tokens, by: User | None) -> None:
    """What she has just given; whatever had stopped the account is forgotten. Raises TooLittleGiven."""
    if not tokens.refresh or granting.lacks(tokens, consent.client_of(account.way).authority.scope):
        raise TooLittleGiven()
    grant = Grant.objects.select_for_update().filter(account=account).first() or Grant(account=account)
    grant.granted_at = allowance.now()
    _fill(grant, tokens, grant.granted_at)
    grant.save()
    audit.record(account, "connect", by, name=account.name)
    if account.stopped_reason or account.paused_since:
        editing.clear(account, by)


def access_token(account_id: int) -> str | Denied:
    """One that lasts a minute at least. Asks the authority where it must: that may take seconds."""
    try:
        return _kept(account_id) or _refreshed(account_id)
    except consent.NoClient as error:  # the operator has taken the registration away
        return Denied(verdict=Stop(reason="client_refused"), detail=error.user_text)
    except crypto.SealBroken as error:
        return Denied(verdict=Stop(reason="leave_ended"), detail=error.user_text)


def _kept(account_id: int) -> str | Denied | None:
    grant = Grant.objects.filter(account=account_id).first()
    if grant is None:
        return Denied(verdict=Stop(reason="leave_missing"))
    return crypto.unseal(grant.access_sealed) if _lasts(grant, allowance.now()) else None


def _refreshed(account_id: int) -> str | Denied:
    """Under the lock of its row: many workers come here at once, and an authority that rotates takes a token once."""
    with transaction.atomic():
        grant = Grant.objects.select_for_update(of=("self",)).select_related("account").get(account=account_id)
        if _lasts(grant, allowance.now()):  # another worker was first
            return crypto.unseal(grant.access_sealed)
        client = consent.client_of(grant.account.way)
        answer = consent.refresh(client, crypto.unseal(grant.refresh_sealed))
        if isinstance(answer, Tokens):
            _fill(grant, answer, allowance.now())
            grant.save(update_fields=["refresh_sealed", "access_sealed", "access_until"])
            return answer.access
        if isinstance(answer.verdict, Stop):
            MailAccount.objects.filter(pk=account_id).update(
                stopped_reason=answer.verdict.reason, stopped_reply=answer.detail
            )
        return answer


def _fill(grant: Grant, tokens: Tokens, now: datetime) -> None:
    grant.access_sealed = crypto.seal(tokens.access)
    grant.access_until = now + timedelta(seconds=tokens.seconds)
    if tokens.refresh:  # rotated; without one the old one stays
        grant.refresh_sealed = crypto.seal(tokens.refresh)


def _lasts(grant: Grant, now: datetime) -> bool:
    return bool(grant.access_sealed) and grant.access_until > now + MARGIN
