"""Período y relación de facturas: each document, and the mail its tercero gets, as they go."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.invoices.models import Invoice
from cartero.mailings import trial
from cartero.mailings.models import Delivery, DeliveryInvoice
from cartero.pages import paging, stories
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, framable, page
from cartero.pages.mailings.recipients import mailing_of

# A mail is a stranger's page: nothing in it runs, loads or sends, and its styles are its own.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
VIEWS = ("factura", "correo", "texto")


@require_GET
@role(Role.READER)
def index(request: CompanyRequest, pk: int) -> HttpResponse:
    mailing = mailing_of(request, pk)
    listed = DeliveryInvoice.objects.filter(delivery__mailing=mailing).select_related("invoice", "delivery__party")
    documents = paging.by_key(listed, request.GET, ("id",))
    lines = [(joined, stories.state_of(joined.delivery)) for joined in documents]
    context = {"mailing": mailing, "slice": documents, "lines": lines}
    return page(request, "mailings/documents.html", context)


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int, invoice_pk: int) -> HttpResponse:
    """The document, or with `?ver=correo` or `?ver=texto` its mail."""
    joined = _joined(request, pk, invoice_pk)
    shown = request.GET.get("ver", "")
    shown = shown if shown in VIEWS else VIEWS[0]
    around = DeliveryInvoice.objects.filter(delivery__mailing=pk)
    context = {
        "mailing": joined.delivery.mailing,
        "delivery": joined.delivery,
        "invoice": joined.invoice,
        "shown": shown,
        "preview": trial.preview(joined.delivery),
        "previous": around.filter(pk__lt=joined.pk).select_related("invoice").order_by("-pk").first(),
        "next": around.filter(pk__gt=joined.pk).select_related("invoice").order_by("pk").first(),
        "others": joined.delivery.delivery_invoices.select_related("invoice").order_by("position")[:20],
    }
    return page(request, "mailings/document.html", context)


@require_GET
@role(Role.READER)
@framable
def pdf(request: CompanyRequest, pk: int, invoice_pk: int) -> HttpResponse:
    """The PDF that goes with the mail. Raises NotDrawn, FileLost."""
    joined = _joined(request, pk, invoice_pk)
    document = trial.document(joined.delivery.mailing, joined.invoice)
    answer = HttpResponse(document.content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{joined.invoice.pk}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
@role(Role.READER)
def mail(request: CompanyRequest, pk: int, delivery_pk: int) -> HttpResponse:
    """The HTML of the mail as it goes, alone."""
    deliveries = Delivery.objects.of(request.company).select_related("mailing__account", "mailing__company")
    delivery = get_object_or_404(deliveries, mailing=pk, pk=delivery_pk)
    return HttpResponse(trial.preview(delivery).html, headers={"Content-Security-Policy": MAIL_POLICY})


def _joined(request: CompanyRequest, pk: int, invoice_pk: int) -> DeliveryInvoice:
    invoice = get_object_or_404(Invoice.objects.of(request.company), pk=invoice_pk)
    related = ("invoice", "delivery__party", "delivery__mailing__account", "delivery__mailing__company")
    return get_object_or_404(invoice.delivery_invoices.select_related(*related), delivery__mailing=pk)
