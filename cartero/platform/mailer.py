"""Mail to our own users (invitation, summary), never through a company's account."""

from django.conf import settings
from django.core.mail import EmailMessage


def is_configured() -> bool:
    """Whether the operator has named a server for such mail."""
    return bool(settings.EMAIL_HOST)


def send(to: str, subject: str, body: str, *, stop: str = "") -> None:
    """Hands one plain mail to the operator's server. Without one configured, nothing is sent.

    `stop` is where its reader says that she wants no more such: in one press, over https (RFC 8058).
    """
    if not is_configured():
        return
    headers = {"Auto-Submitted": "auto-generated"}
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
    if stop.startswith("https:"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMessage(subject=subject, body=body, to=[to], headers=headers)
    message.send(fail_silently=False)
