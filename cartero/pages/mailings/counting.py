"""What the form would send, counted while she fills it in, and the lists of what it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.documents import countries
from cartero.mailings import batches, reports, selection
from cartero.mailings.batches import Plan
from cartero.mailings.selection import Counts
from cartero.mailings.states import LeftOut
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.mailings.choosing import SelectionForm
from cartero.transport.models import MailAccount

SHOWN = 100
AT_ONCE = 2_000  # documents that are counted while the page is made
MANY = 20_000  # documents that are counted, one by one, whenever something in the form changes
WITHOUT_ADDRESS = frozenset({LeftOut.NO_ADDRESS, LeftOut.UNUSABLE_ADDRESS})


@dataclass(frozen=True, kw_only=True)
class Left:
    """Documents that one reason leaves out; `url` lists them."""

    label: str | Promise
    documents: int
    url: str
    wants_care: bool


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a selection comes to. Of more documents than are counted while she waits, `counts` is None, and `documents`
    what the counters know of them, if they do.

    `limit`: bytes a mail may have; `seconds`: how long the account's limits make it last, None without account;
    `parts`: in how many it goes, none where all goes at once.
    """

    counts: Counts | None
    documents: int | None = None
    left: Sequence[Left] = ()
    limit: int | None = None
    seconds: float | None = None
    parts: int = 0

    @property
    def is_too_large(self) -> bool:
        return self.counts is not None and self.limit is not None and self.counts.largest_mail > self.limit

    @property
    def waits(self) -> bool:
        """Whether a page that is there may ask for them: they are not too many, as far as the counters know."""
        return self.counts is None and (self.documents or 0) <= MANY


def summary(
    company: Company,
    form: SelectionForm,
    account: MailAccount | None,
    plan: Plan | None = None,
    *,
    most: int | None = MANY,
) -> Summary | None:
    """None while the form does not say what it selects. Counts no more than `most` documents, one by one."""
    if not form.is_valid():
        return None
    chosen = form.selection()
    if most is not None:
        known = selection.tallied(company, chosen)
        if (selection.in_range(company, chosen, most + 1) if known is None else known) > most:
            return Summary(counts=None, documents=known)
    counts = selection.count(company, chosen)
    query = form.query()
    waits = batches.waiting_time(counts.mails, plan) if plan else timedelta()
    return Summary(
        counts=counts,
        documents=counts.documents,
        left=[_left(reason, counts.left_out[reason], query) for reason in LeftOut if reason in counts.left_out],
        limit=_limit(company, account, is_legal=form.is_legal),
        seconds=reports.duration(account, counts.mails, waits) if account else None,
        parts=batches.parts_of(counts.mails, plan) if plan else 0,
    )


@require_GET
@role(Role.READER)
def left_out(request: CompanyRequest) -> HttpResponse:
    """Who one reason leaves out of the selection in the address."""
    reason, after = request.GET.get("motivo", ""), request.GET.get("despues", "")
    form = SelectionForm(request.GET, company=request.company)
    if reason not in LeftOut.values or not form.is_valid():
        raise Http404
    behind = int(after) if after.isdecimal() and len(after) < 19 else 0
    found = selection.left_out(request.company, form.selection(), LeftOut(reason), after=behind, limit=SHOWN + 1)
    more = _more(request.GET, found[SHOWN - 1].invoice_id) if len(found) > SHOWN else ""
    context = {"reason": LeftOut(reason), "documents": found[:SHOWN], "more": more, "is_first": not behind}
    return page(request, "mailings/left_out.html", context)


def _left(reason: LeftOut, documents: int, query: str) -> Left:
    url = f"{reverse('left_out')}?{query}&motivo={reason.value}"
    return Left(label=reason.label, documents=documents, url=url, wants_care=reason in WITHOUT_ADDRESS)


def _limit(company: Company, account: MailAccount | None, *, is_legal: bool) -> int | None:
    limits = [account.max_size] if account else []
    lawful = countries.of(company.country).size_limit if is_legal else None
    return min([*limits, lawful] if lawful else limits, default=None)


def _more(asked: QueryDict, last: int) -> str:
    query = asked.copy()
    query["despues"] = str(last)
    return f"?{query.urlencode()}"
