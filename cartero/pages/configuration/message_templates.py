"""Plantillas: the messages that a sending may begin with."""

from typing import Any

from csp.decorators import csp
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cartero.companies.roles import Role
from cartero.composing import richtext
from cartero.mailings import message_templates
from cartero.mailings.models import MessageTemplate
from cartero.mailings.states import MailingKind
from cartero.pages.access import role
from cartero.pages.configuration import samples
from cartero.pages.configuration.company import MAIL_POLICY
from cartero.pages.configuration.forms import TemplateForm
from cartero.pages.http import CompanyRequest, done, page

_DELETED = "deleted_template"  # in her session, for Deshacer
SHOWN = 200


@require_GET
@role(Role.PREPARER)
def index(request: CompanyRequest) -> HttpResponse:
    templates = MessageTemplate.objects.of(request.company).order_by("name")
    rows = [(each, richtext.to_text(each.message_html)[:SHOWN]) for each in templates]
    return page(request, "configuration/message_templates.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def new(request: CompanyRequest) -> HttpResponse:
    first = samples.first(request.company, MailingKind.COPY)
    initial = {"kind": first.kind, "subject": first.subject, "message_html": first.message_html}
    return _edit(request, MessageTemplate(company=request.company), initial)


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def detail(request: CompanyRequest, pk: int) -> HttpResponse:
    template = _template(request, pk)
    return _edit(request, template, {name: getattr(template, name) for name in message_templates.FIELDS})


@require_GET
@role(Role.PREPARER)
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # it takes any view
def mail(request: CompanyRequest, pk: int) -> HttpResponse:
    """A mail that begins with it, with an invented document. Raises BadAddress."""
    _subject, html = samples.mail(request.company, _template(request, pk))
    return HttpResponse(html)


@require_POST
@role(Role.PREPARER)
def duplicate(request: CompanyRequest, pk: int) -> HttpResponse:
    copy = message_templates.duplicate(_template(request, pk), by=request.user)
    to = reverse("message_template", args=[copy.pk])
    return done(request, to, _("Esta es la copia. Cámbiele el nombre y el texto."))


@require_POST
@role(Role.PREPARER)
def delete(request: CompanyRequest, pk: int) -> HttpResponse:
    """At once; the toast offers Deshacer."""
    template = _template(request, pk)
    kept = message_templates.delete(template, by=request.user)
    request.session[_DELETED] = {"pk": pk, "company": request.company.pk, "kept": kept}
    undo = reverse("restore_message_template", args=[pk])
    return done(request, "message_templates", _("Se borró «%(name)s».") % kept, undo=undo)


@require_POST
@role(Role.PREPARER)
def restore(request: CompanyRequest, pk: int) -> HttpResponse:
    """Raises NameTaken."""
    deleted = request.session.get(_DELETED, {})
    if (deleted.get("pk"), deleted.get("company")) != (pk, request.company.pk):
        raise Http404
    template = message_templates.restore(request.company, deleted["kept"], by=request.user)
    del request.session[_DELETED]
    return done(request, "message_templates", _("«%(name)s» está otra vez.") % {"name": template.name})


def _edit(request: CompanyRequest, template: MessageTemplate, initial: dict[str, Any]) -> HttpResponse:
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            message_templates.save(form.apply(template), by=request.user)
        except message_templates.NameTaken as error:
            form.add_error("name", error.user_text)
        else:
            return done(request, reverse("message_template", args=[template.pk]), _("La plantilla quedó guardada."))
    context = {"form": form, "template": template}
    if template.pk:
        stored = MessageTemplate.objects.of(request.company).get(pk=template.pk)
        context |= {"stored": stored, "subject": samples.mail(request.company, stored)[0]}
    return page(request, "configuration/message_template.html", context)


def _template(request: CompanyRequest, pk: int) -> MessageTemplate:
    return get_object_or_404(MessageTemplate.objects.of(request.company).select_related("company"), pk=pk)
