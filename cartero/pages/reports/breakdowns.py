"""Informes by reason, domain and days until seen: what became of the mails of the sendings of a month, or of one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Min, QuerySet, Sum
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.mailings.models import Breakdown, Facet, Mailing, Recount
from cartero.mailings.models.breakdown import DAYS, OTHERS, UNSEEN
from cartero.pages import downloads, reasons
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page

MOST = 30  # lines of a page; the spreadsheet has them all
COUNTS = ("mails", "arrived", "confirmed", "seen", "returned", "failed", "in_doubt", "waiting", "left_out")


@dataclass(frozen=True, kw_only=True)
class Report:
    """How a facet is shown. `column` heads its keys; `url` is the name of its page, and with `_xlsx` of its file."""

    facet: Facet
    url: str
    title: str | Promise
    note: str | Promise
    column: str | Promise
    file: str | Promise


REPORTS: Mapping[str, Report] = {
    Facet.REASON: Report(
        facet=Facet.REASON,
        url="reasons_report",
        title=gettext_lazy("Por qué no llegaron"),
        note=gettext_lazy("Correos que rebotaron, fallaron, quedaron en duda o por fuera, por su motivo."),
        column=gettext_lazy("Motivo"),
        file=gettext_lazy("informe-por-motivo.xlsx"),
    ),
    Facet.DOMAIN: Report(
        facet=Facet.DOMAIN,
        url="domains_report",
        title=gettext_lazy("Por dominio"),
        note=gettext_lazy(
            "Correos por el dominio de su primera dirección: así se ve si todo un proveedor los devuelve."
        ),
        column=gettext_lazy("Dominio"),
        file=gettext_lazy("informe-por-dominio.xlsx"),
    ),
    Facet.SEEN: Report(
        facet=Facet.SEEN,
        url="seen_report",
        title=gettext_lazy("Días hasta verse"),
        note=gettext_lazy("Correos que llegaron, por los días que pasaron hasta que una persona los vio."),
        column=gettext_lazy("Días"),
        file=gettext_lazy("informe-hasta-verse.xlsx"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One key with its counts. `width` and `second` are percents of a bar, `share` is that of its mails."""

    label: str
    counts: Mapping[str, int]
    width: float
    second: float
    share: Decimal


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page is about: a month, or a sending. `stale_since`: since when something has not been counted yet."""

    months: list[date]
    month: date | None
    mailing: Mailing | None
    stale_since: datetime | None

    @property
    def query(self) -> str:
        """For the links to the other reports, and to the file."""
        if self.mailing:
            return f"?envio={self.mailing.pk}"
        return f"?mes={self.month:%Y-%m}" if self.month else ""


@require_GET
@role(Role.READER)
def index(request: CompanyRequest, facet: str) -> HttpResponse:
    """The month that `?mes=2026-07` names, else the newest; or the sending that `?envio=12` names."""
    shown = _shown(request, facet)
    rows = _rows(request.company, facet, shown)
    context = {
        "report": REPORTS[facet],
        "shown": shown,
        "lines": lines(facet, rows, MOST),
        "more": max(0, len(rows) - MOST),
        "half": half_seen_by(rows) if facet == Facet.SEEN else None,
        "sums": _sums(rows),
    }
    return page(request, "reports/breakdown.html", context)


@require_GET
@role(Role.READER)
def xlsx(request: CompanyRequest, facet: str) -> FileResponse:
    """Every key, with all its counts."""
    report = REPORTS[facet]
    headings = [
        str(report.column),
        _("Correos"),
        _("Llegaron"),
        _("Con entrega confirmada"),
        _("Vistos"),
        _("Rebotados"),
        _("Fallidos"),
        _("En duda"),
        _("Por enviar"),
        _("Por fuera"),
    ]
    rows = _rows(request.company, facet, _shown(request, facet))
    return downloads.export(request, str(report.file), headings, _cells(lines(facet, rows)))


def lines(facet: str, rows: Mapping[str, Mapping[str, int]], most: int | None = None) -> list[Line]:
    """The first of them, in the order in which they are read: what came back most first, days upwards."""
    if facet == Facet.SEEN:
        known = [key for key in (*DAYS, UNSEEN) if key in rows]
        weights = {key: rows[key]["mails"] for key in known}
        total = sum(weights.values())
        shares = {key: Decimal(100 * weights[key]) / total for key in known} if total else {}
    elif facet == Facet.DOMAIN:
        weights = {key: row["returned"] + row["failed"] for key, row in rows.items()}
        known = sorted(rows, key=lambda key: (key == OTHERS, -weights[key], -rows[key]["mails"], key))
        shares = {key: Decimal(100 * weights[key]) / rows[key]["mails"] for key in known[:most]}
    else:
        known = sorted(rows, key=lambda key: (-rows[key]["mails"], key))
        weights = {key: rows[key]["mails"] for key in known}
        total = sum(weights.values())
        shares = {key: Decimal(100 * weights[key]) / total for key in known} if total else {}
    return [_line(facet, key, rows[key], weights, shares) for key in known[:most]]


def _sums(rows: Mapping[str, Mapping[str, int]]) -> Mapping[str, int]:
    """Of all keys."""
    columns = zip(*(row.values() for row in rows.values()), strict=True)
    return dict.fromkeys(COUNTS, 0) | dict(zip(COUNTS, map(sum, columns), strict=False))


def half_seen_by(rows: Mapping[str, Mapping[str, int]]) -> str:
    """The days in which half of those seen had been seen, in words; empty where nobody has seen any."""
    seen = sum(row["mails"] for key, row in rows.items() if key != UNSEEN)
    so_far = 0
    for key in DAYS:
        so_far += rows.get(key, {}).get("mails", 0)
        if seen and 2 * so_far >= seen:
            return days_in_words(key)
    return ""


def days_in_words(key: str) -> str:
    """`El mismo día`, `1 día`, `De 4 a 7 días`, `31 días o más`."""
    if key in (UNSEEN, "0"):
        return _("Nadie lo ha visto") if key == UNSEEN else _("El mismo día")
    place = DAYS.index(key)
    if place == len(DAYS) - 1:
        return _("%(days)s días o más") % {"days": key}
    last = int(DAYS[place + 1]) - 1
    if last > int(key):
        return _("De %(first)s a %(last)s días") % {"first": key, "last": last}
    return _("1 día") if key == "1" else _("%(days)s días") % {"days": key}


def _line(
    facet: str, key: str, counts: Mapping[str, int], weights: Mapping[str, int], shares: Mapping[str, Decimal]
) -> Line:
    if facet == Facet.DOMAIN:  # each bar is the domain's own whole
        scale = 100 / counts["mails"]
        width, second = counts["returned"] * scale, counts["failed"] * scale
    else:
        width, second = 100 * weights[key] / max(weights.values()), 0.0
    share = round(shares[key], 1)
    return Line(label=_label(facet, key), counts=counts, width=round(width, 2), second=round(second, 2), share=share)


def _label(facet: str, key: str) -> str:
    match facet:
        case Facet.REASON:
            return str(reasons.happened(key))
        case Facet.SEEN:
            return days_in_words(key)
    return _("Otros dominios") if key == OTHERS else key


def _cells(listed: list[Line]) -> Iterator[list[downloads.Cell]]:
    for line in listed:
        yield [line.label, *(line.counts[name] for name in COUNTS)]


def _shown(request: CompanyRequest, facet: str) -> Shown:
    company, asked = request.company, request.GET.get("envio", "")
    mailing = None
    if asked:
        wanted = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
        mailing = get_object_or_404(Mailing.objects.of(company), pk=wanted)
    counted = Breakdown.objects.of(company).filter(facet=facet).order_by("-month")
    months = list(counted.values_list("month", flat=True).distinct())
    month = next((each for each in months if f"{each:%Y-%m}" == request.GET.get("mes")), months[0] if months else None)
    stale = Recount.objects.of(company)
    if mailing:
        stale = stale.filter(mailing=mailing)
    return Shown(months=months, month=month, mailing=mailing, stale_since=stale.aggregate(at=Min("at"))["at"])


def _rows(company: Company, facet: str, shown: Shown) -> Mapping[str, Mapping[str, int]]:
    """Counts by key, one query. By the index `breakdown_of_month`, or that of the sending."""
    counted: QuerySet[Breakdown] = Breakdown.objects.of(company).filter(facet=facet)
    counted = counted.filter(mailing=shown.mailing) if shown.mailing else counted.filter(month__in=[shown.month])
    summed = counted.order_by().values_list("key").annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})
    return {row[0]: dict(zip(COUNTS, row[1:], strict=True)) for row in summed}
