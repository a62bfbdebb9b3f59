"""The one shape of a document between the parts: readers make it, saving stores it, loading gives it, Typst draws."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class AddressData:
    """A postal address as the document states it (`cac:Address`)."""

    street: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class PartyData:
    """A party of a document (`cac:Party`). `tax_id` is digits without check digit where the id type has one."""

    tax_id: str
    name: str
    id_type: str = ""
    check_digit: str = ""
    trade_name: str = ""
    emails: tuple[str, ...] = ()
    phone: str = ""
    address: AddressData = AddressData()
    tax_qualities: tuple[str, ...] = ()
    """Codes of `cbc:TaxLevelCode`: O-13 gran contribuyente, O-15 autorretenedor, O-23 retiene IVA, O-47 SIMPLE."""


@dataclass(frozen=True, kw_only=True)
class TaxData:
    """One subtotal of a tax (`cac:TaxSubtotal`). A per-unit tax has no `percent`, and often no `base`."""

    code: str
    name: str
    amount: Decimal
    base: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class AllowanceChargeData:
    """A discount, or a charge where `is_charge` (`cac:AllowanceCharge`); reason code 03 of a charge is a tip."""

    is_charge: bool
    amount: Decimal
    reason: str = ""
    reason_code: str = ""
    percent: Decimal | None = None
    base: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class LineData:
    """A line of a document (`cac:InvoiceLine`, `CreditNoteLine`, `DebitNoteLine`)."""

    description: str
    amount: Decimal
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    code: str = ""
    taxes: tuple[TaxData, ...] = ()
    allowances: tuple[AllowanceChargeData, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TotalsData:
    """`cac:LegalMonetaryTotal` (a debit note's `RequestedMonetaryTotal`), each as it stands; nothing is recomputed."""

    payable: Decimal
    line_extension: Decimal | None = None
    tax_exclusive: Decimal | None = None
    tax_inclusive: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class AuthorizationData:
    """DIAN's authorization of the numbers (`sts:InvoiceControl`)."""

    number: str
    start: date | None = None
    end: date | None = None
    prefix: str = ""
    range_from: str = ""
    range_to: str = ""


@dataclass(frozen=True, kw_only=True)
class ValidationData:
    """DIAN's answer (`ApplicationResponse`): code 02 validated, 04 rejected."""

    code: str
    validation_date: date | None = None
    validation_time: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentData:
    """How it is paid (`cac:PaymentMeans`): form 1 contado, 2 crédito; means by DIAN's code (10 cash, 42 deposit, …)."""

    form: str = ""
    means: str = ""
    due_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class CorrectionData:
    """What a note corrects (`cac:BillingReference`, `cac:DiscrepancyResponse`)."""

    number: str = ""
    uuid: str = ""
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class InvoiceData:
    """A document of sale whole: invoice, credit note, debit note or equivalent document, in the terms of UBL 2.1.

    `kind` is a value of `states.InvoiceKind`; `type_code` is DIAN's (01, 02, 91, 92, 20, 60 …), empty outside UBL.
    """

    kind: str
    number: str
    issue_date: date
    supplier: PartyData
    customer: PartyData
    totals: TotalsData
    type_code: str = ""
    prefix: str = ""
    sequence: int | None = None
    uuid: str = ""
    uuid_scheme: str = ""
    environment: str = ""
    """`cbc:ProfileExecutionID`: 1 production, 2 test; empty outside UBL."""
    operation: str = ""
    issue_time: time | None = None
    due_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    currency: str = "COP"
    exchange_rate: Decimal | None = None
    exchange_date: date | None = None
    balance: Decimal | None = None
    """What is still owed; only from the accounting program (spreadsheets), never from the XML."""
    notes: tuple[str, ...] = ()
    order_reference: str = ""
    lines: tuple[LineData, ...] = ()
    taxes: tuple[TaxData, ...] = ()
    withholdings: tuple[TaxData, ...] = ()
    allowances: tuple[AllowanceChargeData, ...] = ()
    authorization: AuthorizationData | None = None
    validation: ValidationData | None = None
    payment: PaymentData = field(default_factory=PaymentData)
    correction: CorrectionData | None = None
    qr: str = ""
    """Text of `sts:QRCode`, line breaks kept."""
    software_name: str = ""
    software_nit: str = ""
    provider_nit: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file that goes with a mail: its name as the recipient sees it, media type and bytes."""

    name: str
    media_type: str
    content: bytes
