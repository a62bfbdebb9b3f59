"""The form fields of a message and of its subject: rich text with comodines, checked while it is saved."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget, importmap, prose_editor_js
from js_asset import Media, Script

from cartero.composing import fields, richtext
from cartero.mailings.messages import from_text

COMMON = (
    "tercero.nombre",
    "factura.numero",
    "factura.total",
    "factura.saldo",
    "factura.vencimiento",
    "factura.periodo",
)
EXTENSIONS: Mapping[str, object] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Link": {"enableTarget": False, "protocols": ["https", "mailto"]},
    "HardBreak": True,
    "History": True,
}
# The editor's buttons, by their name there, and the words of its dialog for links.
WORDS: Mapping[str, str | Promise] = {
    "bold": _("Negrita"),
    "italic": _("Cursiva"),
    "bulletList": _("Lista"),
    "orderedList": _("Lista numerada"),
    "link": _("Poner un enlace"),
    "unlink": _("Quitar el enlace"),
    "history:undo": _("Deshacer"),
    "history:redo": _("Rehacer"),
    "Edit Link": _("Enlace"),
    "URL": _("Dirección (https://… o mailto:…)"),
    "Title": _("Lo que se lee al señalarlo (opcional)"),
    "Update": _("Aceptar"),
    "Cancel": _("Cancelar"),
}


class MessageWidget(ProseEditorWidget):  # type: ignore[misc]  # the package has no types
    """The editor with its strip of comodines; without script a text area."""

    template_name = "ui/_editor.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": 10, **(attrs or {})}, config={"extensions": EXTENSIONS}, preset="configurable")

    @property
    def media(self) -> Media:
        """The scripts alone: its looks and icons are those of css/editor.css."""
        return Media(
            importmap=importmap, js=[prose_editor_js, Script("django_prose_editor/configurable.js", type="module")]
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["common"] = [field for field in fields.FIELDS if field.name in COMMON]
        context["groups"] = [
            (group, list(each)) for group, each in groupby(fields.FIELDS, key=lambda field: field.group)
        ]
        return context


class MessageField(forms.CharField):
    """Clean HTML with comodines that exist. What was typed without the editor becomes paragraphs."""

    widget = MessageWidget

    def clean(self, value: Any) -> str:
        html = richtext.clean(from_text(str(value or "")))
        if richtext.looks_empty(html):
            return str(super().clean(""))
        refuse_unknown(fields.unknown_html(html))
        return str(super().clean(html))


class SubjectField(forms.CharField):
    """One line with comodines that exist."""

    widget = forms.TextInput(attrs={"data-merge-into": True})

    def clean(self, value: Any) -> str:
        subject = str(super().clean(value))
        refuse_unknown(fields.unknown(subject))
        return subject


def refuse_unknown(found: Iterable[fields.Unknown]) -> None:
    """Raises ValidationError that names each comodín that does not exist, and the one that was likely meant."""
    errors = [_said(unknown) for unknown in found]
    if errors:
        raise ValidationError(errors)


def _said(unknown: fields.Unknown) -> str:
    name = unknown.name.strip("{} ")
    near = get_close_matches(name.lower(), fields.NAMES, n=1)
    facts = {"name": name, "line": unknown.line, "position": unknown.position, "near": near[0] if near else ""}
    if not name:
        facts["name"] = unknown.name
        text = gettext("Sobra «%(name)s» (línea %(line)d, letra %(position)d). Las llaves son solo para comodines.")
    elif near:
        text = gettext("No existe «%(name)s» (línea %(line)d, letra %(position)d). ¿Quiso decir «%(near)s»?")
    else:
        text = gettext("No existe el comodín «%(name)s» (línea %(line)d, letra %(position)d). Elíjalo de la lista.")
    return text % facts
