from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cartero.companies.models import Company
from cartero.invoices.models import Invoice
from cartero.mailings.models.mailing import Mailing
from cartero.mailings.states import DeliveryStatus, Rehearsal
from cartero.parties.models import Party

_PENDING = Q(status=DeliveryStatus.PENDING)
_IN_DOUBT = Q(status=DeliveryStatus.IN_DOUBT)
# What the API of a provider answers to a mail that it takes, and no SMTP server: `reply` is its own id of the mail.
TAKEN_BY_API = (200, 201, 202)
_BY_API = Q(reply_code__in=TAKEN_BY_API)
_LEASED = Q(status__in=[DeliveryStatus.CLAIMED, DeliveryStatus.TRANSMITTING])


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def of_mailing(self, mailing: Mailing) -> Self:
        """From its first on: the planner, which cannot know that they stand together, would look for it among all ids.

        A range of one sending has no order but that of `delivery_in_order`. One query.
        """
        there = self.model.objects.filter(mailing__gte=mailing.pk, mailing__lte=mailing.pk).order_by("mailing_id", "id")
        first = there.values_list("pk", flat=True)[:1]
        return self.filter(mailing=mailing, pk__gte=next(iter(first), 0))

    def in_doubt(self) -> Self:
        return self.filter(status=DeliveryStatus.IN_DOUBT)

    def called(self, provider_id: str) -> Self:
        """Those that a provider's API took under that name of its own."""
        names = (provider_id, f"<{provider_id}>")
        replies = [f"{code} {name}" for code in TAKEN_BY_API for name in names]
        return self.filter(_BY_API, reply__in=replies)

    def left_out(self) -> Self:
        return self.filter(status=DeliveryStatus.SKIPPED).select_related("party")


class Delivery(models.Model):
    """One mail of a mailing, or one document left out of it with its reason. Only `outcomes` writes its status."""

    # The keys that take the company along (0002_beyond_models.sql) hold these too; the indexes below begin with them.
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False, db_index=False
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="deliveries", db_constraint=False, db_index=False
    )
    status = models.CharField(max_length=12, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    reason = models.CharField(max_length=60, blank=True)  # a LeftOut, or a reason of transport.replies
    reason_detail = models.CharField(max_length=500, blank=True)
    to = ArrayField(models.CharField(max_length=254), default=list)  # the addresses as they were then
    message_id = models.CharField(max_length=255, blank=True)
    resend_of = models.ForeignKey(  # the first of its kin; 0002_beyond_models.sql holds it
        "self", null=True, on_delete=models.PROTECT, related_name="resends", db_constraint=False, db_index=False
    )
    part = models.PositiveSmallIntegerField(default=1)  # of the mails of one tercero, when too large for one
    document_count = models.PositiveIntegerField(default=1)

    # The lease: which worker's turn it is, until when, by the database's clock.
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    claims = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # transmissions that a server answered or broke
    first_refused_at = models.DateTimeField(null=True)

    reply_code = models.PositiveSmallIntegerField(null=True)
    reply = models.CharField(max_length=500, blank=True)  # the server's own words, its queue id among them
    accepted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)  # first, by a person
    link_revoked_at = models.DateTimeField(null=True)  # its link leads nowhere, `revoking.py`
    size = models.PositiveIntegerField(null=True)  # bytes of the mail
    attached = models.JSONField(null=True)  # name, size, SHA-256 of each attachment that went
    proof = models.JSONField(null=True)  # of what went: `making.Made.proof`, its recipe, and how it was protected (TLS)
    rehearsal = models.CharField(max_length=10, choices=Rehearsal, default=Rehearsal.DUE)
    rehearsal_at = models.DateTimeField(null=True)
    rehearsal_reason = models.CharField(max_length=60, blank=True)
    rehearsal_detail = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    invoices = models.ManyToManyField(Invoice, through="DeliveryInvoice", related_name="deliveries")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message_id"],
                condition=~Q(message_id=""),
                name="delivery_message_id",
            ),
            models.UniqueConstraint(fields=["company", "id"], name="delivery_of_company"),
        ]
        indexes = [
            models.Index("mailing", "retry_at", "id", condition=_PENDING, name="delivery_due"),  # claim.sql
            models.Index("lease_until", condition=_LEASED, name="delivery_leased"),  # expire.sql
            models.Index("mailing", "status", "id", name="delivery_by_status"),
            models.Index("mailing", "id", name="delivery_in_order"),  # its lists; to_rehearse.sql
            models.Index(
                "mailing", "reason", "id", condition=~Q(reason=""), name="delivery_by_reason"
            ),  # of one reason
            models.Index("party", "id", name="delivery_by_party"),  # the newest of a tercero
            models.Index("company", "reply", condition=_BY_API, name="delivery_at_provider"),  # recording.py
            models.Index("resend_of", condition=Q(resend_of__isnull=False), name="delivery_resends"),
            models.Index("company", "id", condition=_IN_DOUBT, name="delivery_in_doubt"),  # En duda; open_doubts.sql
        ]

    @property
    def is_sent(self) -> bool:
        return self.accepted_at is not None


class DeliveryInvoice(models.Model):
    pk = models.CompositePrimaryKey("delivery_id", "invoice_id")
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="delivery_invoices", db_constraint=False, db_index=False
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="delivery_invoices", db_constraint=False, db_index=False
    )
    position = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["invoice", "-delivery"], name="delivery_of_invoice")]


class RenderedDocument(models.Model):
    """A PDF made for a mailing, kept from its Ensayo until it is finished. It can be made again bit for bit."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="rendered")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "invoice"], name="rendered_once")]
