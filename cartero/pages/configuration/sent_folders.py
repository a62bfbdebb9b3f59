"""Buzón de enviados of a mail account: where what is in doubt is looked for, and whether it can be read."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cartero.companies.roles import Role
from cartero.mailings import doubts
from cartero.pages.access import role
from cartero.pages.configuration.sent_folder_form import SentFolderForm
from cartero.pages.http import CompanyRequest, done, page
from cartero.transport import sent_folder_editing
from cartero.transport.models import MailAccount


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def sent_folder(request: CompanyRequest, pk: int) -> HttpResponse:
    """The POST saves, then reads the mailbox for real, and takes as long as its server does."""
    account = _account(request, pk)
    sent = sent_folder_editing.of(account)
    form = SentFolderForm(_posted(request), box=sent)
    if not form.is_valid():
        return page(request, "configuration/sent_folder.html", {"form": form, "account": account, "sent": sent})
    sent_folder_editing.save(sent, form.values(), form.cleaned_data["password"], by=request.user)
    sent_folder_editing.probe(sent)
    doubts.look_again(account)
    return done(request, request.path, _("El buzón de enviados quedó guardado."))


@require_POST
@role(Role.ADMIN)
def remove(request: CompanyRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    sent_folder_editing.remove(account, by=request.user)
    return done(
        request, "mail_accounts", _("La cuenta %(name)s ya no tiene buzón de enviados.") % {"name": account.name}
    )


def _account(request: CompanyRequest, pk: int) -> MailAccount:
    return get_object_or_404(MailAccount.objects.of(request.company).select_related("company"), pk=pk)


def _posted(request: CompanyRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
