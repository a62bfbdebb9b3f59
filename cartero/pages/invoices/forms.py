"""What the list of invoices is asked for: text, period, kind, balance, state and order."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices import periods
from cartero.invoices.models import Invoice
from cartero.invoices.states import InvoiceKind, MailStatus
from cartero.parties import search
from cartero.platform import formats

ALL = "todos"
# The name of an order in the address, and what it is sorted by: no nulls, the last one unique.
ORDERS: Mapping[str, Sequence[str]] = {
    "numero": ("at_number", "id"),
    "tercero": ("party__search_key", "id"),
    "fecha": ("issue_date", "id"),
    "vence": ("due_or_never", "id"),
    "total": ("payable_amount", "id"),
    "saldo": ("still_owed", "id"),
}


class InvoicesFilter(forms.Form):
    """What is not understood filters nothing. Without a period it is the newest one that has documents."""

    q = forms.CharField(label=_("Número, tercero o NIT"), required=False, max_length=100)
    periodo = forms.CharField(label=_("Período"), required=False, max_length=10)
    tipo = forms.ChoiceField(
        label=_("Tipo de documento"), required=False, choices=[("", _("Todos los documentos")), *InvoiceKind.choices]
    )
    saldo = forms.ChoiceField(
        label=_("Saldo"),
        required=False,
        choices=[("", _("Con o sin saldo")), ("con", _("Solo con saldo")), ("sin", _("Solo sin saldo"))],
    )
    estado = forms.ChoiceField(required=False, choices=[("", ""), *MailStatus.choices], widget=forms.HiddenInput)
    orden = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        self.known = periods.of(company)
        self.is_valid()
        self.wanted: dict[str, str] = self.cleaned_data

    @property
    def text(self) -> str:
        return " ".join(self.wanted.get("q", "").split())

    @cached_property
    def period(self) -> date | None:
        """The month she looks at; None for all of them."""
        asked = self.wanted.get("periodo", "")
        if asked == ALL or not self.known:
            return None
        return next((month for month in self.known if f"{month:%Y-%m}" == asked[:7]), self.known[0])

    @property
    def status(self) -> str:
        return self.wanted.get("estado", "")

    @property
    def order_name(self) -> str:
        """As the address has it: `total`, or `-total` for the largest first."""
        asked = self.wanted.get("orden", "")
        if asked.removeprefix("-") in ORDERS:
            return asked
        return "numero" if self.period else "-fecha"  # the one an index serves

    @property
    def order(self) -> Sequence[str]:
        sign = "-" if self.order_name.startswith("-") else ""
        return [f"{sign}{name}" for name in ORDERS[self.order_name.removeprefix("-")]]

    @property
    def is_narrowed(self) -> bool:
        """Whether there is something to take off."""
        return any(self.wanted.get(name) for name in ("q", "tipo", "saldo", "estado"))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The periods, as the address has them and as she reads them."""
        months = [(f"{month:%Y-%m}", formats.month(month).capitalize()) for month in self.known]
        return [*months, (ALL, str(_("Todos los períodos")))]

    @property
    def chosen(self) -> str:
        return f"{self.period:%Y-%m}" if self.period else ALL

    def documents(self) -> QuerySet[Invoice]:
        """Those of every state."""
        found = Invoice.objects.of(self.company).annotate(still_owed=Coalesce("balance", "payable_amount"))
        if self.period:
            found = found.filter(period=self.period)
        if self.wanted.get("tipo"):
            found = found.filter(kind=self.wanted["tipo"])
        if self.wanted.get("saldo"):
            owed = self.wanted["saldo"] == "con"
            found = found.filter(still_owed__gt=0) if owed else found.filter(still_owed__lte=0)
        return found.filter(search.found(self.text))

    def listed(self) -> QuerySet[Invoice]:
        """Those of the state she asked for, with what they can be sorted by."""
        found = self.documents().filter(mail_status=self.status) if self.status else self.documents()
        sortable = found.annotate(at_number=Coalesce("sequence", 0), due_or_never=Coalesce(F("due_date"), _NEVER))
        return sortable.select_related("party")


_NEVER = Value(date.max)
