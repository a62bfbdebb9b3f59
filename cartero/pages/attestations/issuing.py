"""A constancia of a document, a tercero or a sending: what it would hold, those there are, and a new one."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from cartero.companies.roles import Role, allows
from cartero.invoices.models import Invoice
from cartero.mailings import attesting
from cartero.mailings.attesting import Asked
from cartero.mailings.models import Attestation, AttestationKind, Mailing
from cartero.pages.access import role
from cartero.pages.days import day_field
from cartero.pages.http import CompanyRequest, done, page
from cartero.parties.models import Party
from cartero.platform import formats

EARLIER = 10


class AskedForm(forms.Form):
    """The days of a tercero; which part, where there are several. Either may be missing."""

    since = day_field(label=gettext_lazy("Desde"), required=False)
    until = day_field(label=gettext_lazy("Hasta"), required=False)
    part = forms.IntegerField(label=gettext_lazy("Parte"), required=False, min_value=1, max_value=10_000)

    def __init__(self, *args: Any, kind: AttestationKind, parts: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != AttestationKind.PARTY:
            del self.fields["since"], self.fields["until"]
        if parts < 2:
            del self.fields["part"]
        else:
            facts = {"parts": formats.number(parts), "mails": formats.number(attesting.PER_PART)}
            self.fields["part"].help_text = _("De 1 a %(parts)s: cada parte tiene hasta %(mails)s correos.") % facts

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        since: date | None = given.get("since")
        until: date | None = given.get("until")
        if since and until and until < since:
            raise ValidationError(_("El último día es anterior al primero."))
        return {**given, "part": given.get("part") or 1}


@require_GET
@role(Role.READER)
def index(request: CompanyRequest, pk: int, kind: AttestationKind) -> HttpResponse:
    asked = _asked(request, kind, pk)
    sent = asked.count()
    return _show(request, asked, AskedForm(kind=kind, parts=attesting.parts_of(sent)), sent)


@require_POST
@role(Role.PREPARER)
def issue(request: CompanyRequest, pk: int, kind: AttestationKind) -> HttpResponse:
    """Raises NothingSent, NoSuchPart, NotDrawn, FileLost."""
    asked = _asked(request, kind, pk)
    sent = asked.count()
    form = AskedForm(request.POST, kind=kind, parts=attesting.parts_of(sent))
    if not form.is_valid():
        return _show(request, asked, form, sent)
    issued, _code = attesting.issue(_asked(request, kind, pk, **form.cleaned_data), request.user, timezone.now())
    message = _("Constancia %(number)s emitida. Su código está en el PDF, y solo allí.") % {"number": issued.number}
    return done(request, reverse("attestation", args=[issued.pk]), message)


# Whose it is, by what it is about: hers, or a 404.
_OWNED: Mapping[AttestationKind, Callable[[CompanyRequest, int], Model]] = {
    AttestationKind.INVOICE: lambda request, pk: get_object_or_404(Invoice.objects.of(request.company), pk=pk),
    AttestationKind.PARTY: lambda request, pk: get_object_or_404(Party.objects.of(request.company), pk=pk),
    AttestationKind.MAILING: lambda request, pk: get_object_or_404(
        Mailing.objects.of(request.company).select_related("account"), pk=pk
    ),
}


def _asked(request: CompanyRequest, kind: AttestationKind, pk: int, **more: Any) -> Asked:
    about: dict[str, Any] = {str(kind): _OWNED[kind](request, pk)}
    return Asked(company=request.company, **about, **more)


def _show(request: CompanyRequest, asked: Asked, form: AskedForm, sent: int) -> HttpResponse:
    about = asked.invoice or asked.party or asked.mailing
    earlier = Attestation.objects.of(request.company).issued().filter(**{str(asked.kind): about})
    context = {
        "asked": asked,
        "about": about,
        "form": form,
        "sent": sent,
        "back": reverse(str(asked.kind), args=[about.pk if about else 0]),
        "issue": reverse(f"attest_{asked.kind}", args=[about.pk if about else 0]),
        "earlier": earlier.select_related("issued_by").order_by("-number")[:EARLIER],
        "may_prepare": allows(request.membership.role, Role.PREPARER),
    }
    return page(request, "attestations/issue.html", context)
