from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices.states import FileRole, InvoiceKind, MailStatus
from cartero.parties.models import Party


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class Invoice(models.Model):
    """A document of sale. What lists filter and mailings select by are columns; the whole is in its `content`."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(_("tipo"), max_length=12, choices=InvoiceKind)
    type_code = models.CharField(max_length=4, blank=True)
    number = models.CharField(_("número"), max_length=60)
    prefix = models.CharField(_("prefijo"), max_length=20, blank=True)
    sequence = models.BigIntegerField(_("consecutivo"), null=True)
    uuid = models.CharField("CUFE", max_length=96, blank=True)
    issue_date = models.DateField(_("fecha"))
    due_date = models.DateField(_("vencimiento"), null=True)
    period = models.DateField(_("período"))  # first day of the month that is billed
    currency = models.CharField(max_length=3, default="COP")
    payable_amount = models.DecimalField(_("total"), max_digits=21, decimal_places=6)
    balance = models.DecimalField(_("saldo"), max_digits=21, decimal_places=6, null=True)
    environment = models.CharField(max_length=1, blank=True)
    validation_code = models.CharField(max_length=4, blank=True)  # DIAN's answer: 02, 04, or none
    customer_emails = ArrayField(models.CharField(max_length=254), default=list)  # as the document states them
    mail_status = models.CharField(
        _("estado de envío"),
        max_length=10,
        choices=MailStatus,
        default=MailStatus.UNSENT,
    )
    mail_reason = models.CharField(max_length=60, blank=True)
    mail_at = models.DateTimeField(null=True)
    search_key = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "number"], name="invoice_once"),
            models.UniqueConstraint(fields=["company", "id"], name="invoice_of_company"),
        ]
        indexes = [
            # the list of a period; a document without sequence comes first, so that its pages need no null
            models.Index("company", "period", Coalesce("sequence", 0), "id", name="invoice_in_order"),
            models.Index("company", "period", "mail_status", name="invoice_by_status"),
            models.Index("company", "prefix", "sequence", name="invoice_by_number"),
            models.Index("company", "issue_date", name="invoice_by_date"),
            models.Index("party", "issue_date", name="invoice_of_party"),
            GinIndex(OpClass("search_key", "gin_trgm_ops"), name="invoice_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def owed(self) -> Decimal:
        """The balance where the accounting program gave one, else the total."""
        return self.payable_amount if self.balance is None else self.balance


class InvoiceContent(models.Model):
    """The whole of a document (`InvoiceData` as JSON). Apart, so that changing a status never rewrites it."""

    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, primary_key=True, related_name="content")
    data = models.JSONField()


class InvoiceFileQuerySet(models.QuerySet["InvoiceFile"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class InvoiceFile(models.Model):
    """A file as it was received, byte for byte, kept once by its SHA-256."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=10, choices=FileRole)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InvoiceFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "role", "sha256"], name="invoice_file_once")]
        indexes = [models.Index("company", "sha256", name="invoice_file_by_hash")]

    def __str__(self) -> str:
        return self.name


class InvoiceEventQuerySet(models.QuerySet["InvoiceEvent"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class InvoiceEvent(models.Model):
    """An event of the buyer (030 to 034) that names one of our documents. Shown; acceptance is never computed."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.CASCADE, related_name="events")
    code = models.CharField(max_length=4)
    number = models.CharField(max_length=60)
    reference = models.CharField(max_length=60)  # the number of the document that it is about
    reference_uuid = models.CharField(max_length=96, blank=True)
    issue_date = models.DateField(null=True)
    sender_name = models.CharField(max_length=450, blank=True)
    description = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InvoiceEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "sha256"], name="invoice_event_once")]
        indexes = [models.Index("company", "reference", name="invoice_event_by_reference")]
