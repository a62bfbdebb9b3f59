from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices import kinds
from cartero.invoices.states import UNDELIVERED, FileRole, InvoiceKind, MailStatus
from cartero.parties.models import Party

_UNDELIVERED = models.Q(mail_status__in=UNDELIVERED)


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def undelivered(self) -> Self:
        """What came back, or never left."""
        return self.filter(_UNDELIVERED)


class Invoice(models.Model):
    """A document of sale. What lists filter and mailings select by are columns; the whole is in its `content`."""

    # The key that takes the company along (0002_beyond_models.sql) holds both; the indexes below begin with them.
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="invoices", db_constraint=False, db_index=False
    )
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
            # the same of one state, and how many there are
            models.Index("company", "period", "mail_status", Coalesce("sequence", 0), "id", name="invoice_in_state"),
            models.Index("company", "prefix", "sequence", name="invoice_by_number"),
            models.Index("company", "issue_date", "id", name="invoice_by_day"),  # the list of all months
            models.Index("company", "mail_status", "issue_date", "id", name="invoice_in_state_by_day"),  # of one state
            models.Index("party", "issue_date", name="invoice_of_party"),
            models.Index(  # why, and of whom
                fields=["company", "period", "mail_status", "mail_reason"],
                include=["party"],
                condition=_UNDELIVERED,
                name="invoice_returned",
            ),
            models.Index("party", condition=_UNDELIVERED, name="invoice_returned_of_party"),
            GinIndex(OpClass("search_key", "gin_trgm_ops"), name="invoice_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_usual(self) -> bool:
        """Whether it goes without saying what it is."""
        return self.kind == kinds.USUAL

    @property
    def owed(self) -> Decimal:
        """The balance where the accounting program gave one, else the total."""
        return self.payable_amount if self.balance is None else self.balance


class PeriodTallyQuerySet(models.QuerySet["PeriodTally"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class PeriodTally(models.Model):
    """How many documents of a month are in a state, and what they come to: the sum of its rows.

    A trigger of the documents' table appends what each statement changes, so that nobody waits for a row of sums;
    `tallies.merge` makes one row of many. Deleting a company deletes its documents too, whence no constraint.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    period = models.DateField()
    kind = models.CharField(max_length=12, choices=InvoiceKind)
    currency = models.CharField(max_length=3)
    mail_status = models.CharField(max_length=10, choices=MailStatus)
    documents = models.BigIntegerField()
    amount = models.DecimalField(max_digits=27, decimal_places=6)
    is_merged = models.BooleanField()

    objects = PeriodTallyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("company", "period", name="tally_of_period"),
            models.Index("id", condition=models.Q(is_merged=False), name="tally_to_merge"),  # merge.sql
        ]


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
