"""What changes a sending. Starting, scheduling and cancelling ask first, on a page or in a dialog; the rest is done."""

from decimal import Decimal

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cartero.companies.roles import Role
from cartero.mailings import batches, lifecycle, reports
from cartero.mailings.models import DeliveryInvoice, Mailing
from cartero.mailings.states import WAITING, DeliveryStatus
from cartero.pages import quota
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.mailings import changes
from cartero.pages.mailings.forms import ScheduleForm
from cartero.pages.mailings.recipients import mailing_of
from cartero.platform import formats

_NONE = Decimal(0)
DONE: dict[str, str | Promise] = {
    "start": gettext_lazy("El envío %(number)s comenzó."),
    "stop": gettext_lazy("El envío %(number)s quedó detenido."),
    "resume": gettext_lazy("El envío %(number)s sigue."),
    "next_batch": gettext_lazy("Sale la tanda siguiente del envío %(number)s."),
    "retry": gettext_lazy("Salen otra vez los que fallaron en el envío %(number)s."),
    "cancel": gettext_lazy("El envío %(number)s quedó cancelado."),
    "unschedule": gettext_lazy("El envío %(number)s ya no está programado."),
}


@require_POST
@role(Role.SENDER)
def move(request: CompanyRequest, pk: int, *, verb: str) -> HttpResponse:
    """Raises NotNow where someone was first; she is told, and sees how it stands."""
    mailing = mailing_of(request, pk)
    lifecycle.VERBS[verb](mailing, request.user)
    return _moved(request, mailing, verb)


@require_http_methods(["GET", "POST"])
@role(Role.SENDER)
def start(request: CompanyRequest, pk: int) -> HttpResponse:
    mailing = mailing_of(request, pk)
    if request.method == "POST":
        lifecycle.start(mailing, by=request.user)
        return _moved(request, mailing, "start")
    progress, batch = reports.progress(mailing), batches.standing(mailing)
    context = {
        "mailing": mailing,
        "progress": progress,
        "sum": _in_words(amounts(mailing)),
        "seconds": reports.duration(mailing.account, progress.waiting, batches.waits_of(batch)),
        "batch": batch,
        "going": progress.documents.get(DeliveryStatus.PENDING, 0),
        "used": quota.used(mailing.account, progress.now),
        "changes": changes.since_registering(mailing),
        "others": Mailing.objects.of(request.company).live().exclude(pk=pk).order_by("number")[:3],
    }
    return page(request, "mailings/start.html", context, "dialog")


@require_http_methods(["GET", "POST"])
@role(Role.SENDER)
def cancel(request: CompanyRequest, pk: int) -> HttpResponse:
    mailing = mailing_of(request, pk)
    if request.method == "POST":
        lifecycle.cancel(mailing, by=request.user)
        return _moved(request, mailing, "cancel")
    context = {"mailing": mailing, "progress": reports.progress(mailing)}
    return page(request, "mailings/cancel.html", context, "dialog")


@require_http_methods(["GET", "POST"])
@role(Role.SENDER)
def schedule(request: CompanyRequest, pk: int) -> HttpResponse:
    mailing = mailing_of(request, pk)
    at = timezone.localtime(mailing.scheduled_for) if mailing.scheduled_for else None
    form = ScheduleForm(
        request.POST if request.method == "POST" else None, initial={"day": at and at.date(), "hour": at and at.time()}
    )
    if not form.is_valid():
        return page(request, "mailings/schedule.html", {"mailing": mailing, "form": form}, "dialog", "schedule")
    lifecycle.schedule(mailing, request.user, form.moment, timezone.now())
    return done(
        request, reverse("mailing", args=[pk]), _("El envío %(number)s quedó programado.") % {"number": mailing.number}
    )


def amounts(mailing: Mailing) -> list[tuple[str, Decimal]]:
    """What the documents that go come to, a sum for each currency."""
    going = DeliveryInvoice.objects.filter(delivery__mailing=mailing, delivery__status__in=WAITING)
    sums = going.values_list("invoice__currency").annotate(total=Sum("invoice__payable_amount"))
    return list(sums.order_by("invoice__currency"))


def _in_words(sums: list[tuple[str, Decimal]]) -> str:
    """`$ 238.000,00 + USD 50,00`; a line ends between two, not within one."""
    shown = [formats.money(total, currency) for currency, total in sums] or [formats.money(_NONE)]
    return " + ".join(one.replace(" ", "\N{NO-BREAK SPACE}") for one in shown)


def _moved(request: CompanyRequest, mailing: Mailing, verb: str) -> HttpResponse:
    return done(request, reverse("mailing", args=[mailing.pk]), str(DONE[verb]) % {"number": mailing.number})
