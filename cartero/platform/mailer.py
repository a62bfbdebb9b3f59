"""Mail to our own users (invitation, summary), never through a company's account."""

from django.conf import settings
from django.core.mail import EmailMessage


def send(to: str, subject: str, body: str) -> None:
    """Hands one plain mail to the operator's server. Without one configured, nothing is sent."""
    if not settings.EMAIL_HOST:
        return
    message = EmailMessage(
        subject=subject,
        body=body,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.send(fail_silently=False)
