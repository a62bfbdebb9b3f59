"""How many documents a list holds by state, and what they come to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.invoices.states import MailStatus
from cartero.pages.invoices.forms import InvoicesFilter
from cartero.pages.keeping import kept
from cartero.platform import formats, ids

LABELS: Mapping[str, str | Promise] = {
    MailStatus.UNSENT: _("Sin enviar"),
    MailStatus.QUEUED: _("En cola"),
    MailStatus.ACCEPTED: _("Enviadas"),
    MailStatus.DELIVERED: _("Entregadas"),
    MailStatus.BOUNCED: _("Rebotadas"),
    MailStatus.FAILED: _("Fallidas"),
    MailStatus.IN_DOUBT: _("Por revisar"),
}


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A state to filter by, with how many documents are in it; the first is all of them."""

    value: str
    label: str | Promise
    count: int
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`count` and `amounts` are of what is listed; currencies are never added to each other."""

    segments: list[Segment]
    count: int
    amounts: list[str]


def of(filters: InvoicesFilter) -> Figures:
    """One query over what the filters leave, none where it was dear a moment ago."""
    rows = _counted(filters)
    by_status: dict[str, int] = defaultdict(int)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for status, currency, count, total in rows:
        by_status[status] += count
        if filters.status in ("", status):
            sums[currency] += total
    every = Segment(value="", label=_("Todas"), count=sum(by_status.values()), is_current=not filters.status)
    states = [
        Segment(value=value, label=label, count=by_status[value], is_current=value == filters.status)
        for value, label in LABELS.items()
    ]
    return Figures(
        segments=[every, *states],
        count=by_status[filters.status] if filters.status else every.count,
        amounts=[formats.money(total, currency) for currency, total in sorted(sums.items())],
    )


def _counted(filters: InvoicesFilter) -> list[tuple[str, str, int, Decimal]]:
    asked = f"{filters.chosen} {filters.wanted.get('tipo')} {filters.wanted.get('saldo')} {filters.text}"
    key = f"invoices:{filters.company.pk}:{ids.sha256(asked.encode())}"
    grouped = filters.documents().values_list("mail_status", "currency").order_by()
    return kept(key, lambda: list(grouped.annotate(n=Count("id"), total=Sum("payable_amount"))))
