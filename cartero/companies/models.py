from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartero.companies.roles import Role
from cartero.platform import crypto, ids


class Country(models.TextChoices):
    COLOMBIA = "co", _("Colombia")
    GENERIC = "generic", _("Otro país")


class DoubtRule(models.TextChoices):
    """What is done with a mail in doubt for which no evidence was found."""

    REVIEW = "review", _("Marcar para revisar")
    RESEND = "resend", _("Reenviar")


def a_link_key() -> str:
    """A fresh one, sealed: with it the links of a company's mails are made."""
    return crypto.seal(ids.token() + ids.token())


class Company(models.Model):
    """The tenant: who issues the documents (OFE). Its look (trade name, colour, logo) goes into mails and PDFs."""

    tax_id = models.CharField(_("NIT"), max_length=20, unique=True)
    check_digit = models.CharField(_("dígito de verificación"), max_length=1, blank=True)
    name = models.CharField(_("razón social"), max_length=200)
    trade_name = models.CharField(_("nombre comercial"), max_length=200, blank=True)
    country = models.CharField(_("país"), max_length=10, choices=Country, default=Country.COLOMBIA)
    timezone = models.CharField(max_length=40, default="America/Bogota")
    address = models.CharField(_("dirección"), max_length=200, blank=True)
    city = models.CharField(_("ciudad"), max_length=100, blank=True)
    phone = models.CharField(_("teléfono"), max_length=60, blank=True)
    email = models.EmailField(_("correo para respuestas y eventos"), max_length=254, blank=True)
    color = models.CharField(_("color"), max_length=7, default="#2548b0")
    logo_sha256 = models.CharField(max_length=64, blank=True)
    doubt_rule = models.CharField(
        _("correos en duda"),
        max_length=10,
        choices=DoubtRule,
        default=DoubtRule.REVIEW,
        db_default=DoubtRule.REVIEW,
    )
    keeps_mails = models.BooleanField(_("guarda los correos enviados"), default=False, db_default=False)
    # What who receives a mail finds behind its link.
    has_links = models.BooleanField(_("enlaces en los correos"), default=True, db_default=True)
    link_days = models.PositiveSmallIntegerField(_("días que sirve un enlace"), default=180, db_default=180)
    has_pixel = models.BooleanField(_("imagen que avisa la apertura"), default=False, db_default=False)
    pay_url = models.CharField(_("página de pagos"), max_length=500, blank=True, db_default="")
    link_key_sealed = models.TextField(default=a_link_key, db_default="", editable=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def known_as(self) -> str:
        return self.trade_name or self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class Membership(models.Model):
    """What a user may do in a company."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("rol"), max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class NoticeKind(models.TextChoices):
    """Mail of Cartero's own about the work of a company."""

    FINISHED = "finished", _("Resumen al terminar un envío")
    BOUNCED = "bounced", _("Lo que rebotó, una vez al día")
    REFUSED = "refused", _("Una cuenta de correo dejó de servir")
    BATCH = "batch", _("Una tanda espera un visto bueno")


class NoticeQuerySet(models.QuerySet[Any]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class MutedNotice(models.Model):
    """A kind of notice that a person does not want of a company; without a row she gets it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "user", "kind"], name="notice_muted_once")]


class NoticeSent(models.Model):
    """That a person was told of an occasion, which `key` names; `until` is the last event that it told of."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind)
    key = models.CharField(max_length=60)
    until = models.BigIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "user", "kind", "key"], name="notice_sent_once")]


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class AuditEntry(models.Model):
    """Who did what and when (UTC). Append-only: a trigger refuses to change or delete a row."""

    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    noun = models.CharField(max_length=40, blank=True)
    noun_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("company", "noun", "noun_id", "at", name="audit_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.verb} {self.noun} {self.noun_id}"
