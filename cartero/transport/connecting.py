"""A mail account as the SMTP client wants it."""

from django.conf import settings

from cartero.transport.models import MailAccount
from cartero.transport.presets import Security
from cartero.transport.server import Server, Timeouts


def server_of(account: MailAccount) -> Server:
    """Raises crypto.SealBroken when the password cannot be opened."""
    return Server(
        host=account.host,
        port=account.port,
        security=Security(account.security),
        username=account.username,
        password=account.password,
        private_allowed=account.private_allowed,
        timeouts=Timeouts().scaled(settings.SMTP_TIMEOUT_SCALE),
    )
