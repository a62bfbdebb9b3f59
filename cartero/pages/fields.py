"""The fields that forms share: one line of text, an address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cartero.parties import addresses
from cartero.platform import fitting


class LineField(forms.CharField):
    """One line without signs that do not show: it will stand in headers and in documents."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(fitting.line(str(value or ""))))


class AddressField(LineField):
    """An address that a mail server could take, as it will be written."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        given = str(super().clean(value))
        if not given:
            return ""
        checked = addresses.check(given)
        if isinstance(checked, addresses.Invalid):
            raise ValidationError(str(checked.reason))
        return checked.normalised
