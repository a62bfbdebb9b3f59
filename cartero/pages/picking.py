"""Terceros that a person picks one by one in a form: found by name or NIT, ticked, kept (`ui/_picking.html`)."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.parties import search
from cartero.parties.models import Party

MOST_PARTIES = 500
FOUND = 20


class PickingForm(forms.Form):
    """A form with terceros to tick; `chosen` are those she has ticked so far, of her company alone."""

    parties = forms.TypedMultipleChoiceField(label=_("Terceros"), required=False, coerce=int)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        self.chosen = self._chosen_parties()
        self._offer("parties", [(party.pk, party.name) for party in self.chosen])

    def find(self, typed: str) -> tuple[list[Party], str]:
        """Terceros that are not ticked yet, and what was looked for."""
        wanted = search.key(typed)[:100]
        if not wanted:
            return [], ""
        found = Party.objects.of(self.company).filter(search_key__contains=wanted).order_by("search_key", "pk")
        return list(found.exclude(pk__in=[party.pk for party in self.chosen])[:FOUND]), wanted

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def _chosen_parties(self) -> list[Party]:
        ticked = self.data.getlist("parties") if isinstance(self.data, QueryDict) else self.initial.get("parties", [])
        ids = [int(each) for each in map(str, ticked) if each.isdecimal() and len(each) < 19]
        return list(Party.objects.of(self.company).filter(pk__in=ids[:MOST_PARTIES]).order_by("search_key", "pk"))
