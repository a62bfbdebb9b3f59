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
    IN_DOUBT = "in_doubt", _("Por revisar")
    SETTLED = "settled", _("Duda resuelta")
    READDRESSED = "readdressed", _("Correo corregido")
    EXCLUDED = "excluded", _("Excluido")
    WITHDRAWN = "withdrawn", _("Retirado")
    REQUEUED = "requeued", _("Vuelve a la cola")


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class Event(models.Model):
    """What happened to a delivery, in order. Append-only: a trigger refuses to change or delete a row."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="events")
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
            models.Index(fields=["mailing_id", "-id"], name="event_of_mailing"),
        ]
