"""One import: how far it is, then what became of each file and row, with every refusal and how to mend it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role, allows
from cartero.importing.models import Conflict, Import, ImportLine, ImportStatus, Outcome
from cartero.pages import downloads, paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, follow, page

CHUNK = 2_000
# How each outcome looks (badge.css), the worst first, as the page lists them.
LOOKS: Mapping[str, str] = {
    Outcome.REFUSE: "failed",
    Outcome.CONFLICT: "in_doubt",
    Outcome.WARN: "no_address",
    Outcome.IMPORT: "ok",
    Outcome.UNCHANGED: "cancelled",
    Outcome.EVENT: "opened",
}
TOLD = {"warning": gettext_lazy("Aviso"), "note": gettext_lazy("Nota")}
_MOVING = (ImportStatus.RECEIVED, ImportStatus.READING)


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many files or rows had an outcome, and the filter that lists them."""

    outcome: str
    label: str | Promise
    look: str
    count: int
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """A file or row. `conflict` is the id of the one that a person has to settle."""

    line: ImportLine
    label: str | Promise
    look: str
    conflict: int | None


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Import.objects.of(request.company).select_related("by"), pk=pk)
    if source.question and allows(request.membership.role, Role.PREPARER):
        return follow(request, reverse("import_columns", args=[pk]))
    context = {"source": source, "is_moving": source.status in _MOVING, "state": LOOKS_OF_STATUS[source.status]}
    return page(request, "imports/detail.html", context | _results(request, source), "progress")


@require_GET
@role(Role.READER)
def xlsx(request: CompanyRequest, pk: int) -> FileResponse:
    """The refusals, or with `?resultado=` what else was asked for: a row for each thing that is said."""
    source = get_object_or_404(Import.objects.of(request.company), pk=pk)
    lines = _asked(source, request.GET.get("resultado") or Outcome.REFUSE)
    headings = [_("Archivo"), _("Resultado"), _("Documento"), _("Dónde"), _("Qué pasó"), _("Cómo corregirlo")]
    return downloads.export(request, _("importacion-%(pk)s.xlsx") % {"pk": pk}, headings, _told(lines))


LOOKS_OF_STATUS: Mapping[str, str] = {
    ImportStatus.RECEIVED: "pending",
    ImportStatus.READING: "sending",
    ImportStatus.NEEDS_MAPPING: "in_doubt",
    ImportStatus.FINISHED: "finished",
    ImportStatus.FAILED: "failed",
}


def _results(request: CompanyRequest, source: Import) -> dict[str, object]:
    if source.status != ImportStatus.FINISHED:
        return {}
    counts = source.count_lines() if source.counts is None else source.counts
    asked = request.GET.get("resultado", "")
    listed = paging.by_key(_asked(source, asked), request.GET, ("position", "id"))
    return {
        "shares": [
            Share(outcome=o, label=Outcome(o).label, look=look, count=counts.get(o, 0), is_current=o == asked)
            for o, look in LOOKS.items()
            if counts.get(o) or o == asked
        ],
        "total": sum(counts.values()),
        "refused": counts.get(Outcome.REFUSE, 0),
        "asked": asked if asked in Outcome.values else "",
        "slice": listed,
        "rows": _rows(source, listed.rows),
    }


def _asked(source: Import, outcome: str) -> QuerySet[ImportLine]:
    lines = source.lines.select_related("invoice")
    return lines.filter(outcome=outcome) if outcome in Outcome.values else lines


def _rows(source: Import, lines: list[ImportLine]) -> list[Row]:
    """One query more where one of them is a conflict."""
    clashing = [line.invoice_id for line in lines if line.outcome == Outcome.CONFLICT]
    found = Conflict.objects.of(source.company).filter(source=source, invoice__in=clashing) if clashing else []
    conflicts = {conflict.invoice_id: conflict.pk for conflict in found}
    return [
        Row(
            line=line,
            label=Outcome(line.outcome).label,
            look=LOOKS[line.outcome],
            conflict=conflicts.get(line.invoice_id or 0) if line.outcome == Outcome.CONFLICT else None,
        )
        for line in lines
    ]


def _told(lines: QuerySet[ImportLine]) -> Iterator[list[downloads.Cell]]:
    last = 0
    while chunk := list(lines.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        for line in chunk:
            for said in line.messages or [{}]:
                where, what, mend = (said.get(name, "") for name in ("where", "what", "mend"))
                yield [line.file, str(Outcome(line.outcome).label), line.number, where, what, mend]
