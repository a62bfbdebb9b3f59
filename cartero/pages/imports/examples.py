"""Spreadsheets to begin with: the headings that Cartero recognises, and rows that show how they are filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import FileResponse, Http404
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.pages import downloads
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest


@dataclass(frozen=True, kw_only=True)
class Example:
    headings: Sequence[str]
    rows: Sequence[Sequence[downloads.Cell]]


_INVOICES = Example(
    headings=(
        "Número de factura",
        "NIT",
        "Razón social",
        "Correo",
        "Fecha de emisión",
        "Fecha de vencimiento",
        "Concepto",
        "Total",
        "Saldo",
    ),
    rows=(
        (
            "FE1001",
            "900511204-3",
            "Inmobiliaria Los Cerezos S.A.S.",
            "pagos@loscerezos.example.co",
            date(2026, 7, 1),
            date(2026, 7, 15),
            "Administración de julio",
            Decimal("1250000"),
            Decimal("1250000"),
        ),
        (
            "FE1002",
            "1037612845",
            "María Fernanda Echavarría Londoño",
            "mafe@echavarria.example.co",
            date(2026, 7, 1),
            date(2026, 7, 15),
            "Administración de julio",
            Decimal("486000.50"),
            Decimal("0"),
        ),
    ),
)
_PARTIES = Example(
    headings=(
        "NIT o cédula",
        "Razón social",
        "Correo",
        "Correo de cartera",
        "Teléfono",
        "Ciudad",
        "Grupo",
        "Zona",
    ),
    rows=(
        (
            "900511204-3",
            "Inmobiliaria Los Cerezos S.A.S.",
            "facturas@loscerezos.example.co",
            "cartera@loscerezos.example.co",
            "604 322 10 00",
            "Medellín",
            "Inquilinos",
            "Torre 1",
        ),
        (
            "1037612845",
            "María Fernanda Echavarría Londoño",
            "mafe@echavarria.example.co",
            "",
            "300 555 01 02",
            "Envigado",
            "Propietarios",
            "Torre 2",
        ),
    ),
)
EXAMPLES: Mapping[str, Example] = {"facturas": _INVOICES, "terceros": _PARTIES}


@require_GET
@role(Role.READER)
def example(request: CompanyRequest, name: str) -> FileResponse:
    if name not in EXAMPLES:
        raise Http404
    chosen = EXAMPLES[name]
    return downloads.xlsx(f"{name}-ejemplo.xlsx", chosen.headings, chosen.rows)
