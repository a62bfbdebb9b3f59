"""Invented documents for the tests of this part: the page of the mock-up, and variations of it."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from cartero.documents.look import Look
from cartero.invoices.data import (
    AddressData,
    AuthorizationData,
    InvoiceData,
    LineData,
    PartyData,
    PaymentData,
    TaxData,
    TotalsData,
    ValidationData,
)

CUFE = "188fb5d0e76ae0903608f4530b4e97d71937eb9f4a37a16601171494f6d5e7eb6265e729470e76aab5f9099c53c4ede2"
LINK = f"https://catalogo-vpfe.dian.gov.co/document/searchqr?documentkey={CUFE}"
QR = (
    "NumFac: FE18342\nFecFac: 2026-07-01\nHorFac: 07:42:10-05:00\nNitFac: 900377216\nDocAdq: 901458237\n"
    f"ValFac: 1206731.09\nValIva: 43268.91\nValOtroIm: 0.00\nValTolFac: 1250000.00\nCUFE: {CUFE}\n{LINK}"
)
LOOK = Look(
    legal_name="Administraciones Valle Verde S.A.S.", tax_id="900377216", check_digit="7", color="#0a6b3d", country="co"
)
SUPPLIER = PartyData(
    tax_id="900377216",
    name="Administraciones Valle Verde S.A.S.",
    id_type="31",
    check_digit="7",
    trade_name="Valle Verde",
    emails=("cartera@valleverde.example.co",),
    phone="(604) 555 01 42",
    address=AddressData(street="Carrera 43 A n.º 18 Sur-135, oficina 904", city="Medellín", region="Antioquia"),
    tax_qualities=("O-15", "O-48"),
)
CUSTOMER = PartyData(
    tax_id="901458237",
    name="Inmobiliaria Los Cerezos S.A.S.",
    id_type="31",
    check_digit="3",
    emails=("cartera@loscerezos.example.co",),
    address=AddressData(street="Calle 10 n.º 43 D-24, oficina 504", city="Medellín", region="Antioquia"),
)


def iva(base: str, amount: str, percent: str = "19") -> TaxData:
    return TaxData(code="01", name="IVA", base=Decimal(base), amount=Decimal(amount), percent=Decimal(percent))


def line(description: str, amount: str, *taxes: TaxData, **fields: Any) -> LineData:
    defaults: dict[str, Any] = {"quantity": Decimal(1), "unit": "94", "price": Decimal(amount), "code": "ADM-504"}
    return LineData(description=description, amount=Decimal(amount), taxes=taxes, **(defaults | fields))


INVOICE = InvoiceData(
    kind="invoice",
    number="FE18342",
    prefix="FE",
    sequence=18342,
    type_code="01",
    uuid=CUFE,
    uuid_scheme="CUFE-SHA384",
    environment="1",
    issue_date=date(2026, 7, 1),
    issue_time=time(7, 42, 10),
    due_date=date(2026, 7, 15),
    supplier=SUPPLIER,
    customer=CUSTOMER,
    totals=TotalsData(
        payable=Decimal("1250000.00"),
        line_extension=Decimal("1206731.09"),
        tax_exclusive=Decimal("227731.09"),
        tax_inclusive=Decimal("1250000.00"),
    ),
    lines=(
        line("Cuota de administración\nOficina 504, julio de 2026", "890000.00"),
        line(
            "Arriendo de parqueadero\nN.º 112, julio de 2026", "210084.03", iva("210084.03", "39915.97"), code="PAR-112"
        ),
        line("Fondo de imprevistos\nLey 675 de 2001, 10 %", "89000.00", code="FON-504"),
        line(
            "Uso del salón comunal\n20 de junio de 2026, 2 horas",
            "17647.06",
            iva("17647.06", "3352.94"),
            code="SAL-001",
            quantity=Decimal(2),
            unit="HUR",
            price=Decimal("8823.53"),
        ),
    ),
    taxes=(iva("227731.09", "43268.91"),),
    authorization=AuthorizationData(
        number="18764055501420",
        start=date(2026, 1, 12),
        end=date(2028, 1, 12),
        prefix="FE",
        range_from="15001",
        range_to="30000",
    ),
    validation=ValidationData(code="02", validation_date=date(2026, 7, 1), validation_time="07:42:13-05:00"),
    payment=PaymentData(form="2", means="47", due_date=date(2026, 7, 15)),
    notes=("Después del vencimiento se causan intereses de mora a la tasa máxima legal.",),
    qr=QR,
    software_name="Andina Facturas",
    software_nit="901779034",
    provider_nit="901779034",
)


def invoice(**fields: Any) -> InvoiceData:
    return replace(INVOICE, **fields)


def with_lines(count: int) -> InvoiceData:
    """`count` lines of $ 1.000, $ 2.000, …"""
    lines = tuple(
        line(f"Concepto {n}\nDetalle del concepto {n}", str(1000 * n), code=f"C-{n}") for n in range(1, count + 1)
    )
    return invoice(lines=lines)
