"""What a sending holds and who gets it: the form of a `Selection`, for the page, its count, and who is left out."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company, Country
from cartero.invoices import periods, prefixes
from cartero.invoices.states import InvoiceKind, MailStatus
from cartero.mailings.selection import Audience, Selection
from cartero.mailings.states import MailingKind
from cartero.pages.days import day_field
from cartero.pages.picking import PickingForm
from cartero.parties import search
from cartero.parties.models import Group, GroupKind, Party
from cartero.platform import formats

MOST_INVOICES = 500
MOST_NAMED = 20
NO_PREFIX = "-"
ZONE = "zone"  # the form tells groups from zones; to a selection both are groups
AUDIENCES = (
    (Audience.EVERYONE.value, _("Todos")),
    (Audience.GROUP.value, _("Un grupo")),
    (ZONE, _("Una zona")),
    (Audience.CHOSEN.value, _("Los que yo elija")),
    (Audience.EXCEPT.value, _("Todos menos los que elija")),
)
NUMBER = {"invalid": _("Escriba solo el consecutivo, sin prefijo ni puntos.")}


def _number(label: Any) -> forms.IntegerField:
    widget = forms.TextInput({"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=2**63 - 1, widget=widget, error_messages=NUMBER
    )


class SelectionForm(PickingForm):
    """Filled by POST from the page, and by GET for the list of who is left out."""

    kind = forms.ChoiceField(label=_("Forma de entrega"), choices=MailingKind, widget=forms.RadioSelect)
    is_grouped = forms.BooleanField(label=_("Un solo correo por tercero, con todos sus documentos"), required=False)
    period = forms.ChoiceField(label=_("Período"), required=False)
    document_kind = forms.ChoiceField(label=_("Tipo de documento"), required=False)
    document_prefix = forms.ChoiceField(label=_("Prefijo"), required=False)
    number_from = _number(_("Número desde"))
    number_to = _number(_("Número hasta"))
    date_from = day_field(label=_("Fecha desde"), required=False)
    date_to = day_field(label=_("Fecha hasta"), required=False)
    audience = forms.ChoiceField(label=_("A quién"), choices=AUDIENCES, widget=forms.RadioSelect)
    group = forms.ModelChoiceField(Group.objects.none(), label=_("Grupo"), required=False)
    zone = forms.ModelChoiceField(Group.objects.none(), label=_("Zona"), required=False)
    invoices = forms.CharField(required=False, widget=forms.HiddenInput, max_length=12_000)
    only_unsent = forms.BooleanField(label=_("Solo los que no se han enviado antes"), required=False)
    only_with_balance = forms.BooleanField(label=_("Solo los que tienen saldo"), required=False)
    only_overdue = forms.BooleanField(label=_("Solo los vencidos"), required=False)
    unvalidated_too = forms.BooleanField(label=_("También los que la DIAN no ha validado"), required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, company=company, **kwargs)
        months = [(f"{month:%Y-%m}", formats.month(month).capitalize()) for month in periods.of(company)]
        self._offer("period", [("", _("Todos")), *months])
        self._offer("document_kind", [("", _("Todos")), *InvoiceKind.choices])
        used = [(prefix or NO_PREFIX, prefix or _("Sin prefijo")) for prefix in prefixes.of(company)]
        self._offer("document_prefix", [("", _("Todos")), *used])
        groups = Group.objects.of(company).order_by("name")
        for name, kind in (("group", GroupKind.GROUP), ("zone", GroupKind.ZONE)):
            self.fields[name].queryset = groups.filter(kind=kind)  # type: ignore[attr-defined]  # a ModelChoiceField
        if company.country != Country.COLOMBIA:
            self._offer("kind", [(MailingKind.DELIVERY.value, _("Entrega de documentos")), MailingKind.choices[1]])

    @property
    def is_legal(self) -> bool:
        return str(self["kind"].value()) == MailingKind.DELIVERY

    def clean_invoices(self) -> tuple[int, ...]:
        numbers = [each for each in self.cleaned_data["invoices"].split(",") if each.isdecimal() and len(each) < 19]
        return tuple(map(int, numbers[:MOST_INVOICES]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._in_order("number_from", "number_to", _("Es menor que el número inicial. ¿Los intercambiamos?"))
        self._in_order("date_from", "date_to", _("Es anterior a la fecha inicial. ¿Las intercambiamos?"))
        audience = cleaned.get("audience")
        for value, name, text in _WANTED:
            if audience == value and not cleaned.get(name):
                self.add_error(name, text)
        return cleaned

    def selection(self) -> Selection:
        """Of a valid form."""
        wanted = self.cleaned_data
        kind, audience = MailingKind(wanted["kind"]), wanted["audience"]
        place = wanted["zone"] if audience == ZONE else wanted["group"]
        return Selection(
            kind=kind,
            is_grouped=wanted["is_grouped"] and kind == MailingKind.COPY,
            period=date.fromisoformat(f"{wanted['period']}-01") if wanted["period"] else None,
            document_kind=wanted["document_kind"],
            prefix=_prefix(wanted["document_prefix"]),
            number_from=wanted["number_from"],
            number_to=wanted["number_to"],
            date_from=wanted["date_from"],
            date_to=wanted["date_to"],
            audience=Audience.GROUP if audience == ZONE else Audience(audience),
            parties=tuple(wanted["parties"]),
            group=place.pk if place else None,
            invoices=wanted["invoices"],
            only_with_balance=wanted["only_with_balance"],
            only_overdue=wanted["only_overdue"],
            only_unsent=wanted["only_unsent"],
            unvalidated_too=wanted["unvalidated_too"] and kind == MailingKind.DELIVERY,
        )

    def query(self) -> str:
        """The form as the query of an address."""
        return urlencode([(name, value) for name in self.fields for value in self._written(name)])

    def _written(self, name: str) -> list[str]:
        value = self[name].value()
        values = value if isinstance(value, list | tuple) else [value]
        return [str(each) for each in values if each not in (None, "", False)]

    def _in_order(self, first: str, last: str, text: Any) -> None:
        low, high = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if low is not None and high is not None and high < low:
            self.add_error(last, ValidationError(text, code="swapped"))


_WANTED = (
    (Audience.GROUP.value, "group", _("Elija un grupo.")),
    (ZONE, "zone", _("Elija una zona.")),
    (Audience.CHOSEN.value, "parties", _("Elija al menos un tercero.")),
    (Audience.EXCEPT.value, "parties", _("Elija al menos un tercero.")),
)


def month(form: SelectionForm) -> date | None:
    """The month that the form begins with."""
    written = str(form["period"].value() or "")
    return date.fromisoformat(f"{written}-01") if written in dict(form.fields["period"].choices) and written else None  # type: ignore[attr-defined]  # a ChoiceField


def swapped(data: Any) -> Any:
    """The data of a form with the two ends of a range exchanged, where they came in the wrong order."""
    data = data.copy()
    for low, high in (("number_from", "number_to"), ("date_from", "date_to")):
        if _order(data.get(low, "")) > _order(data.get(high, "")) and data.get(high):
            data[low], data[high] = data[high], data[low]
    return data


def _order(typed: str) -> tuple[int, str]:
    """Numbers and ISO days, both by size."""
    return len(typed) if typed.isdecimal() else 0, typed


def initial(company: Company, asked: QueryDict) -> dict[str, Any]:
    """What the form begins with: the rows ticked in Facturas, its filters, a range; else all of the latest month."""
    ticked = [each for each in asked.getlist("factura") if each.isdecimal()]
    latest = next(iter(periods.of(company)), None)
    month = asked.get("periodo", "" if ticked or latest is None else f"{latest:%Y-%m}")
    parties = _named(company, asked.get("q", ""))
    return {
        "period": month[:7],
        "document_kind": asked.get("tipo", ""),
        "document_prefix": asked.get("prefijo", ""),
        "number_from": _sequence(asked.get("desde", "")),
        "number_to": _sequence(asked.get("hasta", "")),
        "audience": (Audience.CHOSEN if parties else Audience.EVERYONE).value,
        "parties": parties,
        "invoices": ",".join(ticked[:MOST_INVOICES]),
        "only_unsent": asked.get("estado", MailStatus.UNSENT) == MailStatus.UNSENT,
        "only_with_balance": asked.get("saldo") == "con",
    }


def _named(company: Company, text: str) -> list[str]:
    """The terceros that a search in Facturas spoke of, where they are few enough to tick."""
    wanted = search.key(text)
    found = Party.objects.of(company).filter(search_key__contains=wanted).values_list("pk", flat=True)
    some = list(map(str, found[: MOST_NAMED + 1])) if wanted else []
    return some if len(some) <= MOST_NAMED else []


def _sequence(asked: str) -> str:
    return asked if asked.isdecimal() and len(asked) < 19 else ""


def _prefix(chosen: str) -> str | None:
    if not chosen:
        return None
    return "" if chosen == NO_PREFIX else chosen
