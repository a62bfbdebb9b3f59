"""A row of the list: a document, why its mail stands as it does, whether it is overdue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices import kinds
from cartero.invoices.models import Invoice
from cartero.invoices.states import MailStatus
from cartero.pages import reasons
from cartero.parties.models import Address

_TROUBLED = frozenset({MailStatus.BOUNCED, MailStatus.FAILED, MailStatus.IN_DOUBT})
_NO_ADDRESS = _("No tiene correo")
_UNUSABLE = _("Su correo no se puede usar")


@dataclass(frozen=True, kw_only=True)
class Row:
    invoice: Invoice
    reason: str | Promise
    is_overdue: bool

    @property
    def owed(self) -> Decimal:
        return self.invoice.owed


def of(company: Company, invoices: Iterable[Invoice]) -> list[Row]:
    """One query more than the invoices took: which of the unsent ones nobody can be mailed for."""
    listed = list(invoices)
    today = timezone.localdate()
    unsent = {invoice.party_id for invoice in listed if invoice.mail_status == MailStatus.UNSENT}
    addressed = _addressed(company, unsent) if unsent else {}
    return [
        Row(invoice=invoice, reason=_reason(invoice, addressed), is_overdue=_is_overdue(invoice, today))
        for invoice in listed
    ]


def _addressed(company: Company, parties: set[int]) -> dict[int, bool]:
    """Whether one of its addresses is usable, for each tercero that has any."""
    known: dict[int, bool] = {}
    for address in Address.objects.of(company).filter(party__in=parties).only("party_id", "state"):
        known[address.party_id] = known.get(address.party_id, False) or address.is_usable
    return known


def _reason(invoice: Invoice, addressed: dict[int, bool]) -> str | Promise:
    if invoice.mail_status in _TROUBLED:
        return reasons.happened(invoice.mail_reason)
    if invoice.mail_status != MailStatus.UNSENT or addressed.get(invoice.party_id):
        return ""
    if invoice.party.is_final_consumer and invoice.customer_emails:  # each document keeps its own
        return ""
    return _UNUSABLE if invoice.party_id in addressed else _NO_ADDRESS


def _is_overdue(invoice: Invoice, today: date) -> bool:
    is_late = invoice.due_date is not None and invoice.due_date < today
    return is_late and invoice.owed > 0 and invoice.kind in kinds.ASKING
