"""What is added up: lines, taxes, discounts, charges, totals. Each value as it stands, nothing reckoned again."""

from decimal import Decimal

from django.utils.translation import gettext as _
from lxml import etree

from cartero.importing.readers.elements import amount, attribute, find, find_all, first_text, text, texts
from cartero.importing.refusals import Remarks, UnreadableError
from cartero.invoices.data import AllowanceChargeData, LineData, TaxData, TotalsData

MOST_DECIMALS = 6
_QUANTITIES = ("cbc:InvoicedQuantity", "cbc:CreditedQuantity", "cbc:DebitedQuantity")
_LINES = ("cac:InvoiceLine", "cac:CreditNoteLine", "cac:DebitNoteLine")
_CODES = ("cac:Item/cac:SellersItemIdentification/cbc:ID", "cac:Item/cac:StandardItemIdentification/cbc:ID")


def read_totals(root: etree._Element, remarks: Remarks) -> TotalsData:
    """Raises UnreadableError where there is no amount to pay: without it there is no invoice."""
    total = find(root, "cac:LegalMonetaryTotal")
    if total is None:
        total = find(root, "cac:RequestedMonetaryTotal")
    payable = amount(total, "cbc:PayableAmount", Remarks())
    if payable is None or payable != round(payable, MOST_DECIMALS):
        raise UnreadableError(
            _("total a pagar"),
            _what_is_wrong(text(total, "cbc:PayableAmount")[:60], payable),
            _("Vuelva a generar el documento en su programa contable: el total debe ser un número como 1234.56."),
        )
    if payable < 0:
        remarks.warn(_("total a pagar"), _("El total es negativo."))
    return TotalsData(
        payable=payable,
        line_extension=amount(total, "cbc:LineExtensionAmount", remarks),
        tax_exclusive=amount(total, "cbc:TaxExclusiveAmount", remarks),
        tax_inclusive=amount(total, "cbc:TaxInclusiveAmount", remarks),
        allowances=amount(total, "cbc:AllowanceTotalAmount", remarks),
        charges=amount(total, "cbc:ChargeTotalAmount", remarks),
        prepaid=amount(total, "cbc:PrepaidAmount", remarks),
        rounding=amount(total, "cbc:PayableRoundingAmount", remarks),
    )


def _what_is_wrong(stated: str, read: Decimal | None) -> str:
    if not stated:
        return _("no trae el total")
    if read is None:
        return _("«%(text)s» no es un valor") % {"text": stated}
    return _("«%(text)s» tiene más de %(limit)d decimales") % {"text": stated, "limit": MOST_DECIMALS}


def total_currencies(root: etree._Element) -> set[str]:
    """The currencies that the totals say they are in."""
    totals = find_all(root, "cac:LegalMonetaryTotal/*") + find_all(root, "cac:RequestedMonetaryTotal/*")
    return {currency for element in totals if (currency := attribute(element, "currencyID"))}


def read_lines(root: etree._Element, remarks: Remarks) -> tuple[LineData, ...]:
    return tuple(_read_line(line, remarks) for path in _LINES for line in find_all(root, path))


def _read_line(line: etree._Element, remarks: Remarks) -> LineData:
    quantity_path = next((path for path in _QUANTITIES if find(line, path) is not None), _QUANTITIES[0])
    quantity = find(line, quantity_path)
    return LineData(
        description=" ".join(texts(line, "cac:Item/cbc:Description")) or text(line, "cac:Item/cbc:Name"),
        amount=amount(line, "cbc:LineExtensionAmount", remarks) or Decimal(0),
        quantity=amount(line, quantity_path, remarks),
        unit="" if quantity is None else attribute(quantity, "unitCode"),
        price=amount(line, "cac:Price/cbc:PriceAmount", remarks),
        code=first_text(line, *_CODES),
        taxes=read_taxes(line, "cac:TaxTotal", remarks),
        allowances=read_allowances(line, remarks),
    )


def read_taxes(element: etree._Element, path: str, remarks: Remarks) -> tuple[TaxData, ...]:
    """Each subtotal of each group at `path`; a group without subtotals counts as one."""
    taxes: list[TaxData] = []
    for group in find_all(element, path):
        for subtotal in find_all(group, "cac:TaxSubtotal") or [group]:
            percent_path = "cac:TaxCategory/cbc:Percent"
            if not text(subtotal, percent_path):
                percent_path = "cbc:Percent"
            taxes.append(
                TaxData(
                    code=text(subtotal, "cac:TaxCategory/cac:TaxScheme/cbc:ID"),
                    name=text(subtotal, "cac:TaxCategory/cac:TaxScheme/cbc:Name"),
                    amount=amount(subtotal, "cbc:TaxAmount", remarks) or Decimal(0),
                    base=amount(subtotal, "cbc:TaxableAmount", remarks),
                    percent=amount(subtotal, percent_path, remarks),
                )
            )
    return tuple(taxes)


def read_allowances(element: etree._Element, remarks: Remarks) -> tuple[AllowanceChargeData, ...]:
    return tuple(
        AllowanceChargeData(
            is_charge=text(allowance, "cbc:ChargeIndicator").lower() in ("true", "1"),
            amount=amount(allowance, "cbc:Amount", remarks) or Decimal(0),
            reason=text(allowance, "cbc:AllowanceChargeReason"),
            reason_code=text(allowance, "cbc:AllowanceChargeReasonCode"),
            percent=amount(allowance, "cbc:MultiplierFactorNumeric", remarks),
            base=amount(allowance, "cbc:BaseAmount", remarks),
        )
        for allowance in find_all(element, "cac:AllowanceCharge")
    )
