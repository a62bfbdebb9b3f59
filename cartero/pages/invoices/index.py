"""Facturas: the documents of a period, searched, filtered, sorted, in pages, and as a spreadsheet."""

from collections.abc import Iterator

from django.http import FileResponse, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role, allows
from cartero.invoices.models import Invoice
from cartero.invoices.states import InvoiceKind, MailStatus
from cartero.pages import downloads, paging, reasons, returning
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.invoices import figures, rows
from cartero.pages.invoices.forms import InvoicesFilter
from cartero.platform import formats

CHUNK = 2_000


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    filters = InvoicesFilter(request.GET, company=request.company)
    returning.remember(request, "invoices")
    listed = paging.by_key(filters.listed(), request.GET, filters.order)
    context = {
        "filters": filters,
        "figures": figures.of(filters),
        "slice": listed,
        "rows": rows.of(request.company, listed),
        "order": filters.order_name,
        "query": _query(request, "desde"),
        "stateless": _query(request, "desde", "estado"),
        "range": _range(filters),
        "may_prepare": allows(request.membership.role, Role.PREPARER),
    }
    return page(request, "invoices/index.html", context, "invoices")


@require_GET
@role(Role.READER)
def xlsx(request: CompanyRequest) -> FileResponse:
    """Everything that her filters show, whatever its size."""
    filters = InvoicesFilter(request.GET, company=request.company)
    headings = [
        _("Tipo"),
        _("Número"),
        _("NIT o cédula"),
        _("Tercero"),
        _("Fecha"),
        _("Vencimiento"),
        _("Moneda"),
        _("Total"),
        _("Saldo"),
        _("Estado de envío"),
        _("Motivo"),
        _("Desde cuándo"),
    ]
    return downloads.export(
        request, _("facturas-%(period)s.xlsx") % {"period": filters.chosen}, headings, _lines(filters)
    )


def _lines(filters: InvoicesFilter) -> Iterator[list[downloads.Cell]]:
    last = 0
    while chunk := list(filters.listed().filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield from map(_line, chunk)


def _line(invoice: Invoice) -> list[downloads.Cell]:
    return [
        str(InvoiceKind(invoice.kind).label),
        invoice.number,
        formats.nit(invoice.party.tax_id, invoice.party.check_digit),
        invoice.party.name,
        invoice.issue_date,
        invoice.due_date,
        invoice.currency,
        invoice.payable_amount,
        invoice.owed,
        str(MailStatus(invoice.mail_status).label),
        str(reasons.happened(invoice.mail_reason)),
        invoice.mail_at,
    ]


def _query(request: CompanyRequest, *without: str) -> str:
    """What she asked for, without some of it, as links of the list begin."""
    kept = request.GET.copy()
    for name in without:
        kept.pop(name, None)
    return f"?{kept.urlencode()}&" if kept else "?"


def _range(filters: InvoicesFilter) -> str:
    """Her filters as the form that registers a sending takes them; nothing where it could not say the same."""
    kind, balance = filters.wanted.get("tipo", ""), filters.wanted.get("saldo", "")
    if filters.text or filters.status not in ("", MailStatus.UNSENT) or balance == "sin":
        return ""
    period = filters.chosen if filters.period else ""
    return urlencode({"periodo": period, "tipo": kind, "saldo": balance, "estado": filters.status})
