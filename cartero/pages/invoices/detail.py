"""A document: its facts, its PDF in the page, its files, what became of every mail it went with."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role, allows
from cartero.importing.models import Conflict
from cartero.invoices.models import Invoice
from cartero.mailings.models import Delivery
from cartero.pages import paging, returning, stories
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.invoices import panes, rows
from cartero.pages.invoices.files import invoice_of
from cartero.pages.invoices.forms import InvoicesFilter

VIEWS = ("factura", "correo", "xml")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The documents before and after it in the list as she left it."""

    previous: Invoice | None = None
    next: Invoice | None = None


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    """Its PDF, or with `?ver=correo` its mail, with `?ver=xml` its XML."""
    invoice = invoice_of(request, pk)
    shown = request.GET.get("ver", "")
    deliveries = Delivery.objects.of(request.company).filter(invoices=invoice)
    may_prepare = allows(request.membership.role, Role.PREPARER)
    context: dict[str, object] = {
        "invoice": invoice,
        "row": rows.of(request.company, [invoice])[0],
        "back": returning.to(request, "invoices"),
        "beside": _beside(request, pk),
        "stories": stories.of(deliveries),
        "deliveries": deliveries.count(),
        "was_sent": deliveries.filter(accepted_at__isnull=False).exists(),
        "files": invoice.files.order_by("pk"),
        "addresses": invoice.party.addresses.usable().order_by("-is_principal", "pk"),
        "events": invoice.events.order_by("-issue_date", "-pk"),
        "conflicts": Conflict.objects.of(request.company).open().filter(invoice=invoice),
        "may_prepare": may_prepare,
        "may_revoke": may_prepare and request.company.has_links,
        "shown": shown if shown in VIEWS else VIEWS[0],
    }
    if shown == "correo":
        context["mail"] = panes.mail(invoice)
    elif shown == "xml":
        context["xml"] = panes.xml(invoice, request.GET.get("archivo", ""))
    return page(request, "invoices/detail.html", context)


def _beside(request: CompanyRequest, pk: int) -> Beside:
    """Nothing where the list as she left it does not hold the document."""
    filters = InvoicesFilter(returning.query(request, "invoices"), company=request.company)
    listed = filters.listed()
    here = listed.filter(pk=pk).first()
    if here is None:
        return Beside()
    previous, following = paging.beside(listed, here, filters.order)
    return Beside(previous=previous, next=following)
