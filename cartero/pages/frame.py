"""What stands around every page: the menu, the sending under way, the companies she may change to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company, Membership
from cartero.mailings import reports
from cartero.pages import session

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
class Frame:
    tasks: list[Item]
    configuration: list[Item]
    underway: reports.Standing | None
    memberships: list[Membership]

    @cached_property
    def tasks_menu(self) -> SafeString:
        """Both menus stand twice on a page: at the side, and in the drawer of a narrow one."""
        return render_to_string("ui/_menu_items.html", {"items": self.tasks, "underway": self.underway})

    @cached_property
    def configuration_menu(self) -> SafeString:
        return render_to_string("ui/_menu_items.html", {"items": self.configuration})

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
        underway=underway(reports.standing(company)),
        memberships=session.works_for(request.user),
    )


def underway(standing: Iterable[reports.Standing]) -> reports.Standing | None:
    """The sending that has been going on the longest."""
    return next((each for each in standing if each.is_oldest), None)


def _items(entries: tuple[tuple[str, Promise | str, str], ...], path: str) -> Iterator[Item]:
    for name, label, icon in entries:
        url = reverse(name)
        yield Item(name=name, label=label, icon=icon, url=url, is_current=path.startswith(url))
