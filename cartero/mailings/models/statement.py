from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices.models import Invoice
from cartero.parties.models import Group, Party


class StatementRunQuerySet(models.QuerySet["StatementRun"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def unfinished(self) -> Self:
        return self.filter(finished_at__isnull=True)


class StatementRun(models.Model):
    """Account statements that are made together: all of one day, each of one tercero."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    until = models.DateField(_("fecha de corte"))
    since = models.DateField(_("movimientos desde"))
    group = models.ForeignKey(Group, null=True, on_delete=models.SET_NULL, related_name="+")
    parties = ArrayField(models.BigIntegerField(), null=True)  # those that were chosen one by one
    pay_to = models.TextField(_("cómo pagar"), blank=True)
    look = models.JSONField(default=dict)  # of the company, when it was asked for
    prefix = models.CharField(max_length=20)  # of the numbers of its statements, which follow each other
    first = models.BigIntegerField(default=0)
    statements = models.PositiveIntegerField(default=0)  # that were to be made
    left_out = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    amounts = models.JSONField(null=True)  # by currency, what those that were made come to; once it is finished

    objects = StatementRunQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "id"], name="statement_run_of_company")]
        indexes = [
            models.Index(fields=["company", "-created_at"], name="statement_run_latest"),
            models.Index("id", condition=models.Q(finished_at=None), name="statement_run_unfinished"),  # upkeep
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.first}"

    @property
    def last(self) -> int:
        return self.first + self.statements - 1


class StatementState(models.TextChoices):
    DUE = "due", _("Por hacer")
    MADE = "made", _("Hecho")
    FAILED = "failed", _("No se pudo hacer")
    LEFT_OUT = "left_out", _("Por fuera")


class StatementReason(models.TextChoices):
    """Why a tercero of the range gets no statement; written by `mailings_to_state`, or while it is made."""

    NOTHING_OWED = "nothing_owed", _("No debe nada a esa fecha")
    IN_FAVOUR = "in_favour", _("Tiene saldo a su favor")
    SAME = "same", _("Ya tiene un estado de cuenta con ese corte y ese saldo")
    FINAL_CONSUMER = "final_consumer", _("Es el consumidor final: muchas personas bajo un mismo número")
    NOT_DRAWN = "not_drawn", _("No se pudo hacer su PDF")
    NO_LOGO = "no_logo", _("El logo de la empresa no está donde se guardó")
    TAKEN = "taken", _("Ya había un documento con su número")


class StatementQuerySet(models.QuerySet["Statement"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def due(self) -> Self:
        return self.filter(state=StatementState.DUE)


class Statement(models.Model):
    """A tercero in a run: its statement, or why there is none. `amounts` maps a currency to what is owed in it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(StatementRun, on_delete=models.CASCADE, related_name="rows")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="statements")
    state = models.CharField(max_length=10, choices=StatementState)
    reason = models.CharField(max_length=20, blank=True, choices=StatementReason)
    sequence = models.BigIntegerField(null=True)  # behind the prefix of its run
    amounts = models.JSONField(default=dict)
    lease_until = models.DateTimeField(null=True)  # while a worker makes it: claim_statements.sql
    invoice = models.OneToOneField(Invoice, null=True, on_delete=models.CASCADE, related_name="statement")

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "party"], name="statement_once")]
        indexes = [models.Index("run", "state", "id", name="statement_by_state")]

    @property
    def number(self) -> str:
        return f"{self.run.prefix}{self.sequence}"
