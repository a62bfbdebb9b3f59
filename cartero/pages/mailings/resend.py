"""Reenviar: which mails of a sending go again, what comes of it, and the sending that is registered of them."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cartero.companies.roles import Role
from cartero.mailings import resending
from cartero.mailings.models import Mailing
from cartero.mailings.resending import Asked, Which
from cartero.mailings.states import LeftOut
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.mailings.recipients import mailing_of
from cartero.pages.mailings.rows import RecipientsFilter

SIZE = 50
MOST_TICKED = 1_000
WAYS = {"fallidos": Which.FAILED, "sin-ver": Which.UNSEEN, "marcados": Which.CHOSEN}


class ResendForm(forms.Form):
    """What is not understood is as it is at first."""

    cuales = forms.ChoiceField(choices=[(way, way) for way in WAYS], required=False)
    dias = forms.IntegerField(label=gettext_lazy("Días sin verlo"), min_value=0, max_value=3650, required=False)
    otra_vez = forms.BooleanField(label=gettext_lazy("Que salga también lo mismo a la misma dirección"), required=False)

    def asked(self, ticked: tuple[int, ...]) -> Asked:
        self.is_valid()
        given = self.cleaned_data
        days = given.get("dias")
        return Asked(
            which=WAYS[given.get("cuales") or "fallidos"],
            days=7 if days is None else days,
            among=ticked,
            again=bool(given.get("otra_vez")),
        )


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def resend(request: CompanyRequest, pk: int) -> HttpResponse:
    """Raises NothingToResend, AlreadyThere, NothingToSend."""
    mailing = mailing_of(request, pk)
    data = request.POST if request.method == "POST" else request.GET
    form = ResendForm(data)
    asked = form.asked(_ticked(data))
    if request.method == "GET":
        return page(request, "mailings/resend.html", _shown(request, mailing, form, asked))
    new = resending.resend(mailing, asked, by=request.user, now=timezone.now())
    message = _("Quedó registrado el envío %(number)s. Nada sale hasta que lo inicie.") % {"number": new.number}
    return done(request, f"{reverse('mailings')}?sel={new.pk}", message)


def _shown(request: HttpRequest, mailing: Mailing, form: ResendForm, asked: Asked) -> dict[str, Any]:
    picks = asked.which == Which.CHOSEN and not asked.among
    way = next(way for way, which in WAYS.items() if which == asked.which)
    context = {"mailing": mailing, "form": form, "asked": asked, "way": way, "ways": WAYS, "picks": picks}
    if picks:
        return context | _to_tick(request, mailing)
    found = resending.outlook(mailing, asked, timezone.now())
    same = found.left_out.get(LeftOut.SENT_BEFORE, 0)
    out = [(LeftOut(reason).label, n) for reason, n in found.left_out.items() if reason != LeftOut.SENT_BEFORE]
    return context | {
        "outlook": found,
        "is_more": found.found > resending.COUNTED,
        "counted": resending.COUNTED,
        "same": same,
        "left_out": out,
        "asks": same or asked.again,
    }


def _to_tick(request: HttpRequest, mailing: Mailing) -> dict[str, Any]:
    """The mails that may go again, of those that her search finds."""
    filters = RecipientsFilter(request.GET, mailing=mailing)
    listed = paging.by_key(resending.resendable(filters.deliveries(), mailing), request.GET, ("id",), size=SIZE)
    return {"slice": listed, "filters": filters}


def _ticked(data: QueryDict) -> tuple[int, ...]:
    given = [int(each) for each in data.getlist("entrega") if each.isdecimal() and len(each) < 19]
    return tuple(given[:MOST_TICKED])
