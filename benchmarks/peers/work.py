"""What every peer does with a document: read its files, or draw its PDF with WeasyPrint, zip, build the mail."""

import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from email.message import EmailMessage
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

SENDER = "Banco de Pruebas <facturas@banco.example.co>"
TEXT = "Adjuntamos la factura electrónica {number} por {total}.\n\nSi tiene preguntas, responda a este correo.\n" * 4
# As long as that of a mail of Cartero: all carry the same weight.
HTML = "<p style='font-family:sans-serif'>Adjuntamos la factura electrónica <b>{number}</b> por {total}.</p>\n" * 150
PAGE = """<html lang="es"><head><title>{number}</title><style>
@page {{ size: letter; margin: 14mm }} body {{ font: 8.6pt Lato, sans-serif }}
table {{ width: 100%; border-collapse: collapse }} td, th {{ border-bottom: 0.5pt solid #d3d5d9; padding: 2mm 1mm;
text-align: left }}
</style></head><body><h1>Factura electrónica de venta {number}</h1><p>{seller}<br>NIT {seller_id}</p>
<p><b>{name}</b><br>NIT {buyer_id}<br>{address}</p><p>Fecha de generación: {day}</p>
<table><tr><th>Código<th>Descripción<th>Cantidad<th>Precio<th>IVA<th>Valor</tr>{lines}</table>
<p>Subtotal {base}<br>IVA {tax}<br><b>Total a pagar {total}</b></p><p>CUFE {uuid}</p>{qr}</body></html>"""


def rows(manifest: Path, first: int, count: int) -> Iterator[dict[str, Any]]:
    """The documents from number `first`."""
    with manifest.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if first <= row["data"]["sequence"] < first + count:
                yield row


def archive(row: dict[str, Any], files: Path, *, weasy: bool) -> bytes:
    container = (files / row["container"][:2] / row["container"]).read_bytes()
    pdf = drawn(row, container) if weasy else (files / row["pdf"][:2] / row["pdf"]).read_bytes()
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(f"{row['number']}.xml", container)
        target.writestr(f"{row['number']}.pdf", pdf)
    return stream.getvalue()


def drawn(row: dict[str, Any], container: bytes) -> bytes:
    """The page with its eight lines and its QR, as PDF/A-3 with the XML inside."""
    import weasyprint
    import zxingcpp

    data = row["data"]
    code = zxingcpp.create_barcode(data["qr"], zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=2)
    cells = (
        (line["code"], line["description"], line["quantity"], _money(line["price"]), "19 %", _money(line["amount"]))
        for line in data["lines"]
    )
    page = PAGE.format(
        number=row["number"],
        name=escape(row["name"]),
        total=_money(row["total"]),
        seller=escape(data["supplier"]["name"]),
        seller_id=data["supplier"]["tax_id"],
        buyer_id=data["customer"]["tax_id"],
        address=escape(data["customer"]["address"]["street"]),
        day=data["issue_date"],
        lines="".join(f"<tr>{''.join(f'<td>{escape(cell)}' for cell in line)}</tr>" for line in cells),
        base=_money(data["totals"]["line_extension"]),
        tax=_money(data["taxes"][0]["amount"]),
        uuid=data["uuid"],
        qr=code.to_svg(add_quiet_zones=False),
    )
    inside = weasyprint.Attachment(string=container, name=f"{row['number']}.xml", relationship="Alternative")
    pdf = weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-3b", attachments=[inside])
    assert isinstance(pdf, bytes)
    return pdf


def message(row: dict[str, Any], zipped: bytes) -> EmailMessage:
    fields = {"number": row["number"], "total": row["total"]}
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, row["email"], row["number"]
    mail["Message-ID"] = f"<{row['number']}@banco.example.co>"
    mail.set_content(TEXT.format(**fields))
    mail.add_alternative(HTML.format(**fields), subtype="html")
    mail.add_attachment(zipped, maintype="application", subtype="zip", filename=f"{row['number']}.zip")
    return mail


def _money(amount: str) -> str:
    return f"$ {Decimal(amount):,.2f}"
