"""How many documents a list holds by state, and what they come to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.invoices.states import MailStatus
from cartero.pages.invoices.forms import InvoicesFilter
from cartero.pages.segments import Segment
from cartero.platform import formats

LABELS: Mapping[str, str | Promise] = {
    MailStatus.UNSENT: _("Sin enviar"),
    MailStatus.QUEUED: _("En cola"),
    MailStatus.ACCEPTED: _("Enviadas"),
    MailStatus.DELIVERED: _("Entregadas"),
    MailStatus.VIEWED: _("Vistas"),
    MailStatus.BOUNCED: _("Rebotadas"),
    MailStatus.FAILED: _("Fallidas"),
    MailStatus.IN_DOUBT: _("En duda"),
}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`count` and `amounts` (what it bills) are of what is listed; currencies are never added to each other. Of very
    many that nobody has counted, `count` is None and no segment has one.
    """

    segments: list[Segment]
    count: int | None
    amounts: list[str]


def of(filters: InvoicesFilter) -> Figures:
    """No query but those of `filters.counted`."""
    by_status: dict[str, int] = defaultdict(int)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for status, currency, count, total in filters.counted or ():
        by_status[status] += count
        if filters.status in ("", status):
            sums[currency] += total
    is_known, every = filters.counted is not None, sum(by_status.values())
    counts = {"": every} | {value: by_status[value] for value in LABELS}
    return Figures(
        segments=[
            Segment(
                value=value, label=label, count=counts[value] if is_known else None, is_current=value == filters.status
            )
            for value, label in {"": _("Todas"), **LABELS}.items()
        ],
        count=counts[filters.status] if is_known else None,
        amounts=[formats.money(total, currency) for currency, total in sorted(sums.items()) if total],
    )
