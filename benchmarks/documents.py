"""The documents that everybody sends: eight lines, a long QR, the container with DIAN's answer, a PDF of a provider."""

import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from cartero.cli.demonstration import cufe, ubl
from cartero.cli.demonstration.cast import party_of
from cartero.cli.demonstration.sales import SELLER, TECHNICAL_KEY
from cartero.documents import typst
from cartero.documents.look import Look
from cartero.invoices import serial
from cartero.invoices.data import (
    AddressData,
    AuthorizationData,
    Document,
    InvoiceData,
    LineData,
    TaxData,
    TotalsData,
    ValidationData,
)
from cartero.platform import ids

DAY = date(2026, 10, 1)
PRINTED = 24_000  # bytes of the one page that the provider's program prints; compressed, as all of them do
VAT = Decimal(19)
LOOK = Look(legal_name="Banco de Pruebas SAS", tax_id="999000001", check_digit="1")


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A document whose files lie below a folder by their SHA-256, as Cartero keeps them."""

    number: str
    name: str
    email: str
    total: str
    data: dict[str, Any]
    container: str
    container_size: int
    pdf: str
    pdf_size: int


def invoice(position: int) -> InvoiceData:
    """The same each time."""
    number = f"FEB{position}"
    customer = replace(
        party_of(900_200_000 + position, f"Comercializadora de Ejemplo {position} S.A.S."),
        emails=(f"compras{position}@cliente{position % 500}.example.com",),
        address=AddressData(street=f"Calle {position % 170} # 12-34", city="Bogotá", region="Bogotá", country="CO"),
    )
    lines = tuple(_line(position, row) for row in range(8))
    base = sum((line.amount for line in lines), Decimal(0))
    tax = TaxData(code="01", name="IVA", amount=(base * VAT / 100).quantize(Decimal("0.01")), base=base, percent=VAT)
    data = InvoiceData(
        kind="invoice",
        type_code="01",
        number=number,
        prefix="FEB",
        sequence=position,
        issue_date=DAY,
        issue_time=time(9, position % 60, 0),
        due_date=DAY.replace(day=30),
        supplier=SELLER,
        customer=customer,
        lines=lines,
        taxes=(tax,),
        totals=TotalsData(payable=base + tax.amount, line_extension=base, tax_exclusive=base),
        operation="10",
        environment="1",
        uuid_scheme="CUFE-SHA384",
        authorization=AuthorizationData(
            number="18760000000001", start=DAY, end=DAY, prefix="FEB", range_from="1", range_to="9999999"
        ),
        validation=ValidationData(code="02", validation_date=DAY, validation_time="09:59:59-05:00"),
    )
    uuid = cufe.of(data, TECHNICAL_KEY)
    return replace(data, uuid=uuid, qr=cufe.qr(data, uuid))


def filed(data: InvoiceData, folder: Path, *, is_drawn: bool = False) -> Filed:
    """Writes the files of `data` below `folder`; its PDF is the provider's, or the one that Typst draws."""
    container = ubl.container(data)
    pdf = drawn(data, container) if is_drawn else printed(data)
    return Filed(
        number=data.number,
        name=data.customer.name,
        email=data.customer.emails[0],
        total=f"{data.totals.payable:.2f}",
        data=serial.to_json(data),
        container=_keep(container, folder),
        container_size=len(container),
        pdf=_keep(pdf, folder),
        pdf_size=len(pdf),
    )


def printed(data: InvoiceData) -> bytes:
    """A PDF as any program prints it: one page whose stream does not compress any further."""
    chance = random.Random(data.number)
    stream = zlib.compress(f"BT /F1 9 Tf 42 750 Td ({data.number}) Tj ET %".encode() + chance.randbytes(PRINTED), 6)
    return b"".join(
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj\n4 0 obj<</Length ",
            str(len(stream)).encode(),
            b"/Filter/FlateDecode>>stream\n",
            stream,
            b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        )
    )


def drawn(data: InvoiceData, container: bytes) -> bytes:
    inside = Document(name=f"{data.number}.xml", media_type="text/xml", content=container)
    return typst.render(data, LOOK, (inside,))


def read(manifest: Path) -> Iterator[Filed]:
    with manifest.open(encoding="utf-8") as lines:
        for line in lines:
            yield Filed(**json.loads(line))


def path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256


def _line(position: int, row: int) -> LineData:
    quantity, price = Decimal(1 + (position + row) % 12), Decimal(1_990 * (1 + (position * 7 + row * 13) % 97))
    amount = (quantity * price).quantize(Decimal("0.01"))
    tax = TaxData(
        code="01", name="IVA", amount=(amount * VAT / 100).quantize(Decimal("0.01")), base=amount, percent=VAT
    )
    return LineData(
        description=f"Servicio de mantenimiento preventivo, equipo {row + 1} del contrato {position % 900 + 100}",
        amount=amount,
        quantity=quantity,
        unit="94",
        price=price,
        code=f"SRV-{row + 1:03}",
        taxes=(tax,),
    )


def _keep(content: bytes, folder: Path) -> str:
    sha256 = ids.sha256(content)
    target = path(folder, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return sha256
