"""The list of mails that have come in, newest first."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.mailbox.only_here import demonstration, mailbox

SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """Query strings of the pages around, for `ui/_pager.html`; empty where there is none."""

    previous: str
    next: str


@require_GET
@demonstration
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    """`?para=` narrows it to the addresses that hold those words."""
    wanted = request.GET.get("para", "").strip()
    mails = mailbox().newest(wanted)
    number = _number(request.GET.get("pagina", ""))
    leaf = Leaf(
        previous=_link(wanted, number - 1) if number > 1 else "",
        next=_link(wanted, number + 1) if len(mails) > number * SIZE else "",
    )
    shown = mails[(number - 1) * SIZE : number * SIZE]
    context = {"mails": shown, "leaf": leaf, "total": len(mails), "wanted": wanted}
    return page(request, "mailbox/index.html", context, "mails")


def _number(given: str) -> int:
    return min(max(int(given), 1), 1_000_000) if given.isdecimal() and len(given) < 8 else 1


def _link(wanted: str, number: int) -> str:
    return "?" + urlencode(({"para": wanted} if wanted else {}) | {"pagina": number})
