"""What stands around every page: the menu, the sending under way, the companies she may change to."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company, Membership
from cartero.mailings import reports
from cartero.mailings.models import Mailing
from cartero.mailings.states import MailingStatus

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
    progress: reports.Progress
    sendings: int


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
    """How far the oldest running sending is; two queries, one where nothing runs."""
    running = list(Mailing.objects.of(company).filter(status=MailingStatus.SENDING).order_by("started_at", "id"))
    if not running:
        return None
    return Underway(mailing=running[0], progress=reports.progress(running[0]), sendings=len(running))


def _items(entries: tuple[tuple[str, Promise | str, str], ...], path: str) -> Iterator[Item]:
    for name, label, icon in entries:
        url = reverse(name)
        yield Item(name=name, label=label, icon=icon, url=url, is_current=path.startswith(url))
