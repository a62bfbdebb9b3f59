from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.mailings.states import LIVE, MailingKind, MailingStatus, Rehearsal
from cartero.transport.models import MailAccount


class MailingQuerySet(models.QuerySet["Mailing"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def live(self) -> Self:
        return self.filter(status__in=LIVE)


class Mailing(models.Model):
    """An envío. What it holds was fixed when it was registered; only `lifecycle` writes its status."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("número"))  # counts up in its company
    name = models.CharField(_("nombre"), max_length=200)
    kind = models.CharField(_("tipo"), max_length=10, choices=MailingKind)
    is_grouped = models.BooleanField(default=False)  # one mail a tercero
    status = models.CharField(
        _("estado"),
        max_length=10,
        choices=MailingStatus,
        default=MailingStatus.REGISTERED,
    )
    status_reason = models.CharField(max_length=60, blank=True)  # why Cartero itself stopped it
    status_reply = models.CharField(max_length=500, blank=True)  # the server's own words about that
    period = models.DateField(null=True)
    selection = models.JSONField(default=dict)  # what she chose, as the form had it
    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("asunto"), max_length=200, blank=True)
    business_line = models.CharField(_("línea de negocio"), max_length=100, blank=True)
    message_html = models.TextField(_("mensaje"), blank=True)
    look = models.JSONField(default=dict)  # the company as its mails and PDFs showed it at that moment

    # Counted when registered; what becomes of them is in the tallies.
    documents = models.PositiveIntegerField(default=0)
    deliveries_count = models.PositiveIntegerField(default=0)
    parties = models.PositiveIntegerField(default=0)

    rehearsal = models.CharField(max_length=10, choices=Rehearsal, default=Rehearsal.DUE)
    rehearsed = models.PositiveIntegerField(default=0)
    rehearsed_to = models.PositiveBigIntegerField(default=0)  # the delivery that the Ensayo has reached
    rehearsal_problems = models.PositiveIntegerField(default=0)
    rehearsed_at = models.DateTimeField(null=True)

    scheduled_for = models.DateTimeField(null=True, blank=True)
    resume_at = models.DateTimeField(null=True)  # when what Cartero stopped for a daily limit goes on by itself
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now_add=True)  # of the last move
    finished_at = models.DateTimeField(null=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="mailing_numbered_once"),
            models.UniqueConstraint(fields=["company", "id"], name="mailing_of_company"),
        ]
        indexes = [
            models.Index(
                "status",
                name="mailing_live",
                condition=models.Q(status__in=sorted(LIVE)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.name}"

    @property
    def is_legal(self) -> bool:
        return self.kind == MailingKind.DELIVERY

    @property
    def is_moving(self) -> bool:
        return self.status == MailingStatus.SENDING


class Tally(models.Model):
    """How many deliveries and documents of a mailing are in a state; in shards, so that workers do not wait in line.

    Kept by a trigger of the deliveries' table, in the statement that changes them.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="tallies")
    state = models.CharField(max_length=12)  # a DeliveryStatus; claimed and transmitting count as pending
    shard = models.PositiveSmallIntegerField()
    deliveries = models.IntegerField(default=0)
    documents = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "state", "shard"], name="tally_once")]


class Origin(models.Model):
    """The database these rows were written in, one row: where it is not this one, they came from a backup."""

    system = models.BigIntegerField()  # PostgreSQL's own number for a cluster
    database = models.BigIntegerField()  # and for a database in it


class Pace(models.Model):
    """How many mails were accepted in ten seconds: the curve of the running page. Kept by the same trigger as Tally."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="paces")
    at = models.DateTimeField()  # when the ten seconds began
    shard = models.PositiveSmallIntegerField()
    accepted = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "at", "shard"], name="pace_once")]
