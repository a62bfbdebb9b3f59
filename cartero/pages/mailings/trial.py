"""Enviar email de prueba: which mail is tried, where it goes, what the server answered."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cartero.companies.roles import Role
from cartero.mailings import trial as trying
from cartero.mailings.models import Delivery, Mailing
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, page
from cartero.pages.mailings.forms import TrialForm
from cartero.pages.mailings.recipients import mailing_of
from cartero.platform import formats

LOOKED_THROUGH = 500
FIRST = 20


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The examples, then the first mails; each (delivery, words)."""

    deliveries: list[Delivery]
    grouped: list[tuple[str, list[tuple[int, str]]]]


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def trial(request: CompanyRequest, pk: int) -> HttpResponse:
    mailing = mailing_of(request, pk)
    asked = request.POST.get("delivery") or request.GET.get("entrega", "")
    choices = _choices(mailing, asked)
    first = {"to": request.user.email, "delivery": asked or (choices.deliveries[0].pk if choices.deliveries else "")}
    form = TrialForm(request.POST if request.method == "POST" else None, initial=first, choices=choices.grouped)
    chosen = next((d for d in choices.deliveries if str(d.pk) == str(form["delivery"].value())), None)
    context = {"mailing": mailing, "form": form, "chosen": chosen}
    if form.is_bound and form.is_valid() and chosen:
        result = trying.send_test(mailing, chosen, form.cleaned_data["to"], request.user)
        context |= {"result": result, "at": timezone.now(), "preview": None}
    elif chosen:
        context["preview"] = trying.preview(chosen)
    if chosen:
        context["first_invoice"] = chosen.invoices.order_by("delivery_invoices__position").first()
    return page(request, "mailings/trial.html", context, "dialog", "trial")


def _choices(mailing: Mailing, asked: str) -> Choices:
    """Read through the first mails only: a list of a million helps nobody."""
    theirs = Delivery.objects.of(mailing.company).of_mailing(mailing)
    mails = theirs.exclude(message_id="").select_related("party").order_by("pk")
    looked = list(mails[:LOOKED_THROUGH])
    weights = dict(
        mails.filter(pk__in=[d.pk for d in looked]).values_list("pk").annotate(n=Sum("invoices__files__size"))
    )
    named = list(mails.filter(pk=int(asked))) if asked.isdecimal() and len(asked) < 19 else []
    if not looked:
        return Choices(deliveries=[], grouped=[])
    examples = {
        _("El correo con más documentos"): max(looked, key=lambda d: d.document_count),
        _("El nombre más largo"): max(looked, key=lambda d: len(d.party.name)),
        _("El correo más pesado"): max(looked, key=lambda d: weights.get(d.pk) or 0),
    }
    words = _words(mails.filter(pk__in=[d.pk for d in (*named, *looked[:FIRST], *examples.values())]))
    listed = [(d.pk, words[d.pk]) for d in (*named, *looked[:FIRST])]
    grouped = [
        (_("Documentos"), list(dict.fromkeys(listed))),
        (_("Ejemplos"), [(d.pk, f"{label}: {words[d.pk]}") for label, d in examples.items()]),
    ]
    return Choices(deliveries=[*named, *looked], grouped=grouped)


def _words(deliveries: QuerySet[Delivery]) -> dict[int, str]:
    """`FE18342 · Inmobiliaria Los Cerezos S.A.S. · $ 1.250.000,00`, by delivery."""
    told = {}
    for delivery in deliveries.prefetch_related("invoices"):
        first = next(iter(delivery.invoices.all()))
        total = formats.money(
            sum((i.payable_amount for i in delivery.invoices.all()), start=0 * first.payable_amount), first.currency
        )
        told[delivery.pk] = f"{first.number} · {delivery.party.name} · {total}"
    return told
