"""How many documents of each month are in each state of sending, by the counters that their table keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from cartero.companies.models import Company
from cartero.invoices.models import PeriodTally
from cartero.invoices.states import ARRIVED, MailStatus
from cartero.invoices.tallies import billed

MONTHS = 12
# The states in the order of a document's way, and the class of its bar (chart.css).
STATES: Mapping[MailStatus, str] = {
    MailStatus.UNSENT: "unsent",
    MailStatus.QUEUED: "unsent",
    MailStatus.ACCEPTED: "delivered",
    MailStatus.DELIVERED: "delivered",
    MailStatus.VIEWED: "delivered",
    MailStatus.BOUNCED: "bounced",
    MailStatus.FAILED: "bounced",
    MailStatus.IN_DOUBT: "bounced",
}


@dataclass(frozen=True, kw_only=True)
class Month:
    """The documents of a month, by state; what they bill, by currency."""

    period: date
    by_status: Mapping[str, int]
    amounts: Mapping[str, Decimal]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def counts(self) -> list[int]:
        """In the order of STATES."""
        return [self.by_status.get(status, 0) for status in STATES]

    @property
    def sent_share(self) -> Decimal:
        """Percent of its documents that a server took and did not give back, with one decimal."""
        sent = sum(self.by_status.get(status, 0) for status in ARRIVED)
        return round(Decimal(100 * sent) / self.total, 1) if self.total else Decimal(0)

    @property
    def states(self) -> list[tuple[MailStatus, int]]:
        return list(zip(STATES, self.counts, strict=True))


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`width` is percent of the longest bar, `share` percent of the month's documents; `kind` a class of chart.css."""

    status: MailStatus
    kind: str
    count: int
    width: float
    share: Decimal


def months(company: Company, periods: list[date]) -> list[Month]:
    """Those of `periods`, in their order. One query of the counters."""
    counts: dict[date, dict[str, int]] = {}
    sums: dict[date, dict[str, Decimal]] = {}
    tallies = (
        PeriodTally.objects.of(company).filter(period__in=periods).values_list("period", "mail_status", "currency")
    )
    counted = tallies.annotate(n=Sum("documents"), total=billed("amount")).order_by("currency").exclude(n=0)
    for period, status, currency, n, total in counted:
        months, amounts = counts.setdefault(period, {}), sums.setdefault(period, {})
        months[status] = months.get(status, 0) + n
        amounts[currency] = amounts.get(currency, Decimal(0)) + total
    return [Month(period=period, by_status=counts.get(period, {}), amounts=sums.get(period, {})) for period in periods]


def bars(month: Month) -> list[Bar]:
    """One for each state, its name and number beside it: it is read without its colours."""
    most = max(month.counts)
    return [
        Bar(
            status=status,
            kind=STATES[status],
            count=count,
            width=round(100 * count / most, 2) if most else 0,
            share=round(Decimal(100 * count) / month.total, 1) if month.total else Decimal(0),
        )
        for status, count in month.states
    ]
