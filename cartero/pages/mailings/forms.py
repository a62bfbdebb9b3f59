"""The filters of the lists, and the small forms of a sending."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.mailings import corrections
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import MailingStatus
from cartero.pages import mail_domains
from cartero.pages.days import day_field
from cartero.parties import addresses, search
from cartero.parties.models import Party
from cartero.platform import formats
from cartero.platform.errors import CarteroError

MOST_PARTIES = 50


class MailingsFilter(forms.Form):
    """Text, state and period of the window of sendings. What is not understood filters nothing."""

    q = forms.CharField(label=_("Buscar envío"), required=False, max_length=100)
    estado = forms.ChoiceField(label=_("Estado"), required=False)
    periodo = forms.ChoiceField(label=_("Período"), required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        self.fields["q"].widget.attrs["placeholder"] = _("Nombre, número o tercero")
        self.fields["estado"].choices = [("", _("Todos los estados")), *MailingStatus.choices]  # type: ignore[attr-defined]  # a ChoiceField
        periods = Mailing.objects.of(company).exclude(period=None).order_by("-period").values_list("period", flat=True)
        months = [(f"{each:%Y-%m}", formats.month(each).capitalize()) for each in periods.distinct()[:36] if each]
        self.fields["periodo"].choices = [("", _("Todos los períodos")), *months]  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("estado", "periodo"):
            self.fields[name].widget.attrs["data-submits"] = True

    def mailings(self) -> QuerySet[Mailing]:
        self.is_valid()
        wanted = self.cleaned_data
        found = Mailing.objects.of(self.company).select_related("account", "created_by")
        if text := " ".join(wanted.get("q", "").split()):
            found = found.filter(self._named(text))
        if wanted.get("estado"):
            found = found.filter(status=wanted["estado"])
        if wanted.get("periodo"):
            found = found.filter(period=date.fromisoformat(f"{wanted['periodo']}-01"))
        return found

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    def _named(self, text: str) -> Q:
        parties = Party.objects.of(self.company).filter(search_key__contains=search.key(text))[:MOST_PARTIES]
        theirs = Delivery.objects.of(self.company).filter(party__in=parties.values("pk"))
        named = Q(name__icontains=text) | Q(pk__in=theirs.values("mailing"))
        return named | Q(number=int(text)) if text.isdecimal() and len(text) < 10 else named


class AddressForm(forms.Form):
    """The addresses of one mail, corrected in its row."""

    to = forms.CharField(label=_("Correo"), required=False, max_length=2_000)
    keep = forms.BooleanField(label=_("Guardarlo también en el tercero"), required=False, initial=True)

    proposal = ""  # what was probably meant, where one address alone was typed

    def clean_to(self) -> str:
        """As typed, when all of it are addresses."""
        pieces = addresses.split(self.cleaned_data["to"])
        self.proposal = addresses.check(pieces[0]).proposal if len(pieces) == 1 else ""
        typed = _refused_in_words(self.cleaned_data["to"])
        mail_domains.refuse(corrections.checked(typed))
        return typed


class TrialForm(forms.Form):
    """Where a test mail goes, and which mail is tried. `choices` are (delivery, words)."""

    to = forms.CharField(label=_("Enviar a"), help_text=_("Uno o varios, separados por coma."), max_length=1_000)
    delivery = forms.ChoiceField(label=_("Probar con la factura"))

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delivery"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_to(self) -> list[str]:
        return corrections.checked(_refused_in_words(self.cleaned_data["to"]))


def hour_field(**options: Any) -> forms.TimeField:
    return forms.TimeField(
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"required": _("Escriba la hora."), "invalid": _("Escriba la hora así: 14:30.")},
        **options,
    )


class ScheduleForm(forms.Form):
    """A day and an hour, on the clocks of the company."""

    day = day_field(label=_("Día"))
    hour = hour_field(label=_("Hora"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("hour") and self.moment <= timezone.now():
            self.add_error("day", _("Esa fecha y hora ya pasaron. Escriba unas futuras."))
        return cleaned

    @property
    def moment(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


def _refused_in_words(typed: str) -> str:
    try:
        corrections.checked(typed)
    except CarteroError as error:
        raise ValidationError(error.user_text) from error
    return typed
