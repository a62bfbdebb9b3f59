"""Where a mail account's mails go, and the connection to it."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import connection

from cartero.transport import api, smtp, tokens
from cartero.transport.connection import Connection
from cartero.transport.granting import Denied
from cartero.transport.models import MailAccount
from cartero.transport.opening import NotConnected
from cartero.transport.presets import Security
from cartero.transport.server import ApiServer, Server, Timeouts
from cartero.transport.ways import BY_API, BY_CONSENT, Way

LOOPBACK = "127.0.0.1"


def connect(server: Server | ApiServer) -> Connection | NotConnected:
    """Ready for mails. Never raises for what a network or a server does."""
    return api.connect(server) if isinstance(server, ApiServer) else smtp.connect(server)


def server_of(account: MailAccount) -> Server | ApiServer:
    """Raises crypto.SealBroken when the password cannot be opened. In a demonstration it is this machine's mailbox."""
    timeouts = Timeouts().scaled(settings.SMTP_TIMEOUT_SCALE)
    if settings.MAILBOX_PORT:
        port = settings.MAILBOX_PORT
        return Server(host=LOOPBACK, port=port, security=Security.NONE, private_allowed=True, timeouts=timeouts)
    if account.way in BY_API:
        return _api(account, timeouts)
    return Server(
        host=account.host,
        port=account.port,
        security=Security(account.security),
        username=account.username,
        password=account.password,
        bearer=bearer_of(account),
        private_allowed=account.private_allowed,
        timeouts=timeouts,
    )


def _api(account: MailAccount, timeouts: Timeouts) -> ApiServer:
    return ApiServer(
        way=Way(account.way),
        host=account.host,
        key=account.password,
        username=account.username,
        region=account.region,
        url=settings.PROVIDER_URLS.get(account.way, ""),
        timeouts=timeouts,
    )


def bearer_of(account: MailAccount) -> Callable[[], str | Denied] | None:
    """What gives an access token of an account by leave; None for the others."""
    return partial(_access_token, account.pk) if account.way in BY_CONSENT else None


def _access_token(account_id: int) -> str | Denied:
    try:
        return tokens.access_token(account_id)
    finally:
        if not connection.in_atomic_block:
            connection.close()  # back to the pool: a lane's thread needs it no more
