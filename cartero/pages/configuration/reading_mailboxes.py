"""Buzón de lectura of a mail account: where comes what its mails send back, and what of it is of none of them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.configuration import strangers
from cartero.pages.configuration.reading_mailbox_form import ReadingMailboxForm
from cartero.pages.http import CompanyRequest, done, page
from cartero.tracking import mailbox
from cartero.transport import reading_mailbox_editing
from cartero.transport.models import MailAccount


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def reading_mailbox(request: CompanyRequest, pk: int) -> HttpResponse:
    """The POST saves, then opens the mailbox for real, and takes as long as its server does."""
    account = _account(request, pk)
    box = reading_mailbox_editing.of(account)
    form = ReadingMailboxForm(request.POST if request.method == "POST" else None, box=box)
    if not form.is_valid():
        context = {"form": form, "account": account, "box": box, **strangers.of(account)}
        return page(request, "configuration/reading_mailbox.html", context)
    password, back_to = form.cleaned_data["password"], form.cleaned_data["return_address"]
    reading_mailbox_editing.save(box, form.values(), password, by=request.user)
    reading_mailbox_editing.send_back_to(account, back_to, by=request.user)
    mailbox.probe(box)
    return done(request, request.path, _("El buzón de lectura quedó guardado."))


@require_POST
@role(Role.ADMIN)
def remove(request: CompanyRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    reading_mailbox_editing.remove(account, by=request.user)
    told = _("La cuenta %(name)s ya no tiene buzón de lectura.") % {"name": account.name}
    return done(request, "mail_accounts", told)


def _account(request: CompanyRequest, pk: int) -> MailAccount:
    return get_object_or_404(MailAccount.objects.of(request.company).select_related("company"), pk=pk)
