"""Documents that came with a number that is here already: both side by side, and the decision which one stays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cartero.companies.roles import Role, allows
from cartero.documents import naming
from cartero.importing import deciding
from cartero.importing.models import Conflict, Decision
from cartero.invoices import serial, storing
from cartero.invoices.models import InvoiceFile
from cartero.invoices.states import FileRole
from cartero.mailings import replacing
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, framable, page
from cartero.pages.imports import comparing

LOOKS = {Decision.OPEN: "in_doubt", Decision.KEPT: "cancelled", Decision.REPLACED: "ok"}
_READABLE = {FileRole.CONTAINER, FileRole.XML, FileRole.VALIDATION, FileRole.EVENT}


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of one of the two; `pk` is its id, of one that came its position."""

    pk: int
    role: str
    name: str
    size: int

    @property
    def label(self) -> str:
        return str(FileRole(self.role).label)

    @property
    def is_pdf(self) -> bool:
        return self.role == FileRole.PDF


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    """Those to decide, or with `?vista=decididos` those that somebody has decided."""
    decided = request.GET.get("vista") == "decididos"
    conflicts = Conflict.objects.of(request.company).select_related("invoice__party", "source", "decided_by")
    chosen = conflicts.exclude(decision=Decision.OPEN) if decided else conflicts.open()
    listed = paging.by_key(chosen, request.GET, ("-id",))
    context = {"slice": listed, "rows": [(each, LOOKS[Decision(each.decision)]) for each in listed], "decided": decided}
    return page(request, "imports/conflicts.html", context)


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    conflict = _conflict(request, pk)
    invoice = conflict.invoice
    here = replace(serial.from_json(invoice.content.data), balance=invoice.balance)
    files_here = [File(pk=f.pk, role=f.role, name=f.name, size=f.size) for f in invoice.files.order_by("pk")]
    files_came = [
        File(pk=position, role=came["role"], name=came["name"], size=came["size"])
        for position, came in enumerate(conflict.files)
    ]
    context = {
        "conflict": conflict,
        "look": LOOKS[Decision(conflict.decision)],
        "is_open": conflict.decision == Decision.OPEN,
        "pairs": comparing.pairs(here, serial.from_json(conflict.data)),
        "files_here": files_here,
        "files_came": files_came,
        "pdf_here": _pdf(files_here),
        "pdf_came": _pdf(files_came),
        "may_decide": allows(request.membership.role, Role.PREPARER),
    }
    return page(request, "imports/conflict.html", context)


@require_POST
@role(Role.PREPARER)
def decide(request: CompanyRequest, pk: int) -> HttpResponse:
    """`queda=nuevo` takes the one that came. Raises AlreadyDecided, InvoiceOnItsWay, DocumentOnItsWay."""
    conflict = _conflict(request, pk)
    takes_new = request.POST.get("queda") == "nuevo"
    with transaction.atomic():
        deciding.decide(conflict, replace=takes_new, by=request.user)
        if takes_new:
            replacing.make_way(conflict.invoice)
    number = {"number": conflict.number}
    told = _("%(number)s quedó con el contenido nuevo.") if takes_new else _("%(number)s quedó como estaba.")
    return done(request, "conflicts", told % number)


@require_GET
@role(Role.READER)
@framable
def file(request: CompanyRequest, pk: int, position: int) -> HttpResponse:
    """A file that came, `position` among them. Raises FileLost."""
    files = _conflict(request, pk).files
    if position >= len(files):
        raise Http404
    came = files[position]
    return _served(request, FileRole(came["role"]), came["name"], came["sha256"])


@require_GET
@role(Role.READER)
@framable
def file_here(request: CompanyRequest, pk: int, file_pk: int) -> HttpResponse:
    """A file of the document that is here. Raises FileLost."""
    files = InvoiceFile.objects.of(request.company).filter(invoice=_conflict(request, pk).invoice_id)
    found = get_object_or_404(files, pk=file_pk)
    return _served(request, FileRole(found.role), found.name, found.sha256)


def _conflict(request: CompanyRequest, pk: int) -> Conflict:
    related = ("invoice__content", "invoice__party", "invoice__company", "source", "decided_by")
    return get_object_or_404(Conflict.objects.of(request.company).select_related(*related), pk=pk)


def _pdf(files: Iterable[File]) -> File | None:
    return next((each for each in files if each.is_pdf), None)


def _served(request: CompanyRequest, role: FileRole, name: str, sha256: str) -> HttpResponse:
    """A PDF as itself, an XML as the text that it is, anything else to be saved: nothing of it runs."""
    content = storing.read(request.company.pk, sha256)
    kind = "application/pdf" if role == FileRole.PDF else "application/octet-stream"
    if role in _READABLE:
        kind, content = "text/plain; charset=utf-8", _as_text(content)
    answer = HttpResponse(content, content_type=kind)
    shown = naming.safe(name) or role.value
    to_save = role != FileRole.PDF and role not in _READABLE
    answer["Content-Disposition"] = content_disposition_header(to_save, shown) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _as_text(content: bytes) -> bytes:
    """UTF-8 of what may be written in another way, to be read by a person."""
    for encoding in ("utf-8", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"):
        try:
            return content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    return content
