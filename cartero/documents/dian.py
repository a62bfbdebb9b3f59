"""DIAN's rules for the delivery by e-mail: annex 1.9 of Resolución 000165/2023, 9.1 (subject, size) and 6.5 (names)."""

import re
from functools import lru_cache
from zlib import crc32

from cartero.documents import qr
from cartero.invoices.data import InvoiceData
from cartero.invoices.states import InvoiceKind

SIZE_LIMIT = 2_097_152
"""2 MB a sending (9.1); larger ones leave all the same, with a warning."""
CATALOG = {
    "2": "https://catalogo-vpfe-hab.dian.gov.co/document/searchqr?documentkey=",
    "": "https://catalogo-vpfe.dian.gov.co/document/searchqr?documentkey=",
}
NOTE_CODES = {InvoiceKind.CREDIT_NOTE: "91", InvoiceKind.DEBIT_NOTE: "92"}
NAME_KINDS = {InvoiceKind.CREDIT_NOTE: "nc", InvoiceKind.DEBIT_NOTE: "nd"}
OWN_SOFTWARE = "000"
CONTAINER_NAME = re.compile(r"ad(\d{10}\w{3}\d{2}[0-9a-f]{8})\.xml", re.IGNORECASE | re.ASCII)
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029;]+")


def subject(data: InvoiceData, business_line: str = "") -> str:
    """`NIT;legal name;number;type;trade name[;line of business]` (9.1): six fields, never cut, no spaces around `;`."""
    supplier = data.supplier
    type_code = data.type_code or NOTE_CODES.get(InvoiceKind(data.kind), "01")
    name, line = _field(supplier.name), _field(business_line)
    fields = (_digits(supplier.tax_id), name, _field(data.number), type_code, _field(supplier.trade_name) or name)
    return ";".join([*fields, line] if line else fields)


def container_name(data: InvoiceData) -> str:
    """A name by the annex (6.5.7) for a container that came without one: `ad090037721600026000047a6.xml`."""
    return f"ad{_stem(data)}.xml"


def zip_name(data: InvoiceData, container: str) -> str:
    """The ZIP's name by the annex (6.5.8): that of its container where that one follows the annex, else made."""
    named = CONTAINER_NAME.fullmatch(container)
    return f"z{named[1] if named else _stem(data)}.zip"


def qr_text(data: InvoiceData) -> str:
    """What the QR says (11.7, 5.8): `sts:QRCode` as it stands if it names this document, else DIAN's own link.

    A document without CUFE keeps whatever code its XML holds.
    """
    text = data.qr.strip() if qr.fits(data.qr) else ""
    if not data.uuid or data.uuid.lower() in text.lower():
        return text
    return CATALOG.get(data.environment, CATALOG[""]) + data.uuid


def _stem(data: InvoiceData) -> str:
    """NIT in ten digits, own software, year, and the consecutive in hex; a number without one gives its checksum."""
    consecutive = data.sequence if data.sequence and data.sequence < 2**32 else crc32(data.number.encode())
    nit = _digits(data.supplier.tax_id)[-10:].zfill(10)
    return f"{nit}{OWN_SOFTWARE}{data.issue_date:%y}{consecutive:08x}"


@lru_cache(maxsize=1024)  # most are the company's own
def _field(text: str) -> str:
    """One field: no separator, no control character (a line break would start a header), spaces single."""
    return " ".join(_UNFIT.sub(" ", text).split())


@lru_cache(maxsize=1024)
def _digits(text: str) -> str:
    return re.sub(r"\D", "", text, flags=re.ASCII)
