"""Constancias de envío: those that were issued, and each with its PDF."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.mailings import attesting
from cartero.mailings.models import Attestation
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, framable, page

SIZE = 25
ABOUT = ("invoice", "party", "mailing", "issued_by")


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    issued = Attestation.objects.of(request.company).issued().select_related(*ABOUT)
    listed = paging.by_key(issued, request.GET, ("-number",), size=SIZE)
    return page(request, "attestations/index.html", {"slice": listed})


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    return page(request, "attestations/detail.html", {"attestation": _issued(request, pk)})


@require_GET
@role(Role.READER)
@framable
def pdf(request: CompanyRequest, pk: int) -> HttpResponse:
    """As it was issued. `?bajar` saves it. Raises FileLost."""
    issued = _issued(request, pk)
    name = _("constancia-%(number)s.pdf") % {"number": issued.number}
    answer = HttpResponse(attesting.pdf_of(issued), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header("bajar" in request.GET, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _issued(request: CompanyRequest, pk: int) -> Attestation:
    return get_object_or_404(Attestation.objects.of(request.company).issued().select_related(*ABOUT), pk=pk)
