"""How each provider is told where to call: what she presses there, in the words of its pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.transport.ways import Way

STEPS: Mapping[Way, tuple[str | Promise, ...]] = {
    Way.SES: (
        _("En Amazon SNS cree un tema «Standard» y, en él, una suscripción HTTPS con esta dirección."),
        _("Cartero confirma la suscripción solo; en un minuto SNS la muestra como «Confirmed»."),
        _(
            "En Amazon SES, en el «Configuration set» o en «Notifications» de su dominio, publique en ese tema Send, "
            "Delivery, Bounce, Complaint y Reject, con «Include original headers»."
        ),
    ),
    Way.POSTMARK: (
        _("En Postmark abra su servidor, el «Message Stream» por el que envía, y «Webhooks», «Add webhook»."),
        _("Pegue la dirección y marque Delivery, Bounce, Spam complaint, Open y Subscription change."),
    ),
    Way.BREVO: (
        _("En Brevo abra «Transactional», «Settings», «Webhook», «Add a new webhook»."),
        _("Pegue la dirección y marque los sucesos de envío, entrega, rebote, bloqueo, queja y apertura."),
    ),
    Way.MAILGUN: (
        _("En Mailgun abra «Sending», «Webhooks», elija el dominio y agregue la dirección para cada suceso."),
        _("Copie la «HTTP webhook signing key» de esa misma página y péguela abajo."),
    ),
    Way.SENDGRID: (
        _("En SendGrid abra «Settings», «Mail Settings», «Event Webhook», y cree uno con esta dirección."),
        _("Marque Processed, Deferred, Delivered, Bounced, Dropped, Spam Reports y Opened."),
        _("Encienda «Signed Event Webhook», copie la «Verification Key» y péguela abajo."),
    ),
}
# As they are called there.
KEYS: Mapping[Way, str] = {
    Way.MAILGUN: "HTTP webhook signing key",
    Way.SENDGRID: "Verification Key",
}
