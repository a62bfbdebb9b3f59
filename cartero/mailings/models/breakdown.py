from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.mailings.models.mailing import Mailing

OTHERS = "*"  # the key of all domains of a sending behind its largest ones
UNSEEN = "never"  # the key of what arrived and nobody has seen
# The first of the days of each group of *días hasta verse*, as its key.
DAYS = ("0", "1", "2", "3", "4", "8", "16", "31")


class Facet(models.TextChoices):
    """By what the mails of a sending are told apart."""

    REASON = "reason", _("Motivo")
    DOMAIN = "domain", _("Dominio")
    SEEN = "seen", _("Días hasta verse")


class BreakdownQuerySet(models.QuerySet["Breakdown"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class Breakdown(models.Model):
    """How many mails of a started sending came out how, for one reason, domain or number of days until they were seen.

    Each is in exactly one of arrived, returned, failed, in_doubt, waiting, left_out; `confirmed` and `seen` are among
    those that arrived. `breakdowns.refresh` counts a sending anew after something in it changed (`Recount`).
    """

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="breakdowns", db_constraint=False, db_index=False
    )
    month = models.DateField()  # in which the sending was started, on the clocks of its company
    facet = models.CharField(max_length=10, choices=Facet)
    key = models.CharField(max_length=254)
    mails = models.IntegerField()
    arrived = models.IntegerField()
    confirmed = models.IntegerField()
    seen = models.IntegerField()
    returned = models.IntegerField()
    failed = models.IntegerField()
    in_doubt = models.IntegerField()
    waiting = models.IntegerField()
    left_out = models.IntegerField()
    counted_at = models.DateTimeField()

    objects = BreakdownQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "facet", "key"], name="breakdown_once")]
        indexes = [models.Index("company", "facet", "month", name="breakdown_of_month")]


class RecountQuerySet(models.QuerySet["Recount"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class Recount(models.Model):
    """A sending in which something changed since it was counted. A trigger of the deliveries' table appends it."""

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    at = models.DateTimeField()

    objects = RecountQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("company", "at", name="recount_of_company")]
