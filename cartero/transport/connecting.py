"""A mail account as the SMTP client wants it."""

from django.conf import settings

from cartero.transport.models import MailAccount
from cartero.transport.presets import Security
from cartero.transport.server import Server, Timeouts

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
        private_allowed=account.private_allowed,
        timeouts=timeouts,
    )
