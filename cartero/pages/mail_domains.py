"""What a form says of addresses whose domain takes no mail."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cartero.transport import mail_domains


def refuse(emails: Collection[str]) -> None:
    """Asks for the domains of checked addresses, where there is a network. Raises ValidationError."""
    dead = mail_domains.refusing(domain_of(email) for email in emails)
    problems = [why(email) for email in emails if domain_of(email) in dead]
    if problems:
        raise ValidationError(problems)


def why(email: str) -> str:
    """The sentence for an address of such a domain."""
    facts = {"address": email, "domain": domain_of(email)}
    return _("«%(address)s» no es un correo válido: el dominio %(domain)s no recibe correo") % facts


def domain_of(email: str) -> str:
    return email.rpartition("@")[2]
