"""Mails mended one by one in the list of a sending: another address, in the tercero too or not, or taken back in."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.mailings import lifecycle, outcomes
from cartero.mailings.errors import MailingError
from cartero.mailings.models import Delivery
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.parties import addresses, people


class NoAddressTyped(MailingError):
    """The field was left empty."""

    text = _("Escriba al menos un correo.")


class BadAddressTyped(MailingError):
    """What was typed is no address."""

    text = "%(why)s"  # a whole sentence, the address in it


@transaction.atomic
def correct(delivery: Delivery, typed: str, *, keep: bool, by: User) -> None:
    """Puts what was typed on the mail; `keep` also puts it in the tercero, in place of what was there.

    Raises NoAddressTyped, BadAddressTyped, TooLate.
    """
    emails = checked(typed)
    had_failed = delivery.status == DeliveryStatus.FAILED
    replaced = list(delivery.to)
    outcomes.readdress(delivery, emails, by)
    if keep:
        people.replace_addresses(delivery.party, replaced, emails)
        audit.record(delivery.party, "correct_address", by, was=replaced, now=emails)
    mailing = delivery.mailing
    if mailing.status == MailingStatus.FINISHED or (had_failed and mailing.status == MailingStatus.SENDING):
        lifecycle.go_on(mailing, by)


@transaction.atomic
def include(delivery: Delivery, by: User) -> None:
    """Takes back in what a person had excluded; a sending that had ended without it goes on. Raises TooLate."""
    outcomes.include(delivery, by)
    if delivery.mailing.status == MailingStatus.FINISHED:
        lifecycle.go_on(delivery.mailing, by)


def checked(typed: str) -> list[str]:
    """The addresses of a field, in order. Raises NoAddressTyped, BadAddressTyped."""
    emails = []
    for one in addresses.split(typed):
        address = addresses.check(one)
        if isinstance(address, addresses.Invalid):
            raise BadAddressTyped(address=one, why=address.reason)
        emails.append(address.normalised)
    if not emails:
        raise NoAddressTyped()
    return list(dict.fromkeys(emails))
