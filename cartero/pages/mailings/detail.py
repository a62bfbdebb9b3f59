"""One sending: what it holds, how it goes, how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from cartero.companies.roles import Role, allows
from cartero.mailings import batches, reports
from cartero.mailings.models import Delivery, Event, EventKind, Mailing
from cartero.mailings.reports import Progress
from cartero.mailings.states import DeliveryStatus, LeftOut, MailingStatus, Rehearsal
from cartero.pages import charts, frame, quota, reasons
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.mailings import changes, history, options
from cartero.pages.mailings.moves import amounts
from cartero.pages.mailings.recipients import mailing_of
from cartero.transport.history import CONTENT_KEEPS_FAILING

REPLIES = 12
LOOKED_THROUGH = 2_000  # of the last events, for those that tell a problem
PROBLEMS = 50
REASONS = 12
REFRESHES_EVERY, SPEAKS_EVERY = 10, 30  # seconds, of all that the page under way shows; figures alone go every 2
_ORDER = list(LeftOut.values)
TONES = {EventKind.ACCEPTED: "positive", EventKind.RETRY: "warning", EventKind.IN_DOUBT: "warning"}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A line of the log: what the server answered, and what that means."""

    event: Event
    tone: str
    what: str | Promise


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why mails failed or documents stayed out; `what` and `remedy` are for her."""

    code: str
    status: str
    what: str | Promise
    remedy: str | Promise
    mails: int


@require_GET
@role(Role.READER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    if request.htmx.target == "advance":
        return _advance(request, pk)
    mailing = mailing_of(request, pk)
    progress = reports.progress(mailing)
    context: dict[str, Any] = {
        "mailing": mailing,
        "progress": progress,
        "looks": options.looks(mailing, request.membership.role),
        "moves": {option.key: option for option in options.moves(mailing, progress, request.membership.role)},
        "sum": progress.documents_sum,
        "may_prepare": allows(request.membership.role, Role.PREPARER),
        "batch": batches.standing(mailing),
        "only_problems": request.GET.get("solo") == "problemas",
    }
    if request.htmx.target == "progress" and mailing.status != request.GET.get("visto", MailingStatus.SENDING):
        return HttpResponseClientRefresh()  # it ended, or somebody stopped it: another page
    more = _STATES[MailingStatus(mailing.status)]
    return page(request, "mailings/detail.html", context | more(mailing, progress, context), "progress", "rehearsal")


def _advance(request: CompanyRequest, pk: int) -> HttpResponse:
    """What moves every two seconds, of counters alone: one query."""
    standing = reports.standing(request.company, pk)
    shown = next((each for each in standing if each.pk == pk), None)
    if shown is None:
        raise Http404
    if shown.status != request.GET.get("visto", MailingStatus.SENDING):
        return HttpResponseClientRefresh()  # it ended, or somebody stopped it: another page
    context = {"shown": shown, "underway": frame.underway(standing)}
    return page(request, "mailings/detail.html", context, "advance")


def _before(mailing: Mailing, progress: Progress, context: Mapping[str, Any]) -> dict[str, Any]:
    mails = Delivery.objects.of(mailing.company).of_mailing(mailing).order_by("pk")
    problems = mails.filter(rehearsal=Rehearsal.PROBLEM).select_related("party")
    return {
        "amounts": amounts(mailing),
        "left_out": _reasons(mailing, DeliveryStatus.SKIPPED),
        "seconds": reports.duration(mailing.account, progress.waiting, batches.waits_of(context["batch"])),
        "problems": list(problems[:PROBLEMS]) if mailing.rehearsal_problems else [],
        "first": mails.filter(status=DeliveryStatus.PENDING).first(),
        "changes": changes.since_registering(mailing),
        "history": history.of(mailing),
    }


def _underway(mailing: Mailing, progress: Progress, context: Mapping[str, Any]) -> dict[str, Any]:
    account = mailing.account
    seconds = reports.time_left(account, progress, batches.waits_of(context["batch"]))
    return {
        "replies": _replies(mailing, only_problems=context["only_problems"]),
        "pace": min(progress.per_minute, account.per_minute or progress.per_minute) if mailing.is_moving else 0,
        "curve": charts.sparkline(progress.rates, account.per_minute),
        "least": min(progress.rates),
        "most": max(progress.rates),
        "connections": account.slots.filter(until__gt=progress.now).count(),
        "quota": quota.used(account, progress.now),
        "speaks": progress.now.second % SPEAKS_EVERY < REFRESHES_EVERY,
        "goes_on": mailing.is_moving or progress.is_in_air,
        "is_stopped": not mailing.is_moving,
        "hold": reports.hold(mailing, progress),
        "seconds": seconds,
        "ends_at": progress.now + timedelta(seconds=seconds),
        "stopped_because": reasons.happened(mailing.status_reason),
        "remedy": reasons.remedy(mailing.status_reason),
        "blames_mails": mailing.status_reason == CONTENT_KEEPS_FAILING,
        "is_asked": mailing.status_reason in batches.REASONS,
        "most_percent": batches.MOST_PERCENT,
        "stopped": None if mailing.is_moving else history.last(mailing, "stop"),
        "left_out": _reasons(mailing, DeliveryStatus.SKIPPED),
    }


def _after(mailing: Mailing, progress: Progress, _context: Mapping[str, Any]) -> dict[str, Any]:
    began, ended = mailing.started_at, mailing.finished_at
    took = (ended - began).total_seconds() if began and ended else 0
    return {
        "failures": _reasons(mailing, DeliveryStatus.FAILED),
        "left_out": _reasons(mailing, DeliveryStatus.SKIPPED),
        "shares": _shares(progress),
        "went_well": progress.mails.get(DeliveryStatus.ACCEPTED, 0) + progress.mails.get(DeliveryStatus.DELIVERED, 0),
        "delivered": progress.mails.get(DeliveryStatus.DELIVERED, 0),
        "bounced": progress.mails.get(DeliveryStatus.BOUNCED, 0),
        "history": history.of(mailing),
        "took": took or None,
        "average": round(progress.done * 60 / took) if took >= 60 else None,
    }


_STATES = {
    MailingStatus.REGISTERED: _before,
    MailingStatus.SCHEDULED: _before,
    MailingStatus.SENDING: _underway,
    MailingStatus.STOPPED: _underway,
    MailingStatus.FINISHED: _after,
    MailingStatus.CANCELLED: _after,
}


def _replies(mailing: Mailing, *, only_problems: bool) -> list[Reply]:
    """The newest. By the index `event_answered`: what came back later, however much, is not gone through."""
    events = Event.objects.of(mailing.company).answered().filter(mailing_id=mailing.pk).order_by("-pk")
    if only_problems:
        last = Event.objects.of(mailing.company).filter(pk__in=events.values("pk")[:LOOKED_THROUGH])
        events = last.exclude(kind=EventKind.ACCEPTED).order_by("-pk")
    found = events.select_related("delivery__party")[:REPLIES]
    return [Reply(event=event, tone=TONES.get(EventKind(event.kind), "negative"), what=_told(event)) for event in found]


def _told(event: Event) -> str | Promise:
    if event.kind == EventKind.ACCEPTED:
        return _("Aceptado")
    return reasons.happened(event.reason) or event.delivery.reason_detail or EventKind(event.kind).label


def _reasons(mailing: Mailing, status: DeliveryStatus) -> list[Reason]:
    """The commonest first; why documents stayed out, as LeftOut has it: those about addresses stand together. By the
    index of a mailing's deliveries in a state."""
    found = (
        mailing.deliveries.filter(status=status).values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    )
    counted = list(found[:REASONS])
    if status == DeliveryStatus.SKIPPED:
        counted.sort(key=lambda pair: _ORDER.index(pair[0]) if pair[0] in _ORDER else len(_ORDER))
    return [
        Reason(code=code, status=status, what=_named(mailing, status, code), remedy=reasons.remedy(code), mails=n)
        for code, n in counted
    ]


def _named(mailing: Mailing, status: DeliveryStatus, code: str) -> str | Promise:
    """A reason that no list explains is told by one of its mails."""
    named = reasons.happened(code)
    if named:
        return named
    one = mailing.deliveries.filter(status=status, reason=code).order_by("pk").first()
    return one.reason_detail if one else code


def _shares(progress: Progress) -> list[tuple[str, int, int]]:
    """Look, mails and where it begins, for the bar of the summary."""
    bounced = sum(progress.mails.get(s, 0) for s in (DeliveryStatus.BOUNCED, DeliveryStatus.COMPLAINED))
    delivered = progress.mails.get(DeliveryStatus.DELIVERED, 0)
    accepted = progress.mails.get(DeliveryStatus.ACCEPTED, 0)
    parts = [("delivered", delivered), ("accepted", accepted), ("bounced", bounced + progress.failed)]
    begins = [0, delivered, delivered + accepted]
    return [(look, mails, begin) for (look, mails), begin in zip(parts, begins, strict=True) if mails]
