"""Mail accounts as a company's administrator keeps them. What changes is in the trail; passwords never are."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.platform.errors import CarteroError
from cartero.transport.models import Grant, MailAccount
from cartero.transport.replies import Kind
from cartero.transport.resolving import Unreachable, resolve

FIELDS = (
    *("name", "from_address", "from_name", "reply_to", "way", "host", "port", "security", "username", "region"),
    *("per_minute", "per_hour", "per_day", "connections", "max_size"),
)
_PLACE = {"way", "host", "port"}
_MAILBOX = {"way", "username"}
_LOGIN = {*_PLACE, *_MAILBOX, "security"}
_CLEARED = {
    **dict.fromkeys(("paused_until", "paused_since")),
    **dict.fromkeys(("pause_reason", "pause_reply", "stopped_reason", "stopped_reply"), ""),
}


class NameTaken(CarteroError):
    """The company has an account of that name."""

    text = _("Ya hay una cuenta llamada «%(name)s». Póngale otro nombre.")


def is_forbidden(host: str, port: int) -> bool:
    """Whether a company may not send through it: a private host, or no port of mail. A name may not resolve yet."""
    return resolve(host, port, private_allowed=False) == Unreachable(Kind.FORBIDDEN)


@transaction.atomic
def save(account: MailAccount, fields: Mapping[str, Any], password: str, by: User) -> None:
    """A new account, or what changes of one. An empty password keeps the old one, but not for another server.

    An account that the operator has put on a private host loses that leave when its server changes. Raises NameTaken.
    """
    is_new = account.pk is None
    was = {name: getattr(account, name) for name in FIELDS if is_new or getattr(account, name) != fields[name]}
    for name in was:
        setattr(account, name, fields[name])
    if _MAILBOX & set(was) and not is_new:
        Grant.objects.filter(account=account).delete()  # leave was given for another mailbox
    if _PLACE & set(was) and not is_new:
        account.private_allowed = False
        account.password = password  # the old one is not for another server to learn
    elif password:
        account.password = password
    if password or _LOGIN & set(was):
        account.is_proven = False
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise NameTaken(name=fields["name"]) from error
    now = {name: fields[name] for name in was}
    facts = {"now": now, "password": bool(password)} | ({} if is_new else {"was": was})
    if was or password:  # saved as it was: nothing to tell
        audit.record(account, "create" if is_new else "change", by, **facts)


@transaction.atomic
def set_active(account: MailAccount, *, active: bool, by: User) -> None:
    """Nothing new is sent through one that is not active; sendings that began with it end with it."""
    if MailAccount.objects.filter(pk=account.pk, is_active=not active).update(is_active=active):
        audit.record(account, "activate" if active else "deactivate", by, name=account.name)


@transaction.atomic
def clear(account: MailAccount, by: User | None) -> None:
    """Forgets why it was paused or stopped: the next mail tries it again at once."""
    MailAccount.objects.filter(pk=account.pk).update(**_CLEARED)
    audit.record(account, "clear_pause", by, name=account.name, reason=account.stopped_reason or account.pause_reason)
