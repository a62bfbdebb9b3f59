"""What the list of invoices is asked for: text, period, kind, balance, state and order."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Count, F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices import periods, tallies
from cartero.invoices.models import Invoice, PeriodTally
from cartero.invoices.states import InvoiceKind, MailStatus
from cartero.pages.keeping import kept
from cartero.parties import search
from cartero.platform import formats, ids

ALL = "todos"
COUNTED = 2_000  # documents that are counted one by one; of more it is only said that they are more
SORTED = 20_000  # documents that are sorted by what no index is in the order of
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

    most_counted, most_sorted = COUNTED, SORTED
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

    @cached_property
    def order_name(self) -> str:
        """As the address has it: `total`, or `-total` for the largest first."""
        asked = self.wanted.get("orden", "")
        if asked.removeprefix("-") in ([self.only_order] if self.only_order else ORDERS):
            return asked
        return "numero" if self.period else "-fecha"  # the one an index serves

    @cached_property
    def only_order(self) -> str:
        """The one order that so many documents can be read in, empty where they can be sorted by any column."""
        listed = [n for status, _currency, n, _total in self.counted or () if self.status in ("", status)]
        if self.counted is not None and sum(listed) <= SORTED:
            return ""
        return "numero" if self.period else "fecha"

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

    @cached_property
    def _tallied(self) -> list[tuple[str, str, int, Decimal]]:
        """State, currency, documents and amount of her months and kind, by the counters."""
        counters = PeriodTally.objects.of(self.company).filter(**self.months).order_by()
        grouped = counters.values_list("mail_status", "currency")
        return list(grouped.annotate(n=Sum("documents"), total=self._sum("amount")).exclude(n=0))

    @property
    def _is_among_many(self) -> bool:
        """Whether her text or her balance is looked for among very many."""
        is_by_row = bool(self.text or self.wanted.get("saldo"))
        return is_by_row and sum(n for _status, _currency, n, _total in self._tallied) > tallies.MANY

    @cached_property
    def _few(self) -> list[int]:
        """The ids of what she looks for among very many, and one too many where that is more than COUNTED."""
        found = self.documents().order_by().values_list("pk", flat=True)
        return kept(self._key("few"), lambda: list(found[: COUNTED + 1]))

    @cached_property
    def counted(self) -> list[tuple[str, str, int, Decimal]] | None:
        """As `_tallied`, of all that her filters leave in whatever state; None where nobody counts so many."""
        if not self.text and not self.wanted.get("saldo"):
            return self._tallied
        if not self._is_among_many:
            return kept(self._key("all"), lambda: self._count(self.documents()))
        if len(self._few) > COUNTED:
            return None
        return self._count(Invoice.objects.of(self.company).filter(pk__in=self._few))

    def _count(self, documents: QuerySet[Invoice]) -> list[tuple[str, str, int, Decimal]]:
        grouped = documents.order_by().values_list("mail_status", "currency")
        return list(grouped.annotate(n=Count("id"), total=self._sum("payable_amount")))

    def _key(self, what: str) -> str:
        asked = f"{self.chosen} {self.wanted.get('tipo')} {self.wanted.get('saldo')} {self.text}"
        return f"invoices:{what}:{self.company.pk}:{ids.sha256(asked.encode())}"

    def _sum(self, amount: str) -> Sum:
        """What is billed; of one kind of document alone, its own sum."""
        return Sum(amount) if self.wanted.get("tipo") else tallies.billed(amount)

    @property
    def months(self) -> dict[str, date | str]:
        """Month and kind, as lookups of documents and of their tallies."""
        asked = {"period": self.period, "kind": self.wanted.get("tipo")}
        return {name: value for name, value in asked.items() if value}

    def documents(self) -> QuerySet[Invoice]:
        """Those of every state."""
        found = Invoice.objects.of(self.company).annotate(still_owed=_OWED).filter(**self.months)
        if self.wanted.get("saldo"):
            owed = self.wanted["saldo"] == "con"
            found = found.filter(still_owed__gt=0) if owed else found.filter(still_owed__lte=0)
        return found.filter(search.found(self.text))

    def listed(self) -> QuerySet[Invoice]:
        """Those of the state she asked for, with what they can be sorted by."""
        found = self.documents()
        if self.counted is not None and self._is_among_many:
            found = Invoice.objects.of(self.company).annotate(still_owed=_OWED).filter(pk__in=self._few)
        if self.status:
            found = found.filter(mail_status=self.status)
        if self.counted is not None and not any(self.status in ("", row[0]) for row in self.counted):
            found = found.none()  # known without going through the month
        sortable = found.annotate(at_number=Coalesce("sequence", 0), due_or_never=Coalesce(F("due_date"), _NEVER))
        return sortable.select_related("party")


_NEVER = Value(date.max)
_OWED = Coalesce("balance", "payable_amount")
