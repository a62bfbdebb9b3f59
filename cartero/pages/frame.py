"""What stands around every page: the menu, the sending under way, the companies she may change to."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company, Membership
from cartero.mailings.models import Mailing, Tally
from cartero.mailings.states import DeliveryStatus, MailingStatus

TASKS = (
    ("invoices", _("Facturas"), "invoice"),
    ("parties", _("Terceros"), "people"),
    ("mailings", _("Envíos"), "send"),
    ("imports", _("Importar"), "import"),
    ("reports", _("Informes"), "report"),
)
CONFIGURATION = (
    ("company", _("Empresa"), "building"),
    ("mail_accounts", _("Cuentas de correo"), "mail"),
    ("message_templates", _("Plantillas"), "template"),
    ("users", _("Usuarios"), "user"),
)


@dataclass(frozen=True, kw_only=True)
class Item:
    name: str
    label: str | Promise
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Underway:
    """The sending that has been going on the longest, and how many there are."""

    mailing: Mailing
    done: int
    sendings: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.mailing.deliveries_count if self.mailing.deliveries_count else 0


@dataclass(frozen=True, kw_only=True)
class Frame:
    tasks: list[Item]
    configuration: list[Item]
    underway: Underway | None
    memberships: list[Membership]

    @property
    def section(self) -> Item | None:
        """The entry of the menu she is in."""
        return next((item for item in (*self.tasks, *self.configuration) if item.is_current), None)


def of(request: HttpRequest) -> Frame | None:
    """The frame of her company; None where she has none, and the page stands alone."""
    company: Company | None = getattr(request, "company", None)
    if company is None or not request.user.is_authenticated:
        return None
    return Frame(
        tasks=list(_items(TASKS, request.path)),
        configuration=list(_items(CONFIGURATION, request.path)),
        underway=underway(company),
        memberships=list(
            Membership.objects.filter(user=request.user.pk).select_related("company").order_by("company__name")
        ),
    )


def underway(company: Company) -> Underway | None:
    """How far the oldest running sending is; two queries."""
    running = list(Mailing.objects.of(company).filter(status=MailingStatus.SENDING).order_by("started_at", "id"))
    if not running:
        return None
    waiting = Tally.objects.filter(mailing=running[0], state=DeliveryStatus.PENDING).aggregate(n=Sum("deliveries"))["n"]
    total = running[0].deliveries_count
    return Underway(mailing=running[0], done=max(0, total - (waiting or 0)), sendings=len(running))


def _items(entries: tuple[tuple[str, Promise | str, str], ...], path: str) -> Iterator[Item]:
    for name, label, icon in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        yield Item(name=name, label=label, icon=icon, url=url, is_current=path.startswith(url))
