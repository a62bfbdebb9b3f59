"""Informe por envío: what became of the mails and documents of each sending."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.mailings.models import Mailing, Tally
from cartero.mailings.states import LEFT_OUT, SENT, DeliveryStatus
from cartero.pages import downloads, paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page

SIZE = 25
CHUNK = 200


@dataclass(frozen=True, kw_only=True)
class Line:
    """Documents of a sending; the six add up (the sum law)."""

    mailing: Mailing
    documents: int
    accepted: int
    returned: int
    failed: int
    in_doubt: int
    waiting: int
    left_out: int


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    listed = paging.by_key(_mailings(request.company), request.GET, ("-number",), size=SIZE)
    return page(request, "reports/mailings.html", {"slice": listed, "lines": _lines(listed)})


@require_GET
@role(Role.READER)
def xlsx(request: CompanyRequest) -> FileResponse:
    headings = [
        _("Envío"),
        _("Nombre"),
        _("Tipo"),
        _("Estado"),
        _("Registrado"),
        _("Terminado"),
        _("Documentos"),
        _("Aceptados"),
        _("Rebotados"),
        _("Fallidos"),
        _("En duda"),
        _("Por enviar"),
        _("Por fuera"),
    ]
    return downloads.export(request, _("informe-por-envio.xlsx"), headings, _rows(request.company))


def _mailings(company: Company) -> QuerySet[Mailing]:
    return Mailing.objects.of(company).select_related("created_by")


def _rows(company: Company) -> Iterator[list[downloads.Cell]]:
    last = 0
    while chunk := list(_mailings(company).filter(number__gt=last).order_by("number")[:CHUNK]):
        last = chunk[-1].number
        for line in _lines(chunk):
            mailing = line.mailing
            counts = (line.accepted, line.returned, line.failed, line.in_doubt, line.waiting, line.left_out)
            about = (mailing.get_kind_display(), mailing.get_status_display(), mailing.created_at, mailing.finished_at)
            yield [mailing.number, mailing.name, *about, line.documents, *counts]


def _lines(mailings: Iterable[Mailing]) -> list[Line]:
    """One query, of the counters."""
    listed = list(mailings)
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    tallies = Tally.objects.filter(mailing__in=listed).values_list("mailing_id", "state")
    for mailing, state, n in tallies.annotate(n=Sum("documents")):
        counted[mailing][state] = n
    return [_line(mailing, counted[mailing.pk]) for mailing in listed]


def _line(mailing: Mailing, counts: dict[str, int]) -> Line:
    returned = (DeliveryStatus.BOUNCED, DeliveryStatus.COMPLAINED)
    return Line(
        mailing=mailing,
        documents=sum(counts.values()),
        accepted=sum(counts.get(status, 0) for status in SENT if status not in returned),
        returned=sum(counts.get(status, 0) for status in returned),
        failed=counts.get(DeliveryStatus.FAILED, 0),
        in_doubt=counts.get(DeliveryStatus.IN_DOUBT, 0),
        waiting=counts.get(DeliveryStatus.PENDING, 0),
        left_out=sum(counts.get(status, 0) for status in LEFT_OUT),
    )
