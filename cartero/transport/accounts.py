"""Mail accounts as the operator sets them from the command line."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cartero.companies import audit
from cartero.companies.models import Company
from cartero.parties import addresses
from cartero.platform import fitting
from cartero.platform.errors import CarteroError
from cartero.transport import presets, providers
from cartero.transport.models import Grant, MailAccount
from cartero.transport.presets import Security
from cartero.transport.providers import PROVIDERS
from cartero.transport.ways import BY_API, Way

_HOST = re.compile(r"[\w.:-]*")  # a name, in any script, or an address; empty: the provider's
LONGEST_MARK = 22  # characters that may stand for the `*` of a return address


class BadFromAddress(CarteroError):
    """The address that mails would leave from is none."""

    text = _("La dirección «%(address)s» no sirve para enviar: %(why)s")


class BadReplyTo(CarteroError):
    """Nobody could answer to that address."""

    text = _("La dirección «%(address)s» no sirve para respuestas: %(why)s")


class NoHost(CarteroError):
    """What was given as a server's name is neither a name nor an address."""

    text = _("«%(host)s» no es el nombre de un servidor. Escríbalo sin espacios ni «https://».")


class BadReturnAddress(CarteroError):
    """What comes back could not be sent there."""

    text = _(
        "«%(address)s» no sirve para recibir devoluciones. Escriba una dirección; puede llevar un * antes de la @."
    )


class PlaceMissing(CarteroError):
    """Neither a server nor a provider whose server is known."""

    text = _("Falta por dónde sale: diga --host, --port y --security, o --provider.")


class NoSuchRegion(CarteroError):
    """The provider has no such region."""

    text = _("%(provider)s no tiene la región «%(region)s». Dígala con --region.")


class NoSuchAccount(CarteroError):
    """The company has no active account of that name."""

    text = _("No hay una cuenta de correo activa llamada «%(name)s».")


@dataclass(frozen=True, kw_only=True)
class AccountSettings:
    """What the operator says of an account. None for a limit means: none; without a host, the provider's is meant."""

    from_address: str
    way: str = Way.PASSWORD
    host: str = ""
    port: int | None = None
    security: str = ""
    region: str = ""
    from_name: str = ""
    reply_to: str = ""
    username: str = ""
    return_address: str = ""
    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    connections: int = 4


@transaction.atomic
def set_by_operator(company: Company, name: str, wanted: AccountSettings, password: str) -> MailAccount:
    """Creates or changes the account `name`. It may be on a loopback or private host: it is the operator's own word.

    Raises BadFromAddress, BadReplyTo, BadReturnAddress, PlaceMissing, NoHost, NoSuchRegion, Unfit.
    """
    _check_address(wanted.from_address, BadFromAddress)
    if wanted.reply_to:
        _check_address(wanted.reply_to, BadReplyTo)
    if not _HOST.fullmatch(wanted.host):
        raise NoHost(host=wanted.host)
    if not is_return_address(wanted.return_address):
        raise BadReturnAddress(address=wanted.return_address)
    name = fitting.line(name)
    account = MailAccount.objects.of(company).filter(name=name).first() or MailAccount(company=company, name=name)
    if account.pk and (account.way, account.username) != (wanted.way, wanted.username):
        Grant.objects.filter(account=account).delete()  # leave was given for another mailbox
    for field, value in (asdict(wanted) | _place(wanted)).items():
        setattr(account, field, value)
    account.private_allowed = account.is_active = True
    account.is_proven = False
    account.password = password
    account.from_name = fitting.line(account.from_name)
    fitting.check(account)
    account.save()
    audit.record(account, "set_account", None, name=name)
    return account


def _check_address(address: str, refused: type[BadFromAddress | BadReplyTo]) -> None:
    checked = addresses.check(address)
    if isinstance(checked, addresses.Invalid):
        raise refused(address=address, why=checked.reason)


def is_return_address(text: str) -> bool:
    """Whether mails may be sent back to it: an address, with at most one `*`, in front of the @. Empty is fine."""
    local, _at, domain = text.rpartition("@")
    marked = f"{local.replace('*', 'x' * LONGEST_MARK, 1)}@{domain}"
    return not text or ("*" not in marked and isinstance(addresses.check(marked), addresses.Valid))


def _place(wanted: AccountSettings) -> dict[str, Any]:
    """Host, port and security: as said, else where the provider has them."""
    way = Way(wanted.way)
    if way in BY_API:
        try:
            host = providers.host_of(way, wanted.region)
        except KeyError as error:
            raise NoSuchRegion(provider=PROVIDERS[way].name, region=wanted.region) from error
        return {"host": host, "port": 443, "security": Security.TLS}
    if wanted.host and wanted.port and wanted.security:
        return {}
    if way == Way.PASSWORD:
        raise PlaceMissing()
    preset = presets.of_way(way)
    return {
        "host": wanted.host or preset.host,
        "port": wanted.port or preset.port,
        "security": wanted.security or preset.security,
    }


def by_name(company: Company, name: str | None) -> MailAccount:
    """The account of that name; without a name, the company's first. Raises NoSuchAccount."""
    active = MailAccount.objects.of(company).active().order_by("pk")
    account = active.filter(name=name).first() if name else active.first()
    if account is None:
        raise NoSuchAccount(name=name or "")
    return account
