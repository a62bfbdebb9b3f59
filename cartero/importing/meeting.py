"""What happens when a document comes whose number is here already. Values in, a decision out."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from cartero.invoices.data import InvoiceData
from cartero.invoices.states import FileRole

_ELECTRONIC = frozenset({FileRole.CONTAINER, FileRole.XML})


@dataclass(frozen=True)
class Same:
    """Nothing to do."""


@dataclass(frozen=True)
class Completed:
    """The one that is here gains `data` and the files of `roles`."""

    data: InvoiceData
    roles: frozenset[str]


@dataclass(frozen=True)
class Clash:
    """Other content under the same number: the clerk decides."""


Decision: TypeAlias = Same | Completed | Clash


def meet(here: InvoiceData, here_roles: frozenset[str], came: InvoiceData, came_roles: frozenset[str]) -> Decision:
    """What `came` means for the document that is `here`; roles are those of the files each has."""
    if _content(here) == _content(came):
        return _completed(here, came, came_roles - here_roles)
    if not _agree(here, came):
        return Clash()
    if _ELECTRONIC & here_roles and not came_roles:  # a row of a spreadsheet about an electronic document
        return _completed(here, replace(here, balance=came.balance), frozenset())
    if _ELECTRONIC & came_roles and not here_roles:
        return Completed(data=replace(came, balance=here.balance), roles=came_roles)
    return Clash()


def _completed(here: InvoiceData, came: InvoiceData, roles: frozenset[str]) -> Decision:
    balance = here.balance if came.balance is None else came.balance
    validation = here.validation or came.validation
    if not roles and balance == here.balance and validation == here.validation:
        return Same()
    return Completed(data=replace(here, balance=balance, validation=validation), roles=roles)


def _content(data: InvoiceData) -> InvoiceData:
    return replace(data, balance=None, validation=None)


def _agree(here: InvoiceData, came: InvoiceData) -> bool:
    same_total = abs(here.totals.payable - came.totals.payable) < Decimal("0.01")
    return same_total and here.customer.tax_id == came.customer.tax_id and here.currency == came.currency
