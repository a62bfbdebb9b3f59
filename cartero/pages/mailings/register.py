"""Registrar envío: what goes, to whom, with which message, and when. One form; its buttons need no JavaScript."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cartero.companies.models import Company, Country
from cartero.companies.roles import Role
from cartero.mailings import registering
from cartero.mailings.errors import NothingSelected, NothingToSend
from cartero.mailings.models import Mailing, MessageTemplate
from cartero.mailings.states import MailingKind
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.mailings import choosing, counting, drafting
from cartero.pages.mailings.choosing import SelectionForm
from cartero.pages.mailings.drafting import DraftForm
from cartero.transport.models import MailAccount

PARTS = ("summary", "parties")


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def register(request: CompanyRequest) -> HttpResponse:
    if request.method == "GET":
        return _begin(request)
    return _ACTIONS.get(request.POST.get("accion", ""), _register)(request)


def _begin(request: CompanyRequest) -> HttpResponse:
    """From Facturas with the rows that were ticked (`?factura=…`) or its filters, and from the last sending."""
    company = request.company
    kind = _kind(company, request.GET.get("forma", ""))
    wanted = choosing.initial(company, request.GET) | {"kind": kind.value}
    chosen = SelectionForm(initial=wanted, company=company)
    first = drafting.initial(company, kind, choosing.month(chosen))
    fixed = drafting.fixed_subject(company, kind, first["business_line"])
    draft = DraftForm(initial=first, company=company, fixed_subject=fixed)
    counted = SelectionForm(QueryDict(chosen.query()), company=company)
    return _show(request, chosen, draft, counted, most=counting.AT_ONCE)


def _register(request: CompanyRequest) -> HttpResponse:
    chosen, draft = SelectionForm(request.POST, company=request.company), _draft(request)
    if chosen.is_valid():
        counted = counting.summary(request.company, chosen, None)
        if counted and counted.counts and not counted.counts.going:
            chosen.add_error(None, (NothingToSend if counted.documents else NothingSelected).text)
    if not (chosen.is_valid() and draft.is_valid()):
        return _show(request, chosen, draft, chosen)
    mailing = registering.register(
        request.company, chosen.selection(), draft.draft(), by=request.user, now=timezone.now()
    )
    message = _("Quedó registrado el envío %(number)s. Nada sale hasta que lo inicie.") % {"number": mailing.number}
    return done(request, f"{reverse('mailings')}?sel={mailing.pk}", message)


def _count(request: CompanyRequest) -> HttpResponse:
    chosen = SelectionForm(request.POST, company=request.company)
    return _show(request, chosen, _draft(request, is_unfinished=True), chosen)


def _count_all(request: CompanyRequest) -> HttpResponse:
    """However many they are: she asked for it."""
    chosen = SelectionForm(request.POST, company=request.company)
    return _show(request, chosen, _draft(request, is_unfinished=True), chosen, most=None)


def _search(request: CompanyRequest) -> HttpResponse:
    """Terceros to tick, by name or NIT; those ticked already stay."""
    chosen = SelectionForm(initial=_typed(SelectionForm, request.POST), company=request.company)
    found, wanted = chosen.find(request.POST.get("buscar_tercero", ""))
    counted = SelectionForm(request.POST, company=request.company)
    return _show(request, chosen, _draft(request, is_unfinished=True), counted, found=found, searched=wanted)


def _use_template(request: CompanyRequest) -> HttpResponse:
    """Subject and message of a saved template, in place of hers."""
    asked = request.POST.get("template", "")
    template = MessageTemplate.objects.of(request.company).filter(pk=int(asked) if asked.isdecimal() else 0).first()
    taken = {"subject": template.subject, "message_html": template.message_html} if template else {}
    chosen = SelectionForm(initial=_typed(SelectionForm, request.POST), company=request.company)
    draft = _draft(request, is_unfinished=True)
    draft.initial = {**draft.initial, **taken}
    return _show(request, chosen, draft, SelectionForm(request.POST, company=request.company))


def _swap(request: CompanyRequest) -> HttpResponse:
    chosen = SelectionForm(choosing.swapped(request.POST), company=request.company)
    return _show(request, chosen, _draft(request, is_unfinished=True), chosen)


_ACTIONS: Mapping[str, Callable[[CompanyRequest], HttpResponse]] = {
    "contar": _count,
    "contar-todo": _count_all,
    "buscar": _search,
    "plantilla": _use_template,
    "intercambiar": _swap,
}


def _show(
    request: CompanyRequest,
    chosen: SelectionForm,
    draft: DraftForm,
    counted: SelectionForm,
    *,
    most: int | None = counting.MANY,
    **extra: Any,
) -> HttpResponse:
    company = request.company
    account = _account(company, str(draft["account"].value() or ""))
    summary = counting.summary(company, counted, account, drafting.plan(draft), most=most)
    context = {
        "chosen": chosen,
        "draft": draft,
        "forms": [chosen, draft],
        "counted": counted,
        "summary": summary,
        "waits": most == counting.AT_ONCE and bool(summary and summary.waits),
        "most": counting.MANY,
        "subject": drafting.fixed_subject(company, MailingKind.DELIVERY, str(draft["business_line"].value() or "")),
        "finding": reverse("register_mailing"),
        "is_colombian": company.country == Country.COLOMBIA,
        "invoices": len(list(filter(None, str(chosen["invoices"].value() or "").split(",")))),
        **extra,
    }
    return page(request, "mailings/register.html", context, *PARTS)


def _draft(request: CompanyRequest, *, is_unfinished: bool = False) -> DraftForm:
    """What she has written; unfinished, it is shown again without finding fault."""
    posted = request.POST
    fixed = drafting.fixed_subject(request.company, posted.get("kind", ""), posted.get("business_line", ""))
    if is_unfinished:
        return DraftForm(initial=_typed(DraftForm, posted), company=request.company, fixed_subject=fixed)
    return DraftForm(posted, company=request.company, fixed_subject=fixed)


def _typed(form: type[forms.Form], posted: QueryDict) -> dict[str, Any]:
    many = {name for name, field in form.base_fields.items() if isinstance(field, forms.MultipleChoiceField)}
    return {name: posted.getlist(name) if name in many else posted.get(name, "") for name in form.base_fields}


def _kind(company: Company, asked: str) -> MailingKind:
    """The one asked for, else that of the last sending, else the legal one where the law has one."""
    if asked in MailingKind.values:
        return MailingKind(asked)
    last = Mailing.objects.of(company).order_by("-number").values_list("kind", flat=True).first()
    return MailingKind(last or (MailingKind.DELIVERY if company.country == Country.COLOMBIA else MailingKind.COPY))


def _account(company: Company, pk: str) -> MailAccount | None:
    accounts = MailAccount.objects.of(company).active().order_by("pk")
    return accounts.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else accounts.first()
