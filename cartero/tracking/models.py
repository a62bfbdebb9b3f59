from typing import Self

from django.db import models
from django.db.models import Q

from cartero.companies.models import Company
from cartero.mailings.models import Delivery
from cartero.platform import crypto
from cartero.tracking.feedback import Kind
from cartero.transport.models import MailAccount
from cartero.transport.ways import Way

_SOFT = Q(kind=Kind.BOUNCED.value, is_hard=False)
_STRANGE = Q(delivery__isnull=True)
_UNREVIEWED = _STRANGE & Q(is_reviewed=False)


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def strange(self) -> Self:
        """Of none of the account's mails: they changed nothing."""
        return self.filter(_STRANGE)

    def unreviewed(self) -> Self:
        """Those of them that no person has looked at."""
        return self.filter(_UNREVIEWED)

    def soft_bounces(self) -> Self:
        return self.filter(_SOFT)


class Receipt(models.Model):
    """One thing that came back for an account's mails, dealt with once however often it comes. Kept for a while."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)  # SHA-256 of what makes it the same thing again
    kind = models.CharField(max_length=12)
    address = models.CharField(max_length=254, blank=True)
    is_hard = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)
    is_reviewed = models.BooleanField(default=False)  # by a person, where it is of none of ours
    at = models.DateTimeField()

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="receipt_once")]
        indexes = [
            models.Index("company", "address", "at", condition=_SOFT, name="receipt_soft"),  # recording.py
            models.Index("account", "at", condition=_STRANGE, name="receipt_strange"),
            models.Index("company", "account", condition=_UNREVIEWED, name="receipt_unreviewed"),  # Inicio
            models.Index("at", name="receipt_by_age"),  # recording.forget
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"


class Webhook(models.Model):
    """Where the provider of an account calls when it knows what became of a mail.

    Its address holds a key that nobody can guess, and whoever calls proves with `secret` that it is the provider: a
    password of ours, or the key with which that provider signs. Without a secret nobody is believed.
    """

    account = models.OneToOneField(MailAccount, on_delete=models.CASCADE, related_name="webhook")
    way = models.CharField(max_length=10, choices=Way)  # of the account, then: another provider needs another secret
    key_sha256 = models.CharField(max_length=64, unique=True)
    key_sealed = models.TextField()
    secret_sealed = models.TextField(blank=True)
    heard_at = models.DateTimeField(null=True)  # the last call that was believed
    refused_at = models.DateTimeField(null=True)  # and that was not

    def __str__(self) -> str:
        return f"{self.way} {self.account_id}"

    @property
    def key(self) -> str:
        """Raises crypto.SealBroken."""
        return crypto.unseal(self.key_sealed)

    @property
    def secret(self) -> str:
        """Raises crypto.SealBroken."""
        return crypto.unseal(self.secret_sealed)
