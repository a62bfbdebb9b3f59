"""InvoiceData -> a document in UBL 2.1 as annex 1.9 wants it, and the container that holds it with DIAN's answer."""

from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from cartero.cli.demonstration import cufe
from cartero.cli.demonstration.signing import signature
from cartero.invoices.data import (
    AddressData,
    InvoiceData,
    LineData,
    PartyData,
    TaxData,
    TotalsData,
    ValidationData,
)
from cartero.invoices.states import InvoiceKind

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMESPACES = (
    f'xmlns:cac="{_UBL}CommonAggregateComponents-2" xmlns:cbc="{_UBL}CommonBasicComponents-2" '
    f'xmlns:ext="{_UBL}CommonExtensionComponents-2" xmlns:sts="dian:gov:co:facturaelectronica:Structures-2-1" '
    'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"'
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
_AGENCY = 'schemeAgencyID="195" schemeAgencyName="CO, DIAN (Dirección de Impuestos y Aduanas Nacionales)"'
_ROOTS = {InvoiceKind.CREDIT_NOTE: "CreditNote", InvoiceKind.DEBIT_NOTE: "DebitNote"}
_QUANTITIES = {"Invoice": "InvoicedQuantity", "CreditNote": "CreditedQuantity", "DebitNote": "DebitedQuantity"}
_PROFILES = {
    "Invoice": "DIAN 2.1: Factura Electrónica de Venta",
    "CreditNote": "DIAN 2.1: Nota Crédito de Factura Electrónica de Venta",
    "DebitNote": "DIAN 2.1: Nota Débito de Factura Electrónica de Venta",
}
_DIAN_NAME = "Unidad Especial Dirección de Impuestos y Aduanas Nacionales"
_DIAN = PartyData(tax_id="800197268", check_digit="4", id_type="31", name=_DIAN_NAME)


def document(data: InvoiceData) -> str:
    """Invoice, CreditNote or DebitNote. Reading it back gives `data`, but for the answer and the balance."""
    root = _root(data)
    currency = data.currency
    body = "".join(
        (
            _extensions(data),
            _t("cbc:UBLVersionID", "UBL 2.1"),
            _t("cbc:CustomizationID", data.operation),
            _t("cbc:ProfileID", _PROFILES[root]),
            _t("cbc:ProfileExecutionID", data.environment),
            _t("cbc:ID", data.number),
            f'<cbc:UUID schemeID="{data.environment}" schemeName="{data.uuid_scheme}">{data.uuid}</cbc:UUID>',
            _t("cbc:IssueDate", data.issue_date.isoformat()),
            _t("cbc:IssueTime", cufe.hour(data)),
            _t("cbc:DueDate", data.due_date.isoformat()) if data.due_date and root == "Invoice" else "",
            _t(f"cbc:{root}TypeCode", data.type_code) if root != "DebitNote" else "",
            *(_t("cbc:Note", note) for note in data.notes),
            _t("cbc:DocumentCurrencyCode", currency),
            _t("cbc:LineCountNumeric", str(len(data.lines))),
            _period(data),
            _correction(data),
            _order(data.order_reference),
            _supplier(data),
            _customer(data.customer),
            _payment(data),
            _exchange(data),
            *_tax_totals(data.taxes, currency),
            _totals(data.totals, root, currency),
            *(_line(position, line, root, currency) for position, line in enumerate(data.lines, 1)),
        )
    )
    return _whole(root, body)


def container(data: InvoiceData) -> bytes:
    """The `AttachedDocument` that is delivered; without an answer of DIAN it holds the document alone."""
    answer = _answered(data, data.validation) if data.validation else ""
    body = "".join(
        (
            f"<ext:UBLExtensions>{_signature('container', data)}</ext:UBLExtensions>",
            _t("cbc:UBLVersionID", "UBL 2.1"),
            _t("cbc:CustomizationID", "Documentos adjuntos"),
            _t("cbc:ProfileID", "Factura Electrónica de Venta"),
            _t("cbc:ProfileExecutionID", data.environment),
            _t("cbc:ID", f"{data.number}-1"),
            _t("cbc:IssueDate", data.issue_date.isoformat()),
            _t("cbc:IssueTime", cufe.hour(data)),
            _t("cbc:DocumentType", "Contenedor de Factura Electrónica"),
            _t("cbc:ParentDocumentID", data.number),
            f"<cac:SenderParty>{_scheme(data.supplier)}</cac:SenderParty>",
            f"<cac:ReceiverParty>{_scheme(data.customer)}</cac:ReceiverParty>",
            _attachment(document(data)),
            answer,
        )
    )
    return _whole("AttachedDocument", body).encode()


def _whole(root: str, body: str) -> str:
    return f'{_DECLARATION}<{root} xmlns="{_UBL}{root}-2" {_NAMESPACES}>{body}</{root}>'


def _root(data: InvoiceData) -> str:
    return _ROOTS.get(InvoiceKind(data.kind), "Invoice")


def _t(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _money(name: str, amount: Decimal, currency: str) -> str:
    return f'<cbc:{name} currencyID="{currency}">{amount:.2f}</cbc:{name}>'


def _signature(what: str, data: InvoiceData) -> str:
    return signature(f"{what} {data.number}", data.issue_date.isoformat(), cufe.hour(data))


def _extensions(data: InvoiceData) -> str:
    control = ""
    if data.authorization and data.authorization.start and data.authorization.end:
        given = data.authorization
        control = (
            f"<sts:InvoiceControl>{_t('sts:InvoiceAuthorization', given.number)}<sts:AuthorizationPeriod>"
            f"{_t('cbc:StartDate', f'{given.start}')}{_t('cbc:EndDate', f'{given.end}')}</sts:AuthorizationPeriod>"
            f"<sts:AuthorizedInvoices>{_t('sts:Prefix', given.prefix)}{_t('sts:From', given.range_from)}"
            f"{_t('sts:To', given.range_to)}</sts:AuthorizedInvoices></sts:InvoiceControl>"
        )
    return (
        "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><sts:DianExtensions>"
        f'{control}<sts:InvoiceSource><cbc:IdentificationCode listAgencyID="6">CO</cbc:IdentificationCode>'
        f"</sts:InvoiceSource><sts:SoftwareProvider><sts:ProviderID {_AGENCY}>{data.provider_nit}</sts:ProviderID>"
        f"<sts:SoftwareID {_AGENCY}>00000000-0000-4000-8000-000000000001</sts:SoftwareID></sts:SoftwareProvider>"
        f"<sts:AuthorizationProvider><sts:AuthorizationProviderID {_AGENCY}>{_DIAN.tax_id}"
        "</sts:AuthorizationProviderID></sts:AuthorizationProvider>"
        f"{_t('sts:QRCode', data.qr)}</sts:DianExtensions></ext:ExtensionContent></ext:UBLExtension>"
        f"{_signature('document', data)}</ext:UBLExtensions>"
    )


def _period(data: InvoiceData) -> str:
    if not data.period_start or not data.period_end:
        return ""
    dates = _t("cbc:StartDate", f"{data.period_start}") + _t("cbc:EndDate", f"{data.period_end}")
    return f"<cac:InvoicePeriod>{dates}</cac:InvoicePeriod>"


def _correction(data: InvoiceData) -> str:
    corrects = data.correction
    if corrects is None:
        return ""
    return (
        f"<cac:DiscrepancyResponse>{_t('cbc:ReferenceID', corrects.number)}{_t('cbc:ResponseCode', corrects.code)}"
        f"{_t('cbc:Description', corrects.reason)}</cac:DiscrepancyResponse>"
        f"<cac:BillingReference><cac:InvoiceDocumentReference>{_t('cbc:ID', corrects.number)}"
        f'<cbc:UUID schemeName="CUFE-SHA384">{corrects.uuid}</cbc:UUID>'
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
    )


def _order(number: str) -> str:
    return f"<cac:OrderReference>{_t('cbc:ID', number)}</cac:OrderReference>" if number else ""


def _customer(party: PartyData) -> str:
    return f"<cac:AccountingCustomerParty>{_account(party)}{_party(party)}</cac:AccountingCustomerParty>"


def _supplier(data: InvoiceData) -> str:
    scheme = f"<cac:CorporateRegistrationScheme>{_t('cbc:ID', data.prefix)}</cac:CorporateRegistrationScheme>"
    party = _party(data.supplier, registration=scheme)
    return f"<cac:AccountingSupplierParty>{_account(data.supplier)}{party}</cac:AccountingSupplierParty>"


def _account(party: PartyData) -> str:
    return _t("cbc:AdditionalAccountID", "1" if party.id_type == "31" else "2")


def _party(party: PartyData, *, registration: str = "") -> str:
    name = f"<cac:PartyName>{_t('cbc:Name', party.trade_name)}</cac:PartyName>" if party.trade_name else ""
    mails = "".join(_t("cbc:ElectronicMail", email) for email in party.emails)
    phone = _t("cbc:Telephone", party.phone) if party.phone else ""
    legal = f"{_t('cbc:RegistrationName', party.name)}{_company_id(party)}{registration}"
    place = f"<cac:PhysicalLocation>{_address('Address', party.address)}</cac:PhysicalLocation>"
    return (
        f"<cac:Party>{name}{place if party.address != AddressData() else ''}{_scheme(party)}"
        f"<cac:PartyLegalEntity>{legal}</cac:PartyLegalEntity><cac:Contact>{phone}{mails}</cac:Contact></cac:Party>"
    )


def _address(name: str, address: AddressData) -> str:
    return (
        f"<cac:{name}>{_t('cbc:CityName', address.city)}{_t('cbc:CountrySubentity', address.region)}"
        f"<cac:AddressLine>{_t('cbc:Line', address.street)}</cac:AddressLine><cac:Country>"
        f"{_t('cbc:IdentificationCode', address.country)}</cac:Country></cac:{name}>"
    )


def _scheme(party: PartyData) -> str:
    qualities = ";".join(party.tax_qualities)
    level = f'<cbc:TaxLevelCode listName="48">{qualities}</cbc:TaxLevelCode>' if qualities else ""
    return (
        f"<cac:PartyTaxScheme>{_t('cbc:RegistrationName', party.name)}{_company_id(party)}{level}"
        "<cac:TaxScheme><cbc:ID>01</cbc:ID><cbc:Name>IVA</cbc:Name></cac:TaxScheme></cac:PartyTaxScheme>"
    )


def _company_id(party: PartyData) -> str:
    digit = f"schemeID={quoteattr(party.check_digit)} " if party.check_digit else ""
    return f'<cbc:CompanyID {_AGENCY} {digit}schemeName="{party.id_type}">{escape(party.tax_id)}</cbc:CompanyID>'


def _payment(data: InvoiceData) -> str:
    payment = data.payment
    due = _t("cbc:PaymentDueDate", f"{payment.due_date}") if payment.due_date else ""
    return (
        f"<cac:PaymentMeans>{_t('cbc:ID', payment.form)}{_t('cbc:PaymentMeansCode', payment.means)}{due}"
        "</cac:PaymentMeans>"
    )


def _exchange(data: InvoiceData) -> str:
    if data.exchange_rate is None:
        return ""
    return (
        f"<cac:PaymentExchangeRate>{_t('cbc:SourceCurrencyCode', data.currency)}"
        f"<cbc:SourceCurrencyBaseRate>1.00</cbc:SourceCurrencyBaseRate>{_t('cbc:TargetCurrencyCode', 'COP')}"
        f"<cbc:TargetCurrencyBaseRate>1.00</cbc:TargetCurrencyBaseRate>"
        f"{_t('cbc:CalculationRate', f'{data.exchange_rate:.2f}')}{_t('cbc:Date', f'{data.exchange_date}')}"
        "</cac:PaymentExchangeRate>"
    )


def _tax_totals(taxes: tuple[TaxData, ...], currency: str) -> list[str]:
    """One group a tax, one subtotal a rate."""
    groups: dict[str, list[TaxData]] = {}
    for tax in taxes:
        groups.setdefault(tax.code, []).append(tax)
    return [
        f"<cac:TaxTotal>{_money('TaxAmount', sum((tax.amount for tax in group), Decimal(0)), currency)}"
        f"{''.join(_subtotal(tax, currency) for tax in group)}</cac:TaxTotal>"
        for group in groups.values()
    ]


def _subtotal(tax: TaxData, currency: str) -> str:
    return (
        f"<cac:TaxSubtotal>{_money('TaxableAmount', tax.base or Decimal(0), currency)}"
        f"{_money('TaxAmount', tax.amount, currency)}<cac:TaxCategory>{_t('cbc:Percent', f'{tax.percent:.2f}')}"
        f"<cac:TaxScheme>{_t('cbc:ID', tax.code)}{_t('cbc:Name', tax.name)}</cac:TaxScheme></cac:TaxCategory>"
        "</cac:TaxSubtotal>"
    )


def _totals(totals: TotalsData, root: str, currency: str) -> str:
    name = "RequestedMonetaryTotal" if root == "DebitNote" else "LegalMonetaryTotal"
    stated = {
        "LineExtensionAmount": totals.line_extension,
        "TaxExclusiveAmount": totals.tax_exclusive,
        "TaxInclusiveAmount": totals.tax_inclusive,
        "PayableAmount": totals.payable,
    }
    amounts = (_money(each, amount, currency) for each, amount in stated.items() if amount is not None)
    return f"<cac:{name}>{''.join(amounts)}</cac:{name}>"


def _line(position: int, line: LineData, root: str, currency: str) -> str:
    quantity = f'<cbc:{_QUANTITIES[root]} unitCode="{line.unit}">{line.quantity}</cbc:{_QUANTITIES[root]}>'
    return (
        f"<cac:{root}Line>{_t('cbc:ID', str(position))}{quantity}"
        f"{_money('LineExtensionAmount', line.amount, currency)}{''.join(_tax_totals(line.taxes, currency))}"
        f"<cac:Item>{_t('cbc:Description', line.description)}</cac:Item>"
        f"<cac:Price>{_money('PriceAmount', line.price or Decimal(0), currency)}"
        f'<cbc:BaseQuantity unitCode="{line.unit}">{line.quantity}</cbc:BaseQuantity></cac:Price></cac:{root}Line>'
    )


def _attachment(xml: str) -> str:
    return (
        "<cac:Attachment><cac:ExternalReference><cbc:MimeCode>text/xml</cbc:MimeCode>"
        f"<cbc:EncodingCode>UTF-8</cbc:EncodingCode><cbc:Description><![CDATA[{xml}]]></cbc:Description>"
        "</cac:ExternalReference></cac:Attachment>"
    )


def _answered(data: InvoiceData, answer: ValidationData) -> str:
    return (
        "<cac:ParentDocumentLineReference><cbc:LineID>1</cbc:LineID><cac:DocumentReference>"
        f'{_t("cbc:ID", data.number)}<cbc:UUID schemeName="{data.uuid_scheme}">{data.uuid}</cbc:UUID>'
        f"<cbc:DocumentType>ApplicationResponse</cbc:DocumentType>{_attachment(_response(data, answer))}"
        f"<cac:ResultOfVerification>{_t('cbc:ValidatorID', _DIAN_NAME)}{_t('cbc:ValidationResultCode', answer.code)}"
        f"{_t('cbc:ValidationDate', f'{answer.validation_date}')}{_t('cbc:ValidationTime', answer.validation_time)}"
        "</cac:ResultOfVerification></cac:DocumentReference></cac:ParentDocumentLineReference>"
    )


def _response(data: InvoiceData, answer: ValidationData) -> str:
    words = "Documento validado por la DIAN" if answer.code == "02" else "Documento rechazado por la DIAN"
    body = "".join(
        (
            f"<ext:UBLExtensions>{_signature('answer', data)}</ext:UBLExtensions>",
            _t("cbc:UBLVersionID", "UBL 2.1"),
            _t("cbc:CustomizationID", "1"),
            _t("cbc:ProfileID", "DIAN 2.1"),
            _t("cbc:ProfileExecutionID", data.environment),
            _t("cbc:ID", f"{data.sequence}"),
            _t("cbc:IssueDate", f"{answer.validation_date}"),
            _t("cbc:IssueTime", answer.validation_time),
            f"<cac:SenderParty>{_scheme(_DIAN)}</cac:SenderParty>",
            f"<cac:ReceiverParty>{_scheme(data.supplier)}</cac:ReceiverParty>",
            f"<cac:DocumentResponse><cac:Response>{_t('cbc:ResponseCode', answer.code)}",
            f"{_t('cbc:Description', words)}</cac:Response><cac:DocumentReference>{_t('cbc:ID', data.number)}",
            f"{_t('cbc:UUID', data.uuid)}</cac:DocumentReference></cac:DocumentResponse>",
        )
    )
    return _whole("ApplicationResponse", body)
