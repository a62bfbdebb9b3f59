"""The field of a day, the same in every form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def day_field(**options: Any) -> forms.DateField:
    """A day from the browser's calendar, or typed as people write it."""
    return forms.DateField(
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": _("Escriba el día."), "invalid": _("Escriba el día así: 31/07/2026.")},
        **options,
    )
