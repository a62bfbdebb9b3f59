"""Whether the values of a row fit its fields: what a form checks, for rows that come by another door."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError


class Unfit(CarteroError):
    """A value that its field does not take: missing, too long, too large."""

    text = _("%(field)s: %(why)s")


def check(row: Model) -> None:
    """Raises Unfit for the first field whose value could not be stored, or is missing. No query."""
    fields = row._meta.concrete_fields
    try:
        row.clean_fields(exclude={field.name for field in fields if field.is_relation or _is_untouched(field, row)})
    except ValidationError as error:
        name, why = next(iter(error.message_dict.items()))
        label = next(field.verbose_name for field in fields if field.name == name)
        raise Unfit(field=capfirst(label), why=why[0]) from error


def _is_untouched(field: "Field[Any, Any]", row: Model) -> bool:
    """What a field holds by itself fits, even where a form would ask for more."""
    value = getattr(row, field.attname)
    return (field.null and value is None) or (field.has_default() and value == field.get_default())


def line(text: str) -> str:
    """`text` as one line without signs that do not show: it will stand in headers and in documents."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
