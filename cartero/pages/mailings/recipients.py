"""Ver listado de terceros: everyone a sending goes to, filtered, corrected in place, downloaded."""

from collections.abc import Iterator

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role, allows
from cartero.mailings import reports
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import DeliveryStatus
from cartero.pages import downloads, paging, reasons
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.mailings import rows
from cartero.pages.mailings.forms import AddressForm
from cartero.pages.mailings.rows import RecipientsFilter
from cartero.platform import formats

CHUNK = 2_000


@require_GET
@role(Role.READER)
def index(request: CompanyRequest, pk: int) -> HttpResponse:
    mailing = mailing_of(request, pk)
    asked = request.GET.get("editar", "")
    edited = _edited(request, mailing, asked) if asked.isdecimal() and len(asked) < 19 else None
    form = AddressForm(initial={"to": ", ".join(edited.to)}) if edited else None
    return show(request, mailing, edited, form)


def show(request: CompanyRequest, mailing: Mailing, edited: Delivery | None, form: AddressForm | None) -> HttpResponse:
    """The list; with `form` in the row of the `edited` one."""
    filters = RecipientsFilter(request.GET, mailing=mailing)
    listed = paging.by_key(filters.deliveries(), request.GET, ("id",))
    query = request.GET.copy()
    query.pop("editar", None)
    progress = reports.progress(mailing)
    context = {
        "mailing": mailing,
        "progress": progress,
        "filters": filters,
        "segments": filters.segments(progress),
        "slice": listed,
        "rows": [rows.row(delivery, mailing, request.membership.role) for delivery in listed],
        "edited": edited,
        "form": form,
        "kept": f"?{query.urlencode()}" if query else "",
        "here": f"{reverse('recipients', args=[mailing.pk])}{f'?{query.urlencode()}' if query else ''}",
    }
    return page(request, "mailings/recipients.html", context, "list")


@require_GET
@role(Role.READER)
def xlsx(request: CompanyRequest, pk: int) -> FileResponse:
    """Everything that her filters show, whatever its size."""
    mailing = mailing_of(request, pk)
    filters = RecipientsFilter(request.GET, mailing=mailing)
    headings = [
        _("NIT o cédula"),
        _("Tercero"),
        _("Correo"),
        _("Documentos"),
        _("Estado"),
        _("Motivo"),
        _("Respuesta del servidor"),
        _("Aceptado"),
    ]
    name = _("envio-%(number)s-terceros.xlsx") % {"number": mailing.number}
    return downloads.export(request, name, headings, _lines(filters))


def mailing_of(request: CompanyRequest, pk: int) -> Mailing:
    """Her company's sending, or a 404."""
    mailings = Mailing.objects.of(request.company).select_related("company", "account", "created_by", "started_by")
    return get_object_or_404(mailings, pk=pk)


def _edited(request: CompanyRequest, mailing: Mailing, asked: str) -> Delivery | None:
    if not allows(request.membership.role, Role.PREPARER):
        return None
    delivery = Delivery.objects.of(request.company).filter(mailing=mailing, pk=int(asked)).first()
    return delivery if delivery and rows.row(delivery, mailing, request.membership.role).may_mend else None


def _lines(filters: RecipientsFilter) -> Iterator[list[downloads.Cell]]:
    last = 0
    while chunk := list(filters.deliveries().filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield from map(_line, chunk)


def _line(delivery: Delivery) -> list[downloads.Cell]:
    return [
        formats.nit(delivery.party.tax_id, delivery.party.check_digit),
        delivery.party.name,
        ", ".join(delivery.to),
        delivery.document_count,
        str(DeliveryStatus(delivery.status).label),
        str(reasons.happened(delivery.reason, delivery.reason_detail)),
        delivery.reply,
        delivery.accepted_at,
    ]
