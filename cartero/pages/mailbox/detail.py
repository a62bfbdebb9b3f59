"""One mail: as on a phone, as plain text, its attachments and what is in them."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.mailbox.only_here import demonstration, mail_or_404
from cartero.pages.mailbox.opened import open_mail


@require_GET
@demonstration
@role(Role.READER)
def detail(request: CompanyRequest, key: str) -> HttpResponse:
    kept, raw = mail_or_404(key)
    return page(request, "mailbox/detail.html", {"kept": kept, "mail": open_mail(raw)})
