"""The saved messages of a company: made, changed, copied, taken away and brought back. Each is in the trail."""

from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company
from cartero.mailings.errors import MailingError
from cartero.mailings.models import MessageTemplate

FIELDS = ("name", "kind", "subject", "message_html")


class NameTaken(MailingError):
    """The company has a template of that name."""

    text = gettext_lazy("Ya hay una plantilla llamada «%(name)s». Póngale otro nombre.")


@transaction.atomic
def save(template: MessageTemplate, by: User) -> None:
    """`template` is new or changed, its message clean. Raises NameTaken."""
    verb = "create" if template.pk is None else "change"
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise NameTaken(name=template.name) from error
    audit.record(template, verb, by, name=template.name)


def duplicate(template: MessageTemplate, by: User) -> MessageTemplate:
    """The same message under a name that is free."""
    taken = set(MessageTemplate.objects.of(template.company).values_list("name", flat=True))
    copy = MessageTemplate(company=template.company, kind=template.kind)
    copy.subject, copy.message_html = template.subject, template.message_html
    copy.name = next(name for name in _names(template.name) if name not in taken)
    save(copy, by)
    return copy


@transaction.atomic
def delete(template: MessageTemplate, by: User) -> dict[str, Any]:
    """What `restore` needs to bring it back. Sendings that began with it keep their message."""
    audit.record(template, "delete", by, name=template.name)
    kept = {name: getattr(template, name) for name in FIELDS}
    template.delete()
    return kept


def restore(company: Company, kept: dict[str, Any], by: User) -> MessageTemplate:
    """Undoes `delete`. Raises NameTaken where another one has its name by now."""
    template = MessageTemplate(company=company, **{name: kept[name] for name in FIELDS})
    save(template, by)
    return template


def _names(name: str) -> Iterator[str]:
    longest = MessageTemplate._meta.get_field("name").max_length or 0
    number = 1
    while True:
        ending = _("(copia)") if number == 1 else _("(copia %(number)s)") % {"number": number}
        yield f"{name[: longest - len(ending) - 1]} {ending}"
        number += 1
