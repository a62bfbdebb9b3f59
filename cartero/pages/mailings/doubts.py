"""En duda: mails that a server may have although it never said so, of one sending or of all; a person settles them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from cartero.companies.models import Company, DoubtRule
from cartero.companies.roles import Role, allows
from cartero.invoices.models import Invoice
from cartero.mailings import doubts, looking
from cartero.mailings.models import Delivery, Doubt, Mailing
from cartero.mailings.states import MailingStatus
from cartero.pages import moments, paging, reasons
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.mailings.recipients import mailing_of
from cartero.platform import formats
from cartero.transport.models import SentFolder

NAMED = 3  # documents of a mail; the others are counted


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row: `why` it is in doubt, and what was looked for since then."""

    delivery: Delivery
    numbers: list[str]
    more: int
    since: datetime | None
    why: str | Promise
    sought: list[str | Promise]


@require_GET
@role(Role.READER)
def index(request: CompanyRequest, pk: int | None = None) -> HttpResponse:
    mailing = mailing_of(request, pk) if pk else None
    found = _in_doubt(request.company, mailing)
    listed = paging.by_key(found, request.GET, ("id",))
    context = {
        "mailing": mailing,
        "slice": listed,
        "lines": [_line(delivery, request.company) for delivery in listed],
        "count": found.order_by().count(),
        "resends": request.company.doubt_rule == DoubtRule.RESEND,
        "may_settle": allows(request.membership.role, Role.SENDER),
        "may_configure": allows(request.membership.role, Role.ADMIN),
        "arrived": _place("arrived", mailing),
        "resend": _place("resend", mailing),
    }
    return page(request, "mailings/doubts.html", context)


@require_POST
@role(Role.SENDER)
def decide(request: CompanyRequest, pk: int | None = None, *, arrived: bool) -> HttpResponse:
    """Of the one whose button was pressed, of those ticked, or, with `todos`, of a whole sending."""
    mailing = mailing_of(request, pk) if pk else None
    everything = mailing is not None and "todos" in request.POST
    marked = None if everything else _marked(request)
    mailings = [mailing] if mailing else _mailings(request.company, marked or [])
    count = sum(doubts.decide(one, arrived=arrived, by=request.user, among=marked) for one in mailings)
    return done(request, reverse("mailing_doubts", args=[pk]) if pk else "doubts", _told(count, arrived=arrived))


def _in_doubt(company: Company, mailing: Mailing | None) -> QuerySet[Delivery]:
    found = Delivery.objects.of(company).in_doubt()
    numbers = Invoice.objects.of(company).filter(deliveries=OuterRef("pk")).order_by("pk").values("number")
    related = ("party", "mailing__account__sent_folder", "doubt")
    shown = found.select_related(*related).annotate(numbers=ArraySubquery(numbers[:NAMED]))
    return shown.filter(mailing=mailing) if mailing else shown


def _line(delivery: Delivery, company: Company) -> Line:
    numbers: list[str] = delivery.numbers  # type: ignore[attr-defined]  # annotated
    doubt: Doubt | None = getattr(delivery, "doubt", None)
    return Line(
        delivery=delivery,
        numbers=numbers,
        more=max(0, delivery.document_count - len(numbers)),
        since=doubt.since if doubt else None,
        why=reasons.happened(delivery.reason, delivery.reason_detail),
        sought=list(_sought(delivery, doubt, company)),
    )


def _sought(delivery: Delivery, doubt: Doubt | None, company: Company) -> Iterator[str | Promise]:
    """What is known of the search for it, and what comes next."""
    sent: SentFolder | None = getattr(delivery.mailing.account, "sent_folder", None)
    if sent is None:
        yield _("La cuenta no tiene dónde buscarlo.")
    elif sent.trouble:
        yield sent.happened
    if doubt is None:
        return
    if doubt.absent_from and doubt.looked_at:
        facts = {"folder": doubt.absent_from, "when": moments.within(doubt.looked_at)}
        yield _("No está en «%(folder)s» (%(when)s).") % facts
        if sent and sent.keeps_all:
            yield _("Su proveedor guarda allí lo que sale: lo más probable es que no salió.")
        elif sent:
            yield _("Su proveedor no siempre guarda allí lo que sale: eso no prueba nada.")
    if doubt.left_at is None and company.doubt_rule == DoubtRule.RESEND and _goes_on(delivery.mailing):
        yield _("Si no aparece, sale otra vez %(when)s") % {"when": moments.within(doubt.since + looking.RULE)}
    elif doubt.look_at and sent and not sent.is_refused:
        yield _("Se busca otra vez %(when)s") % {"when": moments.within(doubt.look_at)}


def _goes_on(mailing: Mailing) -> bool:
    return mailing.status != MailingStatus.CANCELLED


def _marked(request: HttpRequest) -> list[int]:
    one = request.POST.getlist("una")
    return [int(each) for each in one or request.POST.getlist("entrega") if each.isdecimal() and len(each) < 19]


def _mailings(company: Company, marked: list[int]) -> list[Mailing]:
    found = Delivery.objects.of(company).in_doubt().filter(pk__in=marked).values("mailing")
    return list(Mailing.objects.of(company).select_related("company").filter(pk__in=found).order_by("pk"))


def _place(what: str, mailing: Mailing | None) -> str:
    if mailing:
        return reverse(f"mailing_doubts_{what}", args=[mailing.pk])
    return reverse(f"doubts_{what}")


def _told(count: int, *, arrived: bool) -> str:
    if not count:
        return _("Nada cambió: no había ninguno marcado, o ya estaban resueltos.")
    if arrived:
        words = ngettext("%(n)s correo quedó como enviado.", "%(n)s correos quedaron como enviados.", count)
    else:
        words = ngettext("%(n)s correo sale otra vez.", "%(n)s correos salen otra vez.", count)
    return words % {"n": formats.number(count)}
