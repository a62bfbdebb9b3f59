"""Mail to our own users (invitation, summary), never through a company's account."""

from django.conf import settings
from django.core.mail import EmailMessage


def is_configured() -> bool:
    """Whether the operator has named a server for such mail."""
    return bool(settings.EMAIL_HOST)


def send(to: str, subject: str, body: str) -> None:
    """Hands one plain mail to the operator's server. Without one configured, nothing is sent."""
    if not is_configured():
        return
    message = EmailMessage(
        subject=subject,
        body=body,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.send(fail_silently=False)
