"""A mail account as the SMTP client wants it."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import connection

from cartero.transport import tokens
from cartero.transport.granting import Denied
from cartero.transport.models import MailAccount
from cartero.transport.presets import Security
from cartero.transport.server import Server, Timeouts
from cartero.transport.ways import BY_CONSENT

LOOPBACK = "127.0.0.1"


def server_of(account: MailAccount) -> Server:
    """Raises crypto.SealBroken when the password cannot be opened. In a demonstration it is this machine's mailbox."""
    timeouts = Timeouts().scaled(settings.SMTP_TIMEOUT_SCALE)
    if settings.MAILBOX_PORT:
        port = settings.MAILBOX_PORT
        return Server(host=LOOPBACK, port=port, security=Security.NONE, private_allowed=True, timeouts=timeouts)
    return Server(
        host=account.host,
        port=account.port,
        security=Security(account.security),
        username=account.username,
        password=account.password,
        bearer=_bearer(account),
        private_allowed=account.private_allowed,
        timeouts=timeouts,
    )


def _bearer(account: MailAccount) -> Callable[[], str | Denied] | None:
    return partial(_access_token, account.pk) if account.way in BY_CONSENT else None


def _access_token(account_id: int) -> str | Denied:
    try:
        return tokens.access_token(account_id)
    finally:
        if not connection.in_atomic_block:
            connection.close()  # back to the pool: a lane's thread needs it no more
