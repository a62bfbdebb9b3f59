"""Importar: where files are dropped, what can be imported, and the imports there have been."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from cartero.companies.models import Company
from cartero.companies.roles import Role, allows
from cartero.importing import intake, limits
from cartero.importing.models import Conflict, Import, ImportLine, Outcome
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, follow, page
from cartero.pages.imports import arriving
from cartero.pages.imports.forms import UploadForm

SIZE = 20


@dataclass(frozen=True, kw_only=True)
class Line:
    """An import in the list, and what became of its files and rows."""

    source: Import
    came_in: int
    conflicts: int
    refused: int


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    return _show(request, UploadForm())


@csrf_exempt  # the token is in the body, which may be read once her role is known and its limits are set: see _take
@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def upload(request: CompanyRequest) -> HttpResponse:
    """Takes files in and leads to what becomes of them. Raises TooManyUnfinished."""
    if request.method == "GET":
        return redirect("imports")
    arrival = arriving.Arrival(request)
    request.upload_handlers = [arrival]
    answer: HttpResponse = _take(request, arrival)
    return answer


@csrf_protect
def _take(request: CompanyRequest, arrival: arriving.Arrival) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES, arrival=arrival)
    if not form.is_valid():
        return _show(request, form)
    limits.check_company(request.company)
    files = arriving.paths(request.FILES.getlist("uploads"))
    source = intake.receive(request.company, request.user, files, form.options)
    return follow(request, reverse("import", args=[source.pk]))


def _show(request: CompanyRequest, form: UploadForm) -> HttpResponse:
    sources = Import.objects.of(request.company).select_related("by")
    listed = paging.by_key(sources, request.GET, ("-created_at", "-id"), size=SIZE)
    context = {
        "form": form,
        "slice": listed,
        "lines": _lines(request.company, listed),
        "open_conflicts": Conflict.objects.of(request.company).open().count(),
        "may_import": allows(request.membership.role, Role.PREPARER),
        "most_bytes": limits.MOST_BYTES,
        "most_files": limits.MOST_FILES,
    }
    return page(request, "imports/index.html", context, "upload")


def _lines(company: Company, sources: Iterable[Import]) -> list[Line]:
    """One query for all that have not been counted."""
    listed = list(sources)
    counted: dict[int, dict[str, int]] = defaultdict(dict, {each.pk: each.counts for each in listed if each.counts})
    uncounted = [each for each in listed if each.counts is None]
    rows = ImportLine.objects.of(company).filter(source__in=uncounted).values_list("source_id", "outcome")
    for source, outcome, n in rows.annotate(n=Count("id")).order_by():
        counted[source][outcome] = n
    return [
        Line(
            source=source,
            came_in=counted[source.pk].get(Outcome.IMPORT, 0) + counted[source.pk].get(Outcome.WARN, 0),
            conflicts=counted[source.pk].get(Outcome.CONFLICT, 0),
            refused=counted[source.pk].get(Outcome.REFUSE, 0),
        )
        for source in listed
    ]
