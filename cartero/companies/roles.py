"""What a person may do in a company. Each role may do what the ones before it may."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    READER = "reader", _("Consulta")  # sees everything, changes nothing
    PREPARER = (
        "preparer",
        _("Prepara"),
    )  # imports, corrects addresses, registers and tries sendings
    SENDER = "sender", _("Envía")  # starts, stops, resumes, cancels
    ADMIN = "admin", _("Administra")  # company, mail accounts, templates, users


_RANK = {role: rank for rank, role in enumerate(Role)}


def allows(held: str, needed: Role) -> bool:
    """Whether someone who holds the role `held` may do what asks for `needed`."""
    return _RANK[Role(held)] >= _RANK[needed]
