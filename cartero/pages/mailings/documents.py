"""Período y relación de facturas: each document, and the mail its tercero gets, as they go."""

from collections.abc import Collection, Iterable

from django.db.models import F, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.invoices.models import Invoice
from cartero.mailings import sent_mails, trial
from cartero.mailings.models import Delivery, DeliveryInvoice, Mailing, SentMail
from cartero.pages import paging, reasons, stories
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, framable, page, sealed
from cartero.pages.mailings.recipients import mailing_of

# A mail is a stranger's page: nothing in it runs, loads or sends, and its styles are its own.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
VIEWS = ("factura", "correo", "texto")


ORDER = ("id", "position", "document")


@require_GET
@role(Role.READER)
def index(request: CompanyRequest, pk: int) -> HttpResponse:
    mailing = mailing_of(request, pk)
    listed = paging.by_key(_listed(request.company, _around(mailing, request.GET)), request.GET, ORDER)
    documents = _documents(listed)
    lines = [(joined, stories.state_of(joined.delivery), _why(joined.delivery)) for joined in documents]
    return page(request, "mailings/documents.html", {"mailing": mailing, "slice": listed, "lines": lines})


def _why(delivery: Delivery) -> reasons.Words:
    """Why its mail did not go or arrive; nothing where the state says it all."""
    return reasons.happened(delivery.reason, delivery.reason_detail) if delivery.reason else ""


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int, invoice_pk: int) -> HttpResponse:
    """The document, or with `?ver=correo` or `?ver=texto` its mail."""
    joined = _joined(request, pk, invoice_pk)
    shown = request.GET.get("ver", "")
    shown = shown if shown in VIEWS else VIEWS[0]
    listed = _listed(request.company, _next_to(joined.delivery))
    here = listed.get(document=joined.invoice_id)  # type: ignore[misc]  # annotated
    before, after = paging.beside(listed, here, ORDER)
    context = {
        "mailing": joined.delivery.mailing,
        "delivery": joined.delivery,
        "invoice": joined.invoice,
        "shown": shown,
        "preview": trial.preview(joined.delivery),
        "previous": next(iter(_documents([before] if before else [])), None),
        "next": next(iter(_documents([after] if after else [])), None),
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


@require_GET
@role(Role.READER)
@sealed
def exact(request: CompanyRequest, pk: int, delivery_pk: int) -> HttpResponse:
    """The mail byte for byte as it went, where the company keeps them; to save, never to open. Raises FileLost."""
    kept = SentMail.objects.of(request.company).filter(delivery__mailing=pk, delivery=delivery_pk)
    answer = HttpResponse(sent_mails.read(get_object_or_404(kept)), content_type="message/rfc822")
    answer["Content-Disposition"] = f'attachment; filename="{delivery_pk}.eml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _listed(company: Company, mails: Collection[int]) -> QuerySet[Delivery]:
    """Each once for every document it takes: `document` is its id, `position` its place in the mail."""
    taken = Delivery.objects.of(company).filter(pk__in=mails, delivery_invoices__invoice__isnull=False)
    return taken.annotate(position=F("delivery_invoices__position"), document=F("delivery_invoices__invoice"))


def _around(mailing: Mailing, asked: QueryDict) -> list[int]:
    """The mails that the page may show: as each takes a document, no more than it has rows. Joined to their documents
    before they are chosen, those of earlier sendings would all be gone through.
    """
    mails, place = Delivery.objects.of(mailing.company).of_mailing(mailing).order_by("pk"), paging.place(asked, ORDER)
    match place:
        case ([int(key), *_], True):
            mails = mails.filter(pk__lte=key).order_by("-pk")
        case ([int(key), *_], False):
            mails = mails.filter(pk__gte=key)
    return list(mails.values_list("pk", flat=True)[: paging.SIZE + 2])


def _next_to(mail: Delivery) -> list[int]:
    """It, and those before and after it in its sending."""
    theirs = Delivery.objects.of(mail.mailing.company).of_mailing(mail.mailing).values_list("pk", flat=True)
    before, after = theirs.filter(pk__lt=mail.pk).order_by("-pk")[:1], theirs.filter(pk__gt=mail.pk).order_by("pk")[:1]
    return [*before, mail.pk, *after]


def _documents(listed: Iterable[Delivery]) -> list[DeliveryInvoice]:
    """Of rows of `_listed`, in their order. One query."""
    keys = [(row.pk, row.document) for row in listed]  # type: ignore[attr-defined]  # annotated
    found = DeliveryInvoice.objects.select_related("invoice", "delivery__party").in_bulk(keys)
    return [found[key] for key in keys]


def _joined(request: CompanyRequest, pk: int, invoice_pk: int) -> DeliveryInvoice:
    invoice = get_object_or_404(Invoice.objects.of(request.company), pk=invoice_pk)
    related = (
        "invoice",
        "delivery__sent_mail",
        "delivery__party",
        "delivery__mailing__account",
        "delivery__mailing__company",
    )
    return get_object_or_404(invoice.delivery_invoices.select_related(*related), delivery__mailing=pk)
