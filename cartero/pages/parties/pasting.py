"""Pegar correcciones: a column from a spreadsheet, shown first, applied when she says so."""

from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cartero.companies.roles import Role
from cartero.importing import lining
from cartero.importing.refusals import Refusal
from cartero.pages import mail_domains
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.parties import pasting
from cartero.parties.pasting import Review, Row
from cartero.platform import formats
from cartero.transport.mail_domains import refusing

LARGEST = 20 * 1024**2  # bytes of a sheet


class PasteForm(forms.Form):
    """A file stands for what is pasted: once it is read, its lines are in `text`."""

    text = forms.CharField(
        label=gettext_lazy("NIT, correo de antes y correo nuevo, una corrección por línea"),
        required=False,
        max_length=pasting.LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("Copie las tres columnas de su hoja de cálculo. También sirven punto y coma o coma."),
    )
    file = forms.FileField(
        label=gettext_lazy("O suba la hoja, con esas tres columnas de primeras"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text=gettext_lazy("Excel, LibreOffice o CSV. Se lee su primera hoja y queda arriba, para revisarla."),
    )

    def clean_file(self) -> list[str] | None:
        """Its lines, read."""
        came = self.cleaned_data["file"]
        if not came:
            return None
        if came.size > LARGEST:
            raise forms.ValidationError(_("El archivo pesa más de 20 MB. Deje en él solo las correcciones."))
        lines = lining.lines_of(came.chunks(), came.name, pasting.COLUMNS, pasting.MOST + 1)  # one may be a heading
        if isinstance(lines, Refusal):
            facts = {"where": lines.where, "what": lines.what, "mend": lines.mend}
            raise forms.ValidationError(_("%(where)s: %(what)s. %(mend)s") % facts)
        return lines

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("file"):
            seen = QueryDict(mutable=True)
            seen["text"] = "\n".join(given["file"])  # what is applied afterwards is what she sees
            self.data = seen
        if not self.errors:
            given["text"] = self._rows()
        return given

    def _rows(self) -> list[Row]:
        rows = pasting.read(self.data.get("text", ""))
        if not rows:
            self.add_error("text", _("Pegue al menos una línea."))
        if len(rows) > pasting.MOST:
            facts = {"most": formats.number(pasting.MOST), "lines": formats.number(len(rows))}
            self.add_error("text", _("Son %(lines)s líneas; pegue como máximo %(most)s a la vez.") % facts)
        return rows


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def paste(request: CompanyRequest) -> HttpResponse:
    """First it is reviewed; `accion=aplicar` writes what still holds by then. Raises KnownAlready."""
    form = PasteForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if not form.is_valid():
        return page(request, "parties/pasting.html", {"form": form}, "pasting")
    found = _review(request, form.cleaned_data["text"])
    if request.POST.get("accion") != "aplicar" or not found.changes:
        return page(request, "parties/pasting.html", {"form": form, "review": found}, "pasting")
    written = pasting.apply(found.changes, request.user)
    message = ngettext("Se corrigió %(n)s correo.", "Se corrigieron %(n)s correos.", written)
    return done(request, reverse("addresses_to_mend"), message % {"n": formats.number(written)})


def _review(request: CompanyRequest, rows: list[Row]) -> Review:
    """With what the network says of the new domains."""
    found = pasting.review(request.company, rows)
    dead = refusing(mail_domains.domain_of(change.new) for change in found.changes)
    for change in list(found.changes):
        if mail_domains.domain_of(change.new) in dead:
            found.refuse(change, mail_domains.why(change.new))
    return found
