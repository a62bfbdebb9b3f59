from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.mailings.models.delivery import Delivery


class AnswerKind(models.TextChoices):
    """What who received a mail says of it: on its page, by its link to unsubscribe, or to her provider. The values are
    those of the events that tell it."""

    CONFIRMED = "confirmed", _("Recibido conforme")
    REMARKED = "remarked", _("Tiene una observación")
    DISOWNED = "disowned", _("Dice que no es suyo")
    UNSUBSCRIBED = "unsubscribed", _("Pidió no recibir copias ni recordatorios")
    COMPLAINED = "complained", _("Marcó el correo como spam")


_WAITING = Q(attended_at__isnull=True) & ~Q(kind=AnswerKind.CONFIRMED)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def waiting(self) -> Self:
        """Those that ask for a person of the company: *Recibí conforme* asks for nothing."""
        return self.filter(_WAITING)

    def attended(self) -> Self:
        return self.filter(attended_at__isnull=False)


class Answer(models.Model):
    """An answer to a mail, and whether somebody of the company has attended to it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=12, choices=AnswerKind)
    text = models.TextField(blank=True)  # hers, as she wrote it
    address = models.CharField(max_length=254, blank=True)  # the one that is not hers, or gets no more
    proposed = models.CharField(max_length=254, blank=True)  # the right one, if she knows it
    at = models.DateTimeField()
    attended_at = models.DateTimeField(null=True)
    attended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["company", "-id"], condition=_WAITING, name="answer_waiting"),  # answers.waiting
            models.Index(
                fields=["company", "-id"], condition=Q(attended_at__isnull=False), name="answer_attended"
            ),  # its page
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_refusal(self) -> bool:
        """Whether she wants no copies and reminders."""
        return self.kind in (AnswerKind.UNSUBSCRIBED, AnswerKind.COMPLAINED)
