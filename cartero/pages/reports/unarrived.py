"""Informe of what never arrived: the documents of a month that no server took for good, with why."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.invoices.models import Invoice
from cartero.invoices.states import ARRIVED, MailStatus
from cartero.pages import downloads, paging, reasons
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.reports import figures, months
from cartero.platform import formats

# The worst first.
UNARRIVED = (MailStatus.BOUNCED, MailStatus.FAILED, MailStatus.IN_DOUBT, MailStatus.UNSENT, MailStatus.QUEUED)
ORDER = ("at_number", "id")  # that of the index `invoice_in_state`
SIZE = 25
CHUNK = 2_000


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    """Those in the state that `?estado=failed` names, else in the worst that has any."""
    known, period = months.chosen(request)
    if period is None:
        return page(request, "reports/unarrived.html", {"period": None})
    (month,) = figures.months(request.company, [period])
    bars = [bar for bar in figures.bars(month) if bar.status in UNARRIVED]
    state = _state(request, {bar.status: bar.count for bar in bars})
    listed = paging.by_key(_documents(request.company, period).filter(mail_status=state), request.GET, ORDER, size=SIZE)
    context = {
        "period": period,
        "known": known,
        "bars": bars,
        "month": month,
        "missing": month.total - sum(month.by_status.get(status, 0) for status in ARRIVED),
        "state": state,
        "slice": listed,
        "rows": [(each, reasons.happened(each.mail_reason)) for each in listed],
    }
    return page(request, "reports/unarrived.html", context)


@require_GET
@role(Role.READER)
def xlsx(request: CompanyRequest) -> FileResponse:
    """All of them, in whatever state."""
    _known, period = months.chosen(request)
    headings = [
        _("Número"),
        _("Tipo"),
        _("NIT o cédula"),
        _("Tercero"),
        _("Fecha"),
        _("Moneda"),
        _("Total"),
        _("Estado de envío"),
        _("Motivo"),
        _("Desde cuándo"),
    ]
    return downloads.export(
        request, _("informe-sin-llegar.xlsx"), headings, _lines(request.company, period) if period else []
    )


def _state(request: CompanyRequest, counts: dict[MailStatus, int]) -> MailStatus:
    asked = next((state for state in UNARRIVED if state == request.GET.get("estado")), None)
    return asked or next((state for state in UNARRIVED if counts.get(state)), UNARRIVED[0])


def _documents(company: Company, period: date) -> QuerySet[Invoice]:
    found = Invoice.objects.of(company).filter(period=period).select_related("party")
    return found.annotate(at_number=Coalesce("sequence", 0))


def _lines(company: Company, period: date) -> Iterator[list[downloads.Cell]]:
    missing = _documents(company, period).filter(mail_status__in=UNARRIVED)
    last = 0
    while chunk := list(missing.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield from map(_line, chunk)


def _line(invoice: Invoice) -> list[downloads.Cell]:
    return [
        invoice.number,
        str(invoice.get_kind_display()),
        formats.nit(invoice.party.tax_id, invoice.party.check_digit),
        invoice.party.name,
        invoice.issue_date,
        invoice.currency,
        invoice.payable_amount,
        str(invoice.get_mail_status_display()),
        str(reasons.happened(invoice.mail_reason)),
        invoice.mail_at,
    ]
