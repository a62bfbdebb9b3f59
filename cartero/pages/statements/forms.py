"""What statements are to be made: until when, whose, and what they say of how to pay."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.mailings.errors import BackwardPeriod
from cartero.mailings.models import StatementRun
from cartero.mailings.statements import Wanted
from cartero.pages.days import day_field
from cartero.pages.picking import PickingForm
from cartero.parties.models import Group, GroupKind

LONGEST = 1_000
EVERYONE, GROUP, ZONE, CHOSEN = "everyone", "group", "zone", "chosen"
AUDIENCES = (
    (EVERYONE, _("Todos los que deben")),
    (GROUP, _("Un grupo")),
    (ZONE, _("Una zona")),
    (CHOSEN, _("Los que yo elija")),
)
_ASKED = {
    GROUP: ("group", _("Elija un grupo.")),
    ZONE: ("zone", _("Elija una zona.")),
    CHOSEN: ("parties", _("Elija al menos un tercero.")),
}


class WantedForm(PickingForm):
    until = day_field(label=_("Fecha de corte"))
    since = day_field(
        label=_("Movimientos desde"), required=False, help_text=_("Si lo deja vacío, desde el primero de ese mes.")
    )
    audience = forms.ChoiceField(label=_("De quién"), choices=AUDIENCES, widget=forms.RadioSelect)
    group = forms.ModelChoiceField(Group.objects.none(), label=_("Grupo"), required=False)
    zone = forms.ModelChoiceField(Group.objects.none(), label=_("Zona"), required=False)
    pay_to = forms.CharField(
        label=_("Cómo pagar"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Va al final de cada uno: su cuenta bancaria, su enlace de pago, la referencia."),
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, company=company, **kwargs)
        groups = Group.objects.of(company).order_by("name")
        for name, kind in (("group", GroupKind.GROUP), ("zone", GroupKind.ZONE)):
            self.fields[name].queryset = groups.filter(kind=kind)  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        name, text = _ASKED.get(given.get("audience", ""), ("", ""))
        if name and not given.get(name):
            self.add_error(name, text)
        until, since = given.get("until"), given.get("since")
        if until and since and since > until:
            self.add_error("since", BackwardPeriod.text)
        return given

    def wanted(self) -> Wanted:
        """Of a valid form."""
        given = self.cleaned_data
        audience, until = given["audience"], given["until"]
        place = given[audience] if audience in (GROUP, ZONE) else None
        return Wanted(
            until=until,
            since=given["since"] or until.replace(day=1),
            group=place.pk if place else None,
            parties=tuple(given["parties"]) if audience == CHOSEN else (),
            pay_to=given["pay_to"],
        )


def initial(company: Company, parties: Sequence[str] = ()) -> Mapping[str, Any]:
    """Today, those `parties` or else all who owe, and how to pay as it was said the last time."""
    last = StatementRun.objects.of(company).order_by("-created_at").first()
    return {
        "until": timezone.localdate(),
        "audience": CHOSEN if parties else EVERYONE,
        "parties": list(parties),
        "pay_to": last.pay_to if last else "",
    }
