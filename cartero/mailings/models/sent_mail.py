from typing import Self

from django.db import models

from cartero.companies.models import Company
from cartero.mailings.models.delivery import Delivery


class SentMailQuerySet(models.QuerySet["SentMail"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class SentMail(models.Model):
    """The exact mail as it went, compressed in the storage, because its company chose so."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="sent_mail")
    stored_sha256 = models.CharField(max_length=64)  # of the compressed bytes; the mail's own is in the proof
    size = models.PositiveIntegerField()  # of the compressed bytes
    kept_at = models.DateTimeField(auto_now_add=True)

    objects = SentMailQuerySet.as_manager()
