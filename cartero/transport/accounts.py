"""Mail accounts as the operator sets them from the command line."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cartero.companies import audit
from cartero.companies.models import Company
from cartero.parties import addresses
from cartero.platform.errors import CarteroError
from cartero.transport.models import MailAccount


class BadFromAddress(CarteroError):
    """The address that mails would leave from is none."""

    text = _("La dirección «%(address)s» no sirve para enviar: %(why)s")


class NoSuchAccount(CarteroError):
    """The company has no active account of that name."""

    text = _("No hay una cuenta de correo activa llamada «%(name)s».")


@dataclass(frozen=True, kw_only=True)
class AccountSettings:
    """What the operator says of an account. None for a limit means: none."""

    from_address: str
    host: str
    port: int
    security: str
    from_name: str = ""
    reply_to: str = ""
    username: str = ""
    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    connections: int = 4


@transaction.atomic
def set_by_operator(company: Company, name: str, wanted: AccountSettings, password: str) -> MailAccount:
    """Creates or changes the account `name`. It may be on a loopback or private host: it is the operator's own word.

    Raises BadFromAddress.
    """
    checked = addresses.check(wanted.from_address)
    if isinstance(checked, addresses.Invalid):
        raise BadFromAddress(address=wanted.from_address, why=checked.reason)
    account = MailAccount.objects.of(company).filter(name=name).first() or MailAccount(company=company, name=name)
    for field, value in asdict(wanted).items():
        setattr(account, field, value)
    account.private_allowed = account.is_active = True
    account.password = password
    account.save()
    audit.record(account, "set_account", None, name=name)
    return account


def by_name(company: Company, name: str | None) -> MailAccount:
    """The account of that name; without a name, the company's first. Raises NoSuchAccount."""
    active = MailAccount.objects.of(company).active().order_by("pk")
    account = active.filter(name=name).first() if name else active.first()
    if account is None:
        raise NoSuchAccount(name=name or "")
    return account
