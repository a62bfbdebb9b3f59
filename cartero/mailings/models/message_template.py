from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.mailings.states import MailingKind


class MessageTemplateQuerySet(models.QuerySet["MessageTemplate"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class MessageTemplate(models.Model):
    """A saved message that a new mailing may start from."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("nombre"), max_length=60)
    kind = models.CharField(_("tipo"), max_length=10, choices=MailingKind, default=MailingKind.DELIVERY)
    subject = models.CharField(_("asunto"), max_length=200, blank=True)
    message_html = models.TextField(_("mensaje"))
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="template_named_once"),
        ]

    def __str__(self) -> str:
        return self.name
