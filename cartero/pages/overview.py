"""What Inicio shows of a period: its documents by state, what asks for attention, sendings, the months before."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cartero.companies.models import Company
from cartero.invoices import periods as known_periods
from cartero.invoices import tallies
from cartero.invoices.models import Invoice, PeriodTally
from cartero.invoices.states import ARRIVED, UNDELIVERED, MailStatus
from cartero.mailings import reports
from cartero.mailings.models import Mailing
from cartero.pages import charts, matters
from cartero.pages.keeping import kept
from cartero.parties.models import Address
from cartero.platform import formats
from cartero.transport.models import MailAccount

MONTHS = 6


@dataclass(frozen=True, kw_only=True)
class Month:
    """A bar of the chart."""

    month: date
    sent: int
    undelivered: int
    unsent: int

    @property
    def label(self) -> str:
        return formats.month(self.month)[:3]


@dataclass(frozen=True, kw_only=True)
class Latest:
    mailing: Mailing
    progress: reports.Progress


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The documents of a period: how many in each state, and what they bill."""

    by_status: Mapping[str, int]
    amounts: list[str]  # one a currency: they are never added to each other
    without_address: int
    at: datetime

    @property
    def documents(self) -> int:
        return sum(self.by_status.values())

    @property
    def unsent(self) -> int:
        return self.by_status.get(MailStatus.UNSENT, 0)

    @property
    def queued(self) -> int:
        return self.by_status.get(MailStatus.QUEUED, 0)

    @property
    def sent(self) -> int:
        return sum(self.by_status.get(status, 0) for status in ARRIVED)

    @property
    def delivered(self) -> int:
        return self.by_status.get(MailStatus.DELIVERED, 0)

    @property
    def undelivered(self) -> int:
        return sum(self.by_status.get(status, 0) for status in UNDELIVERED)

    @property
    def undelivered_share(self) -> Decimal:
        """Percent of what has been sent, with one decimal."""
        tried = self.sent + self.undelivered
        return round(Decimal(100 * self.undelivered) / tried, 1) if tried else Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Overview:
    period: date
    periods: list[date]
    figures: Figures
    matters: list[matters.Matter]
    latest: list[Latest]
    months: list[Month]
    account: MailAccount | None

    @property
    def query(self) -> str:
        """What the list of invoices is asked for; the status comes after it."""
        return f"?periodo={self.period.isoformat()}&estado="

    @property
    def chart(self) -> charts.Bars:
        rows = [(one.label, (one.sent, one.undelivered, one.unsent)) for one in self.months]
        names = (_("Enviadas"), _("Rebotadas o fallidas"), _("Por enviar"))
        return charts.bars(rows, ("delivered", "striped", "hollow"), names)


def periods(company: Company) -> list[date]:
    """The months that have documents, newest first."""
    return known_periods.of(company, most=24)


def of(company: Company, period: date, known: list[date]) -> Overview:
    """About ten queries."""
    counted = figures(company, period)
    latest = Mailing.objects.of(company).order_by("-number")[:3]
    return Overview(
        period=period,
        periods=known,
        figures=counted,
        matters=list(matters.of(company, period, counted.by_status, counted.without_address)),
        latest=[Latest(mailing=mailing, progress=reports.progress(mailing)) for mailing in latest],
        months=months(company, period),
        account=MailAccount.objects.of(company).active().order_by("id").first(),
    )


def figures(company: Company, period: date) -> Figures:
    """Of the counters, but for those that nobody can be mailed for: these are kept for a minute where they are dear."""
    by_status: dict[str, int] = defaultdict(int)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    counted = PeriodTally.objects.of(company).filter(period=period).values_list("mail_status", "currency")
    for status, currency, n, total in counted.annotate(n=Sum("documents"), total=tallies.billed("amount")).order_by():
        by_status[status] += n
        sums[currency] += total
    return Figures(
        by_status=dict(by_status),
        amounts=[formats.money(total, currency) for currency, total in sorted(sums.items()) if total],
        without_address=kept(f"unreachable:{company.pk}:{period}", lambda: _unreachable_count(company, period)),
        at=timezone.now(),
    )


def _unreachable_count(company: Company, period: date) -> int:
    usable = Address.objects.usable().filter(party=OuterRef("party"))
    return Invoice.objects.of(company).filter(~Exists(usable), period=period, mail_status=MailStatus.UNSENT).count()


def months(company: Company, last: date) -> list[Month]:
    """The six months up to `last`, oldest first; those without documents too."""
    first = _months_before(last, MONTHS - 1)
    counts: dict[tuple[date, str], int] = {}
    rows = PeriodTally.objects.of(company).filter(period__gte=first, period__lte=last)
    for period, status, n in rows.values_list("period", "mail_status").annotate(n=Sum("documents")).order_by():
        counts[(period, status)] = n
    return [
        Month(
            month=month,
            sent=sum(counts.get((month, status), 0) for status in ARRIVED),
            undelivered=sum(counts.get((month, status), 0) for status in UNDELIVERED),
            unsent=sum(n for (period, status), n in counts.items() if period == month)
            - sum(counts.get((month, status), 0) for status in (*ARRIVED, *UNDELIVERED)),
        )
        for month in (_months_before(last, back) for back in reversed(range(MONTHS)))
    ]


def _months_before(month: date, back: int) -> date:
    years, rest = divmod(month.year * 12 + month.month - 1 - back, 12)
    return date(years, rest + 1, 1)
