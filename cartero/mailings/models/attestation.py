from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices.models import Invoice
from cartero.mailings.models.mailing import Mailing
from cartero.parties.models import Party


class AttestationKind(models.TextChoices):
    """What a constancia is about."""

    INVOICE = "invoice", _("Un documento")
    PARTY = "party", _("Un tercero")
    MAILING = "mailing", _("Un envío")


class AttestationQuerySet(models.QuerySet["Attestation"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def issued(self) -> Self:
        return self.exclude(pdf_sha256="")


class Attestation(models.Model):
    """A constancia de envío that was issued. Whoever holds its code has it confirmed; only the code's hash is here."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("número"))  # counts up in its company
    kind = models.CharField(max_length=10, choices=AttestationKind)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="attestations")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="attestations")
    mailing = models.ForeignKey(Mailing, null=True, on_delete=models.PROTECT, related_name="attestations")
    since = models.DateField(null=True)  # of a tercero: the days it is about, both included
    until = models.DateField(null=True)
    part = models.PositiveIntegerField(default=1)  # a long one comes in parts
    parts = models.PositiveIntegerField(default=1)
    deliveries = ArrayField(models.BigIntegerField(), default=list)  # that it attests, in their order
    documents = models.PositiveIntegerField(default=0)
    code_sha256 = models.CharField(max_length=64, unique=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)  # empty until it is drawn
    size = models.PositiveIntegerField(default=0)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = AttestationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="attestation_numbered_once")]

    def __str__(self) -> str:
        return str(self.number)
