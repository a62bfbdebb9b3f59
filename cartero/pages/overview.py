"""What Inicio shows of a period: its documents by state, what asks for attention, sendings, the months before."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cartero.companies.models import Company
from cartero.invoices import periods as known_periods
from cartero.invoices.models import Invoice
from cartero.invoices.states import MailStatus
from cartero.mailings import reports
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import MailingStatus
from cartero.pages import charts, moments
from cartero.pages.keeping import kept
from cartero.parties.models import Address
from cartero.platform import formats
from cartero.transport.models import MailAccount

MONTHS = 6
SENT = (MailStatus.ACCEPTED, MailStatus.DELIVERED)
UNDELIVERED = (MailStatus.BOUNCED, MailStatus.FAILED)


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
class Matter:
    """Something that asks for attention, and where it is mended."""

    icon: str
    tone: str
    title: str
    text: str
    action: str
    place: str  # the name of a URL
    query: str = ""
    pk: int | None = None


@dataclass(frozen=True, kw_only=True)
class Latest:
    mailing: Mailing
    progress: reports.Progress


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The documents of a period: how many in each state, and their sum in the company's own currency."""

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
        return sum(self.by_status.get(status, 0) for status in SENT)

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
    matters: list[Matter]
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
        return charts.bars(rows, ("delivered", "bounced", "unsent"), names)


def periods(company: Company) -> list[date]:
    """The months that have documents, newest first."""
    return known_periods.of(company, most=24)


def of(company: Company, period: date, known: list[date]) -> Overview:
    """About ten queries; counts over many rows are kept for a minute."""
    counted = kept(f"figures:{company.pk}:{period}", lambda: figures(company, period))
    latest = Mailing.objects.of(company).order_by("-number")[:3]
    return Overview(
        period=period,
        periods=known,
        figures=counted,
        matters=list(matters(company, counted)),
        latest=[Latest(mailing=mailing, progress=reports.progress(mailing)) for mailing in latest],
        months=kept(f"months:{company.pk}:{period}", lambda: months(company, period)),
        account=MailAccount.objects.of(company).active().order_by("id").first(),
    )


def figures(company: Company, period: date) -> Figures:
    """Two queries over the documents of a month."""
    documents = Invoice.objects.of(company).filter(period=period)
    by_status: dict[str, int] = defaultdict(int)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    grouped = documents.values_list("mail_status", "currency").annotate(n=Count("id"), total=Sum("payable_amount"))
    for status, currency, n, total in grouped.order_by():
        by_status[status] += n
        sums[currency] += total
    usable = Address.objects.usable().filter(party=OuterRef("party"))
    unreachable = documents.filter(~Exists(usable), mail_status=MailStatus.UNSENT)
    return Figures(
        by_status=dict(by_status),
        amounts=[formats.money(total, currency) for currency, total in sorted(sums.items())],
        without_address=unreachable.count(),
        at=timezone.now(),
    )


def months(company: Company, last: date) -> list[Month]:
    """The six months up to `last`, oldest first; those without documents too."""
    first = _months_before(last, MONTHS - 1)
    counts: dict[tuple[date, str], int] = {}
    rows = Invoice.objects.of(company).filter(period__gte=first, period__lte=last)
    for period, status, n in rows.values_list("period", "mail_status").annotate(n=Count("id")).order_by():
        counts[(period, status)] = n
    return [
        Month(
            month=month,
            sent=sum(counts.get((month, status), 0) for status in SENT),
            undelivered=sum(counts.get((month, status), 0) for status in UNDELIVERED),
            unsent=sum(n for (period, status), n in counts.items() if period == month)
            - sum(counts.get((month, status), 0) for status in (*SENT, *UNDELIVERED)),
        )
        for month in (_months_before(last, back) for back in reversed(range(MONTHS)))
    ]


def matters(company: Company, counted: Figures) -> Iterator[Matter]:
    """What asks for attention, the worst first."""
    yield from _stopped_accounts(company)
    yield from _in_doubt(company)
    yield from _undelivered(counted)
    yield from _unreachable(counted)
    yield from _sendings(company)


def _stopped_accounts(company: Company) -> Iterator[Matter]:
    for account in MailAccount.objects.of(company).active().exclude(stopped_reason=""):
        yield Matter(
            icon="pause",
            tone="negative",
            title=_("La cuenta %(address)s no deja enviar") % {"address": account.from_address},
            text=account.stopped_reply,
            action=_("Revisar la cuenta"),
            place="mail_accounts",
        )


def _in_doubt(company: Company) -> Iterator[Matter]:
    mails = Delivery.objects.of(company).in_doubt().count()
    if mails:
        title = ngettext("%(n)s correo en duda", "%(n)s correos en duda", mails)
        yield Matter(
            icon="help",
            tone="warning",
            title=title % {"n": formats.number(mails)},
            text=_("Se cortó la conexión justo cuando salían: pudieron llegar o no. No se repiten sin saberlo."),
            action=_("Revisar"),
            place="doubts",
        )


def _undelivered(counted: Figures) -> Iterator[Matter]:
    bounced = counted.by_status.get(MailStatus.BOUNCED, 0)
    if bounced:
        title = ngettext("%(n)s factura rebotó", "%(n)s facturas rebotaron", bounced)
        yield Matter(
            icon="bounce",
            tone="negative",
            title=title % {"n": formats.number(bounced)},
            text=_("Salieron, pero el servidor de quien las recibe las devolvió. Quedaron sin entregar."),
            action=_("Corregir correos"),
            place="invoices",
            query=f"?estado={MailStatus.BOUNCED}",
        )
    failed = counted.by_status.get(MailStatus.FAILED, 0)
    if failed:
        title = ngettext("%(n)s factura falló", "%(n)s facturas fallaron", failed)
        yield Matter(
            icon="fail",
            tone="negative",
            title=title % {"n": formats.number(failed)},
            text=_("El servidor del destinatario las rechazó, o no se pudieron preparar."),
            action=_("Ver motivos"),
            place="invoices",
            query=f"?estado={MailStatus.FAILED}",
        )


def _unreachable(counted: Figures) -> Iterator[Matter]:
    if counted.without_address:
        title = ngettext(
            "%(n)s factura sin correo utilizable", "%(n)s facturas sin correo utilizable", counted.without_address
        )
        yield Matter(
            icon="warning",
            tone="warning",
            title=title % {"n": formats.number(counted.without_address)},
            text=_("Sus terceros no tienen correo, o el que tienen no sirve. No salen hasta completarlo."),
            action=_("Completar"),
            place="parties",
            query="?correo=sin",
        )


def _sendings(company: Company) -> Iterator[Matter]:
    waiting = Q(status__in=(MailingStatus.STOPPED, MailingStatus.SCHEDULED)) | Q(
        status=MailingStatus.REGISTERED, rehearsal_problems__gt=0
    )
    for mailing in Mailing.objects.of(company).filter(waiting).order_by("-number")[:5]:
        facts = {"number": mailing.number, "name": mailing.name}
        if mailing.status == MailingStatus.STOPPED:
            icon, tone, title = "pause", "warning", _("El envío %(number)s está detenido") % facts
        elif mailing.status == MailingStatus.SCHEDULED and mailing.scheduled_for:
            facts["when"] = moments.within(mailing.scheduled_for)
            icon, tone, title = "clock", "muted", _("El envío %(number)s está programado: %(when)s") % facts
        else:
            icon, tone, title = "flask", "warning", _("El ensayo del envío %(number)s encontró problemas") % facts
        action = _("Revisar")
        yield Matter(
            icon=icon, tone=tone, title=title, text=mailing.name, action=action, place="mailing", pk=mailing.pk
        )


def _months_before(month: date, back: int) -> date:
    years, rest = divmod(month.year * 12 + month.month - 1 - back, 12)
    return date(years, rest + 1, 1)
