"""Comodines: a fixed list, replaced as text and escaped. No template engine ever sees what a user wrote.

A brace has no other use in a message, so whatever holds one and is not a comodín of the list is refused at saving.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.composing import richtext
from cartero.composing.characters import printable
from cartero.composing.slots import Slot


@dataclass(frozen=True)
class Field:
    """A comodín as the menu offers it. `label` and `group` are for the eye, `example` shows what it becomes."""

    name: str
    group: str | Promise
    label: str | Promise
    example: str


@dataclass(frozen=True)
class Unknown:
    """Something in braces that is no comodín: the `line` of what the clerk sees, empty ones aside, and the
    `position` in it, both from 1."""

    name: str
    position: int
    line: int


_PARTY, _INVOICE, _DOCUMENTS = _("Tercero"), _("Factura"), _("Documentos")
_COMPANY, _MAILING = _("Empresa"), _("Envío")

FIELDS = (
    Field("tercero.nombre", _PARTY, _("Nombre del tercero"), "Inmobiliaria Los Cerezos S.A.S."),
    Field("tercero.nit", _PARTY, _("NIT o documento del tercero"), "900.511.204-1"),
    Field("tercero.ciudad", _PARTY, _("Ciudad del tercero"), "Medellín"),
    Field("factura.numero", _INVOICE, _("Número de la factura"), "FE18342"),
    Field("factura.tipo", _INVOICE, _("Clase de documento"), "Factura de venta"),
    Field("factura.total", _INVOICE, _("Total de la factura"), "$ 1.250.000,00"),
    Field("factura.saldo", _INVOICE, _("Saldo de la factura"), "$ 850.000,00"),
    Field("factura.fecha", _INVOICE, _("Fecha de la factura"), "1 de julio de 2026"),
    Field("factura.vencimiento", _INVOICE, _("Fecha de vencimiento"), "15 de julio de 2026"),
    Field("factura.periodo", _INVOICE, _("Período de la factura"), "julio de 2026"),
    Field("documentos.cantidad", _DOCUMENTS, _("Cantidad de documentos del correo"), "3"),
    Field("documentos.total", _DOCUMENTS, _("Total de los documentos del correo"), "$ 3.750.000,00"),
    Field("empresa.nombre", _COMPANY, _("Nombre de su empresa"), "Administraciones Valle Verde S.A.S."),
    Field("empresa.nit", _COMPANY, _("NIT de su empresa"), "900.377.216-7"),
    Field("empresa.telefono", _COMPANY, _("Teléfono de su empresa"), "604 322 10 00"),
    Field("empresa.correo", _COMPANY, _("Correo para respuestas"), "cartera@valleverde.example.co"),
    Field("envio.periodo", _MAILING, _("Período del envío"), "julio de 2026"),
)
NAMES = frozenset(field.name for field in FIELDS)

_BRACED = re.compile(r"\{+[^{}]*\}*|\}+")
_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*>')
_ADDRESS_BEGUN = re.compile(r"""(?:https?://|mailto:)(?:(?!&nbsp;)[^\s"<>])*$""", re.IGNORECASE)
_ADDRESS_ENDED = re.compile(r"""[\s"<>]|&nbsp;""")


def unknown(text: str) -> list[Unknown]:
    """What stands in braces in plain `text` (a subject) and is no comodín, in order."""
    return [_unknown(found, text) for found in _BRACED.finditer(text) if not _name(found[0])]


def unknown_html(html: str) -> list[Unknown]:
    """The same for a message; positions and lines are those of its text (`richtext.to_text`)."""
    return unknown(richtext.to_text(html))


def cut(text: str) -> tuple[str | Slot, ...]:
    """Plain text as pieces: what stays, and a slot for each comodín of the list."""
    return _cut(text, keep_tags=False)


def cut_html(html: str) -> tuple[str | Slot, ...]:
    """Clean HTML as pieces. Tags inside the braces of a comodín (half in bold) follow its value: markup stays whole."""
    return _cut(html, keep_tags=True)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its comodines replaced by `values`, each once and as text; one without value leaves nothing."""
    return join(cut(text), values)


def fill_html(html: str, values: Mapping[str, str]) -> str:
    """Clean `html` with its comodines replaced by `values`, escaped, their line breaks kept."""
    return join(cut_html(html), values, as_html)


def join(
    pieces: tuple[str | Slot, ...], values: Mapping[str, str], write: Callable[[str, bool], str] | None = None
) -> str:
    """Pieces of `cut` (or of `cut_html`, with `as_html`) with their slots filled."""
    write = write or as_text
    return "".join(
        piece if isinstance(piece, str) else write(values.get(piece.name, ""), piece.in_url) for piece in pieces
    )


def as_text(value: str, in_url: bool) -> str:
    """`value` fit for plain text."""
    return quote(value, safe="") if in_url else printable(value)


def as_html(value: str, in_url: bool) -> str:
    """`value` fit for HTML, between tags or inside a link."""
    if in_url:
        return quote(value, safe="")
    return escape(printable(value)).replace("\n", "<br>").replace("$ ", "$&nbsp;")  # an amount stays on one line


def _unknown(found: re.Match[str], text: str) -> Unknown:
    *above, line = text[: found.start()].split("\n")
    written = sum(1 for each in above if each.strip())
    return Unknown(name=found[0].strip(), position=len(line) + 1, line=written + 1)


def _name(braced: str) -> str:
    """The comodín that `braced` is, forgiving about spaces, capitals and tags inside; empty when it is none."""
    if not (braced.startswith("{{") and braced.endswith("}}")):
        return ""
    inner = "".join(unescape(_TAG.sub("", braced[2:-2])).split()).lower()
    return inner if inner in NAMES else ""


def _cut(text: str, *, keep_tags: bool) -> tuple[str | Slot, ...]:
    pieces: list[str | Slot] = []
    position, in_url = 0, False
    for braced in _BRACED.finditer(text):
        name = _name(braced[0])
        if not name:
            continue
        before = text[position : braced.start()]
        in_url = bool(_ADDRESS_BEGUN.search(before)) or (in_url and not _ADDRESS_ENDED.search(before))
        pieces += [before, Slot(name, in_url)]
        if keep_tags:
            pieces += _TAG.findall(braced[0])
        position = braced.end()
    return (*pieces, text[position:])
