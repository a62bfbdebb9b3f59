"""One run of statements: how far it is, then each tercero's, and who has none and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role, allows
from cartero.invoices.states import InvoiceKind
from cartero.mailings import statements
from cartero.mailings.models import Statement, StatementRun, StatementState
from cartero.mailings.states import MailingKind
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.segments import Segment
from cartero.platform import formats

# The states in the order of the page: how each looks (badge.css), and its filter.
LOOKS: Mapping[str, tuple[str, str | Promise, str]] = {
    StatementState.MADE: ("ok", _("Hechos"), "hechos"),
    StatementState.FAILED: ("failed", _("No se pudieron hacer"), "fallidos"),
    StatementState.LEFT_OUT: ("skipped", _("Por fuera"), "por-fuera"),
}
_BY_FILTER = {asked: state for state, (_look, _label, asked) in LOOKS.items()}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A tercero in the run; `amounts` is what it owed, written."""

    statement: Statement
    look: str
    amounts: list[str]


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    runs = StatementRun.objects.of(request.company).select_related("group", "created_by")
    run = get_object_or_404(runs, pk=pk)
    counts = statements.progress(run)
    context = {
        "run": run,
        "is_moving": run.finished_at is None,
        "made": counts[StatementState.MADE],
        "done": run.statements - counts[StatementState.DUE],
        "register": _register(run),
        "may_prepare": allows(request.membership.role, Role.PREPARER),
    }
    return page(request, "statements/detail.html", context | _results(request, run, counts), "progress")


def _results(request: CompanyRequest, run: StatementRun, counts: Mapping[str, int]) -> dict[str, object]:
    """Once it is made."""
    if run.finished_at is None:
        return {}
    asked = request.GET.get("estado", "")
    state = _BY_FILTER.get(asked, StatementState.MADE if counts[StatementState.MADE] else StatementState.LEFT_OUT)
    rows = Statement.objects.of(request.company).filter(run=run, state=state).select_related("party", "invoice", "run")
    listed = paging.by_key(rows, request.GET, ("id",))
    return {
        "amounts": statements.amounts(run),
        "segments": [
            Segment(value=value, label=label, count=counts[each], is_current=each == state)
            for each, (_look, label, value) in LOOKS.items()
            if counts[each] or each == state
        ],
        "slice": listed,
        "rows": [Row(statement=each, look=LOOKS[each.state][0], amounts=_written(each.amounts)) for each in listed],
    }


def _written(amounts: Mapping[str, str]) -> list[str]:
    return [formats.money(Decimal(amount), currency) for currency, amount in amounts.items()]


def _register(run: StatementRun) -> str:
    """Registrar envío with exactly the documents of the run, as a copy."""
    chosen = {
        "forma": MailingKind.COPY.value,
        "tipo": InvoiceKind.STATEMENT.value,
        "periodo": f"{run.until:%Y-%m}",
        "prefijo": run.prefix,
        "desde": run.first,
        "hasta": run.last,
    }
    return f"{reverse('register_mailing')}?{urlencode(chosen)}"
