"""The code of a document by the annex (1.9, 11.1 and 11.2), and the text of its QR (11.7)."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from hashlib import sha384

from cartero.invoices.data import InvoiceData

CATALOG = {
    "1": "https://catalogo-vpfe.dian.gov.co/document/searchqr?documentkey=",
    "2": "https://catalogo-vpfe-hab.dian.gov.co/document/searchqr?documentkey=",
}
VAT, CONSUMPTION, ICA = "01", "04", "03"  # table 13.2.2, in the order that the formula asks


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What goes into the code of a document, in the order of the formula."""

    number: str
    day: str
    hour: str
    amount: Decimal
    taxes: dict[str, Decimal]
    total: Decimal
    supplier: str
    customer: str
    secret: str
    """The technical key of the numbering for an invoice (CUFE), the software's PIN for a note (CUDE)."""
    environment: str


def code(figures: Figures) -> str:
    """96 hex digits."""
    taxes = "".join(f"{tax}{plain(figures.taxes.get(tax, Decimal(0)))}" for tax in (VAT, CONSUMPTION, ICA))
    parts = (
        figures.number, figures.day, figures.hour, plain(figures.amount), taxes, plain(figures.total),
        figures.supplier, figures.customer, figures.secret, figures.environment,
    )  # fmt: skip
    return sha384("".join(parts).encode()).hexdigest()


def of(data: InvoiceData, secret: str) -> str:
    return code(
        Figures(
            number=data.number,
            day=data.issue_date.isoformat(),
            hour=hour(data),
            amount=data.totals.line_extension or Decimal(0),
            taxes=_taxes(data),
            total=data.totals.payable,
            supplier=data.supplier.tax_id,
            customer=data.customer.tax_id,
            secret=secret,
            environment=data.environment,
        )
    )


def qr(data: InvoiceData, uuid: str) -> str:
    """Ten lines and DIAN's address."""
    taxes = _taxes(data)
    others = sum((amount for tax, amount in taxes.items() if tax != VAT), Decimal(0))
    lines = {
        "NumFac": data.number,
        "FecFac": data.issue_date.isoformat(),
        "HorFac": hour(data),
        "NitFac": data.supplier.tax_id,
        "DocAdq": data.customer.tax_id,
        "ValFac": plain(data.totals.line_extension or Decimal(0)),
        "ValIva": plain(taxes.get(VAT, Decimal(0))),
        "ValOtroIm": plain(others),
        "ValTolFac": plain(data.totals.payable),
        data.uuid_scheme[:4]: uuid,
    }
    return "\n".join([*(f"{name}: {value}" for name, value in lines.items()), CATALOG[data.environment] + uuid])


def hour(data: InvoiceData) -> str:
    """The hour of issue in Colombia's zone, as DIAN writes it."""
    return f"{data.issue_time:%H:%M:%S}-05:00"


def plain(amount: Decimal) -> str:
    """Two decimals, cut and not rounded (11.2)."""
    return f"{amount.quantize(Decimal('0.01'), ROUND_DOWN):f}"


def _taxes(data: InvoiceData) -> dict[str, Decimal]:
    taxes: dict[str, Decimal] = {}
    for tax in data.taxes:
        taxes[tax.code] = taxes.get(tax.code, Decimal(0)) + tax.amount
    return taxes
