"""What is asked of who imports: the files, what each column is, how decimals are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.importing import collecting, columns, headings, limits
from cartero.importing.columns import Layout, SheetKind
from cartero.importing.errors import ImportingError
from cartero.importing.headings import Field
from cartero.importing.readers.sheets import letters
from cartero.invoices import kinds
from cartero.pages.imports.arriving import Arrival

ACCEPTED = ".zip,.xml,.pdf,.xlsx,.xls,.ods,.csv,.tsv,.txt"
SAMPLES = 3


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Present or not; what came is judged by the form, which sees them all."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


class UploadForm(forms.Form):
    """`arrival` knows what was refused while it came."""

    uploads = _FilesField(
        label=gettext_lazy("Archivos"), required=False, widget=_ManyFiles({"multiple": True, "accept": ACCEPTED})
    )

    pdf_kind = forms.ChoiceField(
        label=gettext_lazy("Los PDF sueltos son"),
        required=False,
        choices=[
            ("", gettext_lazy("De las facturas que nombran")),
            *((kind.value, kinds.of(kind).plural) for kind in kinds.BY_PARTY),
        ],
    )

    def __init__(self, *args: Any, arrival: Arrival | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrival = arrival

    @property
    def options(self) -> dict[str, str]:
        """What the import has to know, once it is valid."""
        kind = self.cleaned_data["pdf_kind"]
        return {collecting.PDF_KIND: kind} if kind else {}

    def clean_uploads(self) -> None:
        try:
            if self.arrival and self.arrival.refusal:
                raise self.arrival.refusal
            limits.check_files([file.size or 0 for file in self.files.getlist("uploads")])
        except ImportingError as error:
            raise ValidationError(error.user_text) from error


KINDS = ((SheetKind.INVOICES.value, gettext_lazy("Facturas")), (SheetKind.PARTIES.value, gettext_lazy("Terceros")))


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of her sheet beside the question what it is."""

    letter: str
    heading: str
    samples: Sequence[str]
    field: BoundField


class ColumnsForm(forms.Form):
    """The answer to `columns.NeedsMapping`; `question` is what the import holds."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué trae esta hoja"), choices=KINDS, widget=forms.RadioSelect)
    sheet = forms.ChoiceField(label=gettext_lazy("Hoja"), required=False)
    heading_row = forms.IntegerField(
        label=gettext_lazy("Fila de los títulos"),
        min_value=0,
        max_value=columns.LOOKED_AT,
        help_text=gettext_lazy("Los datos comienzan en la fila siguiente. Escriba 0 si la hoja no tiene títulos."),
    )

    def __init__(self, *args: Any, question: Mapping[str, Any], **kwargs: Any) -> None:
        self.question = question
        self.headings: Sequence[str] = question.get("headings", [])
        self.sample: Sequence[Sequence[str]] = question.get("sample", [])
        self.width = max([len(self.headings), *(len(row) for row in self.sample)])
        kwargs["initial"] = self._proposal() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        names = question.get("sheets", [])
        self.fields["sheet"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]  # a ChoiceField
        for index in range(self.width):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=_("Columna %(letter)s") % {"letter": letters(index)}, choices=_choices, required=False
            )

    @property
    def has_sheets(self) -> bool:
        return len(self.question.get("sheets", [])) > 1

    @property
    def columns(self) -> list[Column]:
        return [
            Column(
                letter=letters(index),
                heading=_at(self.headings, index),
                samples=[row[index] for row in self.sample if _at(row, index)][:SAMPLES],
                field=self[f"column_{index}"],
            )
            for index in range(self.width)
        ]

    @property
    def elsewhere(self) -> bool:
        """Whether she asks for another sheet or another row of headings than those that are shown."""
        asked = (self.data.get("sheet", ""), self.data.get("heading_row", ""))
        return asked != (self.question.get("sheet", ""), str(self.question["heading_row"] + 1))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.elsewhere:
            self._check(self.layout())
        return cleaned

    def layout(self) -> Layout:
        """Of valid fields. Of another sheet or row nothing is known yet: its headings will be asked about."""
        told: dict[int, Field] = {}
        for index in range(self.width):
            chosen = self.cleaned_data.get(f"column_{index}")
            if chosen and not self.elsewhere:
                told[index] = Field(chosen)
        return Layout(
            kind=SheetKind(self.cleaned_data["kind"]),
            sheet=self.cleaned_data["sheet"],
            heading_row=self.cleaned_data["heading_row"] - 1,
            columns=told,
        )

    def _check(self, layout: Layout) -> None:
        seen: dict[Field, int] = {}
        for index, known in layout.columns.items():
            if known not in columns.FIELDS[layout.kind]:
                text = _("Eso no va en una hoja de terceros.") if layout.kind == SheetKind.PARTIES else _WRONG_INVOICE
                self.add_error(f"column_{index}", text)
            if known in seen and known not in columns.SEVERAL:
                text = _("También dijo que la columna %(letter)s es esto. Deje una sola.")
                self.add_error(f"column_{index}", text % {"letter": letters(seen[known])})
            seen.setdefault(known, index)
        if layout.missing:
            text = _("Falta decir en qué columna está: %(fields)s.")
            self.add_error(None, text % {"fields": headings.shown(layout.missing)})

    def _proposal(self) -> dict[str, Any]:
        """What was recognised; of headings that were only read for her, what they look like."""
        told: Mapping[str, str] = self.question.get("columns", {})
        kind = self.question.get("kind", SheetKind.INVOICES)
        if not told and self.headings:
            seen = columns.recognise([list(self.headings), *map(list, self.sample)])
            kind = seen.kind if seen.columns else kind
            told = {str(index): known for index, known in seen.columns.items()}
        first = {"kind": kind, "sheet": self.question.get("sheet", ""), "heading_row": self.question["heading_row"] + 1}
        return first | {f"column_{index}": known for index, known in told.items()}


class DecimalForm(forms.Form):
    """The answer to the question how a file writes its decimals."""

    decimal = forms.ChoiceField(
        label=gettext_lazy("Este archivo escribe los decimales"),
        choices=[(",", gettext_lazy("con coma: 1.234,56")), (".", gettext_lazy("con punto: 1,234.56"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Elija una de las dos formas.")},
    )


_WRONG_INVOICE = gettext_lazy("Eso no va en una hoja de facturas.")


def _choices() -> list[tuple[str, Any]]:
    fields = sorted(((known.value, str(headings.LABELS[known])) for known in Field), key=lambda pair: pair[1])
    return [("", _("No se usa")), *fields]


def _at(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""
