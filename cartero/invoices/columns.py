"""What of a document lists filter and mailings select by, out of the whole of it."""

from decimal import Decimal
from typing import Any

from cartero.invoices import kinds
from cartero.invoices.data import InvoiceData
from cartero.parties import addresses, search
from cartero.parties.models import Party


def of(data: InvoiceData, party: Party) -> dict[str, Any]:
    """The columns of its Invoice. Nothing is owed on what informs, unless it says so itself."""
    informs = data.kind in kinds.INFORMING
    return {
        "party": party,
        "kind": data.kind,
        "type_code": data.type_code[:4],
        "number": data.number,
        "prefix": data.prefix,
        "sequence": data.sequence,
        "uuid": data.uuid.lower(),  # an event that names it may write it otherwise
        "issue_date": data.issue_date,
        "due_date": data.due_date,
        "period": (data.period_start or data.issue_date).replace(day=1),
        "currency": data.currency,
        "payable_amount": data.totals.payable,
        "balance": Decimal(0) if data.balance is None and informs else data.balance,
        "environment": data.environment,
        "validation_code": data.validation.code if data.validation else "",
        "customer_emails": [email for email in data.customer.emails if addresses.is_valid(email)],
        "search_key": search.key(data.number, data.customer.name, data.customer.tax_id),
    }
