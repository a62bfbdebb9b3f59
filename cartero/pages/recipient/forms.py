"""What who received a mail may answer, as her page asks it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cartero.mailings.answers import LONGEST, Given
from cartero.mailings.models import AnswerKind, Delivery
from cartero.parties import addresses


class ConfirmForm(forms.Form):
    def given(self) -> Given:
        return Given(kind=AnswerKind.CONFIRMED)


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("¿Qué observa?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Escriba su observación.")},
    )

    def given(self) -> Given:
        return Given(kind=AnswerKind.REMARKED, text=self.cleaned_data["text"])


class DisownForm(forms.Form):
    """Of a mail to several addresses she says which one is not hers; they are shown as much as a stranger may see."""

    which = forms.TypedChoiceField(label=_("Este correo le llegó a"), coerce=int)
    proposed = forms.CharField(
        label=_("El correo correcto, si lo sabe"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to = delivery.to
        self.fields["which"].choices = [  # type: ignore[attr-defined]  # a choice field
            (at, addresses.masked(address)) for at, address in enumerate(delivery.to)
        ]

    def clean_proposed(self) -> str:
        given = str(self.cleaned_data["proposed"]).strip()
        if not given:
            return ""
        checked = addresses.check(given)
        if isinstance(checked, addresses.Invalid):
            raise forms.ValidationError(str(checked.reason))
        return checked.normalised

    def given(self) -> Given:
        address = self.to[self.cleaned_data["which"]]
        return Given(kind=AnswerKind.DISOWNED, address=address, proposed=self.cleaned_data["proposed"])
