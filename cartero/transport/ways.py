"""The ways in which mails leave an account, and what each asks for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    PASSWORD = "password", _("Con usuario y contraseña")
    GOOGLE = "google", _("Con permiso de Google")
    MICROSOFT = "microsoft", _("Con permiso de Microsoft")
    SES = "ses", _("Por la API de Amazon SES")
    POSTMARK = "postmark", _("Por la API de Postmark")
    BREVO = "brevo", _("Por la API de Brevo")
    MAILGUN = "mailgun", _("Por la API de Mailgun")
    SENDGRID = "sendgrid", _("Por la API de SendGrid")


BY_CONSENT = frozenset({Way.GOOGLE, Way.MICROSOFT})
BY_API = frozenset({Way.SES, Way.POSTMARK, Way.BREVO, Way.MAILGUN, Way.SENDGRID})
