from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company

FINAL_CONSUMER = "222222222222"


class DeliveryForm(models.TextChoices):
    """What a buyer gets (Res. 227 art. 1.5.1.5.5.1): the container with its PDF, or the PDF alone where he agreed."""

    CONTAINER = "container", _("XML y PDF en un ZIP")
    PDF = "pdf", _("Solo el PDF")


class AddressState(models.TextChoices):
    PENDING = "pending", _("Pendiente")  # never tried
    VALIDATED = "validated", _("Validado")  # accepted by its server
    DOUBTFUL = (
        "doubtful",
        _("Dudoso"),
    )  # soft bounces, odd domain, likely a typing error
    BOUNCED = "bounced", _("Rebotado")
    INVALID = "invalid", _("Inválido")  # syntax, or a domain without mail server
    NOT_THEIRS = "not_theirs", _("No es suyo")  # somebody pressed "No soy yo"
    REPLACED = "replaced", _("Reemplazado")  # a clerk put another in its place


ALLOWS_SENDING = frozenset({AddressState.PENDING, AddressState.VALIDATED, AddressState.DOUBTFUL})
# Something is wrong with it, and a clerk can mend it.
TO_MEND = (AddressState.BOUNCED, AddressState.INVALID, AddressState.NOT_THEIRS, AddressState.DOUBTFUL)


class AddressRole(models.TextChoices):
    INVOICES = "facturas", _("Facturas")
    RECEIVABLES = "cartera", _("Cartera")
    COPY = "copia", _("Copia")


class AddressOrigin(models.TextChoices):
    DOCUMENT = "document", _("Tomado de un documento")
    TYPED = "typed", _("Escrito o importado por la empresa")
    MAIL = "mail", _("Tomado de un correo que salió")  # who read it asked for no more


class GroupKind(models.TextChoices):
    GROUP = "group", _("Grupo")
    ZONE = "zone", _("Zona")


class GroupQuerySet(models.QuerySet["Group"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class Group(models.Model):
    """A class of terceros (inquilinos, propietarios…) or a zone (a route, a tower), named by the company."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=GroupKind, default=GroupKind.GROUP)
    name = models.CharField(_("nombre"), max_length=60)

    objects = GroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "name"], name="group_named_once"),
            models.UniqueConstraint(fields=["company", "id"], name="group_of_company"),
        ]

    def __str__(self) -> str:
        return self.name


class PartyQuerySet(models.QuerySet["Party"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def final_consumer(self) -> Self:
        return self.filter(tax_id=FINAL_CONSUMER)


class Party(models.Model):
    """A tercero: anyone the company bills. `tax_id` is digits (or the passport) without check digit."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    tax_id = models.CharField(_("NIT o cédula"), max_length=40)
    id_type = models.CharField(max_length=4, blank=True)
    check_digit = models.CharField(max_length=1, blank=True)
    name = models.CharField(_("nombre"), max_length=450)
    trade_name = models.CharField(max_length=450, blank=True)
    phone = models.CharField(_("teléfono"), max_length=100, blank=True)
    city = models.CharField(_("ciudad"), max_length=100, blank=True)
    delivery_form = models.CharField(
        _("forma de entrega"),
        max_length=10,
        choices=DeliveryForm,
        default=DeliveryForm.CONTAINER,
    )
    groups = models.ManyToManyField(Group, through="PartyGroup", related_name="parties")
    # Lower case, without accents: no server here has a Spanish collation, and one key serves sorting and searching.
    search_key = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "tax_id"], name="party_once"),
            models.UniqueConstraint(fields=["company", "id"], name="party_of_company"),
        ]
        indexes = [
            models.Index("company", "search_key", "id", name="party_by_name"),
            GinIndex(OpClass("search_key", "gin_trgm_ops"), name="party_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_final_consumer(self) -> bool:
        """*Consumidor final*: many people under one number, so its addresses are those of each document."""
        return self.tax_id == FINAL_CONSUMER


class PartyGroup(models.Model):
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="party_groups")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="party_groups")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "group"], name="party_in_group_once")]
        indexes = [models.Index("group", "party", name="party_of_group")]


class AddressQuerySet(models.QuerySet["Address"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def usable(self) -> Self:
        return self.filter(state__in=ALLOWS_SENDING)

    def to_mend(self) -> Self:
        return self.filter(state__in=TO_MEND)


class Address(models.Model):
    """An e-mail address of a tercero, what it is for, and what is known of it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="addresses")
    email = models.CharField(_("correo"), max_length=254)
    roles = ArrayField(models.CharField(max_length=10, choices=AddressRole), default=list)
    is_principal = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, choices=AddressOrigin, default=AddressOrigin.TYPED)
    state = models.CharField(max_length=12, choices=AddressState, default=AddressState.PENDING)
    state_reason = models.CharField(max_length=300, blank=True)
    state_at = models.DateTimeField(auto_now_add=True)
    proposal = models.CharField(max_length=254, blank=True)
    unsubscribed_at = models.DateTimeField(null=True)  # *baja*: no copies and reminders; legal deliveries do go
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "email"], name="address_once"),
            models.UniqueConstraint(
                fields=["party"],
                condition=models.Q(is_principal=True),
                name="address_principal",
            ),
        ]
        indexes = [
            models.Index("company", "email", name="address_by_email"),
            models.Index(
                "company", OpClass(Upper("email"), name="text_pattern_ops"), name="address_begins"
            ),  # as typed so far
            models.Index(  # Por corregir
                fields=["company", "state_at", "id"],
                include=["state"],
                condition=models.Q(state__in=TO_MEND),
                name="address_to_mend",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_usable(self) -> bool:
        return self.state in ALLOWS_SENDING
