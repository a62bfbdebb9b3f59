"""The PDF that the demonstration's accounting program prints: typewriter letters, nothing like Cartero's own."""

import textwrap
from decimal import Decimal
from io import BytesIO

import pikepdf
import zxingcpp
from pikepdf import Dictionary, Name

from cartero.documents import dates
from cartero.documents.countries import co
from cartero.invoices.data import InvoiceData, LineData
from cartero.platform import formats

WIDTH, HEIGHT, MARGIN = 612, 792, 42
SIZE, LEADING, COLUMNS = 9, 12, 97
QR_SIDE = 104
ENCODING = "cp1252"


def print_out(data: InvoiceData) -> bytes:
    """One page; the same bytes from the same data."""
    document = pikepdf.new()
    fonts = {name: _font(document, font) for name, font in (("/F1", "Courier"), ("/F2", "Courier-Bold"))}
    image = document.make_indirect(_qr_image(document, data.qr))
    resources = Dictionary(Font=Dictionary(fonts), XObject=Dictionary(Qr=image))
    content = document.make_stream(_content(data))
    page = Dictionary(Type=Name.Page, MediaBox=[0, 0, WIDTH, HEIGHT], Resources=resources, Contents=content)
    document.pages.append(pikepdf.Page(document.make_indirect(page)))
    document.docinfo["/Producer"] = pikepdf.String("Contable 8 (programa de la demostración)")
    document.docinfo["/Title"] = pikepdf.String(data.number)
    stream = BytesIO()
    document.save(stream, deterministic_id=True, compress_streams=True)
    return stream.getvalue()


def _font(document: pikepdf.Pdf, name: str) -> pikepdf.Object:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"), Encoding=Name.WinAnsiEncoding)
    return document.make_indirect(font)


def _qr_image(document: pikepdf.Pdf, text: str) -> pikepdf.Stream:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=2)
    image = code.to_image(add_quiet_zones=False)
    side = image.shape[0]
    dots = bytes(image)  # type: ignore[call-overload]  # a buffer, which its stubs do not say
    return pikepdf.Stream(
        document,
        dots,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=side,
        Height=side,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )


def _content(data: InvoiceData) -> bytes:
    lines = [*_head(data), *_table(data), *_foot(data)]
    top = HEIGHT - MARGIN - SIZE
    parts = [f"BT /F1 {SIZE} Tf {LEADING} TL {MARGIN} {top} Td"]
    for text in lines:
        is_bold = text.startswith("*")
        shown = _escaped(text.removeprefix("*"))
        parts.append(f"/F2 {SIZE} Tf ({shown}) Tj /F1 {SIZE} Tf T*" if is_bold else f"({shown}) Tj T*")
    parts.append("ET")
    bottom = max(MARGIN, top - LEADING * len(lines) - QR_SIDE)
    parts.append(f"q {QR_SIDE} 0 0 {QR_SIDE} {WIDTH - MARGIN - QR_SIDE} {bottom} cm /Qr Do Q")
    parts.append(f"0.6 w {MARGIN - 8} {MARGIN - 8} {WIDTH - 2 * MARGIN + 16} {HEIGHT - 2 * MARGIN + 16} re S")
    return "\n".join(parts).encode(ENCODING, "replace")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _head(data: InvoiceData) -> list[str]:
    title = co.paper(data).title.upper()
    supplier, customer = data.supplier, data.customer
    due = dates.long(data.due_date) if data.due_date else ""
    return [
        "*" + supplier.name.upper().center(COLUMNS),
        co.identity(supplier).center(COLUMNS),
        f"{supplier.address.street} - {supplier.address.city} - Tel. {supplier.phone}".center(COLUMNS),
        "=" * COLUMNS,
        f"*{title} No. {data.number}",
        f"Fecha: {dates.long(data.issue_date)} {data.issue_time:%H:%M:%S}".ljust(58) + f"Vence: {due}",
        "-" * COLUMNS,
        *(f"Señores: {each}" if not at else f"         {each}" for at, each in enumerate(_wrapped(customer.name, 86))),
        co.identity(customer),
        f"{customer.address.street}  {customer.address.city}",
        "=" * COLUMNS,
    ]


def _table(data: InvoiceData) -> list[str]:
    heading = f"{'DESCRIPCIÓN':<52}{'CANT.':>8}{'UNITARIO':>17}{'VALOR':>20}"
    rows = [row for line in data.lines for row in _rows(line)]
    return [f"*{heading}", "-" * COLUMNS, *rows, "-" * COLUMNS]


def _rows(line: LineData) -> list[str]:
    first, *rest = _wrapped(line.description, 50)
    figures = f"{line.quantity:>8}{_plain(line.price):>17}{_plain(line.amount):>20}"
    return [f"{first:<52}{figures}", *(f"  {each}" for each in rest)]


def _foot(data: InvoiceData) -> list[str]:
    taxes = [_sum_line(f"{tax.name} {tax.percent:.0f} %", tax.amount) for tax in data.taxes]
    given = data.authorization
    authorized = (
        f"Autorización DIAN {given.number}, prefijo {given.prefix}, del {given.range_from} al {given.range_to}"
        if given
        else ""
    )
    return [
        _sum_line("Subtotal", data.totals.line_extension),
        *taxes,
        "*" + _sum_line(f"TOTAL {data.currency}", data.totals.payable),
        "",
        *(f"Corrige: {data.correction.number} - {data.correction.reason}" for _ in (1,) if data.correction),
        *data.notes,
        authorized,
        f"{data.uuid_scheme[:4]}: {data.uuid[:64]}",
        f"      {data.uuid[64:]}",
        "Impreso por Contable 8",
    ]


def _sum_line(label: str, amount: Decimal | None) -> str:
    return f"{label:>77}{_plain(amount):>20}"


def _plain(amount: Decimal | None) -> str:
    return formats.money(amount, "COP").removeprefix("$").strip() if amount is not None else ""


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width) or [""]
