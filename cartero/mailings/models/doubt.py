from typing import Self

from django.db import models

from cartero.companies.models import Company
from cartero.mailings.models.delivery import Delivery


class DoubtQuerySet(models.QuerySet["Doubt"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class Doubt(models.Model):
    """How far the search for evidence of a delivery in doubt has come. Gone as soon as that is settled."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="doubt")
    since = models.DateTimeField()
    look_at = models.DateTimeField(null=True)  # when it is looked for in the Sent folder; null: no more
    looked_at = models.DateTimeField(null=True)  # when it last was
    absent_from = models.CharField(max_length=200, blank=True)  # the folder in which it was not, then
    left_at = models.DateTimeField(null=True)  # since when only a person, or evidence, settles it

    objects = DoubtQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("look_at", condition=models.Q(look_at__isnull=False), name="doubt_to_look"),  # doubts.py
        ]
