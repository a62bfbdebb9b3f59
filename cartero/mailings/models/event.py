from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.mailings.models.delivery import Delivery


class EventKind(models.TextChoices):
    REGISTERED = "registered", _("Registrado")
    TRANSMITTING = "transmitting", _("Entregando al servidor")
    ACCEPTED = "accepted", _("Aceptado por el servidor")
    RETRY = "retry", _("Se reintenta")
    FAILED = "failed", _("Fallido")
    IN_DOUBT = "in_doubt", _("En duda")
    SETTLED = "settled", _("Duda resuelta")
    READDRESSED = "readdressed", _("Correo corregido")
    EXCLUDED = "excluded", _("Excluido")
    WITHDRAWN = "withdrawn", _("Retirado")
    REQUEUED = "requeued", _("Vuelve a la cola")
    # What came back after its server had taken it.
    DELAYED = "delayed", _("Demorado")
    RELAYED = "relayed", _("Pasó a otro servidor")
    DELIVERED = "delivered", _("Entregado en su buzón")
    BOUNCED = "bounced", _("Rebotado")
    COMPLAINED = "complained", _("Marcado como spam")
    UNSUBSCRIBED = "unsubscribed", _("Pidió no recibir más")  # by its link, or in the list of its provider
    OPENED = "opened", _("Abierto por un programa")  # a scanner, or a mail program that loads pictures by itself
    VIEWED = "viewed", _("Visto")  # by a person
    REPLIED = "replied", _("Respondido")
    AUTO_REPLIED = "auto_reply", _("Respuesta automática")
    CONFIRMED = "confirmed", _("Recibido conforme")
    REMARKED = "remarked", _("Tiene una observación")
    DISOWNED = "disowned", _("Dice que no es suyo")
    # What a clerk did with the link that it carries.
    LINK_REVOKED = "link_revoked", _("Enlace revocado")
    LINK_ALLOWED = "link_allowed", _("Enlace permitido de nuevo")


CAME_BACK = (
    *(EventKind.DELAYED, EventKind.RELAYED, EventKind.DELIVERED, EventKind.BOUNCED, EventKind.COMPLAINED),
    *(EventKind.UNSUBSCRIBED, EventKind.OPENED, EventKind.REPLIED, EventKind.AUTO_REPLIED),
    *(EventKind.VIEWED, EventKind.CONFIRMED, EventKind.REMARKED, EventKind.DISOWNED),
)
ANSWERS = (EventKind.ACCEPTED, EventKind.RETRY, EventKind.FAILED, EventKind.IN_DOUBT)
"""What a server answered while the mail was handed over, or that it did not."""
_ANSWERED = models.Q(kind__in=ANSWERS)
_LOST = models.Q(kind__in=[EventKind.BOUNCED, EventKind.COMPLAINED])


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def came_back(self) -> Self:
        """What servers, providers and people said after its server had taken it."""
        return self.filter(kind__in=CAME_BACK)

    def answered(self) -> Self:
        return self.filter(_ANSWERED)

    def lost(self) -> Self:
        """What came back for good, after its server had taken it."""
        return self.filter(_LOST)


class Event(models.Model):
    """What happened to a delivery, in order. Append-only: a trigger refuses to change or delete a row."""

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="events", db_constraint=False, db_index=False
    )
    mailing_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=EventKind)
    reason = models.CharField(max_length=60, blank=True)
    reply_code = models.PositiveSmallIntegerField(null=True)
    reply = models.CharField(max_length=500, blank=True)
    until = models.DateTimeField(null=True)
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("delivery", "at", name="event_of_delivery"),
            models.Index(
                fields=["mailing_id", "-id"], condition=_ANSWERED, name="event_answered"
            ),  # the log of a sending
            models.Index("company", "at", condition=_LOST, name="event_lost"),  # notices.py
        ]
