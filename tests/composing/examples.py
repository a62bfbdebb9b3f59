"""Letters and frames for the tests of composing; every name is invented."""

import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from struct import pack
from typing import Any

from cartero.composing import mime
from cartero.composing.letter import Frame, Letter, LetterDocument, Recipient, Sender
from cartero.composing.values import values_for
from cartero.invoices.data import Document

SENDER = Sender(
    name="Administraciones Valle Verde S.A.S.",
    trade_name="Valle Verde",
    tax_id="900.377.216-7",
    from_address="facturas@valleverde.example.co",
    from_name="Valle Verde · Administración",
    reply_to="cartera@valleverde.example.co",
    phone="604 322 10 00",
    address="Carrera 43 A n.º 18 Sur-135",
    city="Medellín",
)
RECIPIENT = Recipient(name="Inmobiliaria Los Cerezos S.A.S.", tax_id="900.511.204-1", city="Envigado")
MESSAGE = (
    "<p>Buenos días, {{ tercero.nombre }}:</p><p>Le compartimos la factura <strong>{{ factura.numero }}</strong> por "
    "{{ factura.total }}, que vence el {{ factura.vencimiento }}.</p>"
    "<ul><li>Pague por PSE.</li><li>O escríbanos.</li></ul>"
)
ZIP = Document(name="z090037721600026000047a6.zip", media_type="application/zip", content=bytes(range(256)) * 86)


def document(number: str = "FE18342", total: str = "1250000", **fields: Any) -> LetterDocument:
    """An invoice due on 15 July 2026, but for `fields`."""
    plain = LetterDocument(
        kind="invoice",
        kind_label="Factura de venta",
        number=number,
        type_code="01",
        issue_date=date(2026, 7, 1),
        due_date=date(2026, 7, 15),
        currency="COP",
        total=Decimal(total),
        balance=None,
        period="julio de 2026",
    )
    return replace(plain, **fields)


def credit_note(number: str, total: str, **fields: Any) -> LetterDocument:
    return document(number, total, kind="credit_note", kind_label="Nota crédito", type_code="91", **fields)


def frame(**fields: Any) -> Frame:
    """A copy's frame, but for `fields`."""
    plain = Frame(sender=SENDER, subject="Su factura {{ factura.numero }}", message_html=MESSAGE, legal=False)
    return replace(plain, **fields)


def letter(*documents: LetterDocument, recipient: Recipient = RECIPIENT, **fields: Any) -> Letter:
    """A letter with `documents` (one invoice unless told), a ZIP and a link to see it, but for `fields`."""
    rows = documents or (document(),)
    plain = Letter(
        message_id="7d0f.41@valleverde.example.co",
        date=datetime(2026, 7, 2, 1, 30, tzinfo=UTC),
        to=("pagos@loscerezos.example.co",),
        subject="",
        fields=values_for(rows, recipient=recipient, sender=SENDER, period="julio de 2026"),
        documents=rows,
        attachments=(ZIP,),
        view_url="https://ver.example.co/f/8Jx2",
    )
    return replace(plain, **fields)


def composed(a_frame: Frame, a_letter: Letter) -> bytes:
    """The bytes of the mail."""
    return mime.compose(mime.prepare(a_frame), a_letter).message


def png() -> bytes:
    """A green square of 44 pixels."""
    rows = b"".join(b"\0" + bytes((20, 110, 70)) * 44 for _ in range(44))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))

    header = pack(">IIBBBBB", 44, 44, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
