"""DIAN documents of invented companies, and the ZIPs and PDFs they come in, for tests of reading and importing."""

import zipfile
from collections.abc import Mapping
from hashlib import sha384
from io import BytesIO
from xml.sax.saxutils import escape

import pikepdf

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMESPACES = (
    f'xmlns:cac="{UBL}CommonAggregateComponents-2" xmlns:cbc="{UBL}CommonBasicComponents-2" '
    f'xmlns:ext="{UBL}CommonExtensionComponents-2" xmlns:sts="dian:gov:co:facturaelectronica:Structures-2-1"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
COMPANY = "900373115"  # DV 3
BUYER = "800555432"  # DV 2


def uuid_of(number: str) -> str:
    return sha384(number.encode()).hexdigest()


def party(
    tax_id: str = BUYER,
    name: str = "Comercial El Roble SAS",
    *,
    digit: str = "2",
    id_type: str = "31",
    emails: tuple[str, ...] = ("pagos@elroble.example.co",),
) -> str:
    contact = "".join(f"<cbc:ElectronicMail>{escape(email)}</cbc:ElectronicMail>" for email in emails)
    return f"""<cac:Party>
      <cac:PartyName><cbc:Name>{escape(name)}</cbc:Name></cac:PartyName>
      <cac:PhysicalLocation><cac:Address><cbc:CityName>Medellín</cbc:CityName>
        <cbc:CountrySubentity>Antioquia</cbc:CountrySubentity>
        <cac:AddressLine><cbc:Line>Calle 10 # 43-12</cbc:Line></cac:AddressLine>
        <cac:Country><cbc:IdentificationCode>CO</cbc:IdentificationCode></cac:Country></cac:Address>
      </cac:PhysicalLocation>
      <cac:PartyTaxScheme><cbc:RegistrationName>{escape(name)}</cbc:RegistrationName>
        <cbc:CompanyID schemeID="{digit}" schemeName="{id_type}">{tax_id}</cbc:CompanyID>
        <cbc:TaxLevelCode>O-13;O-15</cbc:TaxLevelCode></cac:PartyTaxScheme>
      <cac:Contact><cbc:Telephone>604 555 0101</cbc:Telephone>{contact}</cac:Contact>
    </cac:Party>"""


def seller() -> str:
    return party(COMPANY, "Conjunto Los Cedros SAS", digit="3", emails=("facturas@cedros.example.co",))


LINE = """<cac:{kind}Line><cbc:ID>1</cbc:ID><cbc:{quantity}Quantity unitCode="94">2</cbc:{quantity}Quantity>
    <cbc:LineExtensionAmount currencyID="COP">100000.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Description>Cuota de administración</cbc:Description></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="COP">50000.00</cbc:PriceAmount></cac:Price></cac:{kind}Line>"""
VAT = """<cac:TaxTotal><cbc:TaxAmount currencyID="COP">19000.00</cbc:TaxAmount>
    <cac:TaxSubtotal><cbc:TaxableAmount currencyID="COP">100000.00</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="COP">19000.00</cbc:TaxAmount><cac:TaxCategory><cbc:Percent>19.00</cbc:Percent>
      <cac:TaxScheme><cbc:ID>01</cbc:ID><cbc:Name>IVA</cbc:Name></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>
    </cac:TaxTotal>"""
TOTALS = """<cbc:LineExtensionAmount currencyID="COP">100000.00</cbc:LineExtensionAmount>
    <cbc:TaxInclusiveAmount currencyID="COP">119000.00</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="COP">119000.00</cbc:PayableAmount>"""


def document(number: str = "FE10", *, root: str = "Invoice", type_code: str = "01", **parts: str) -> str:
    """A document as text; `parts` replace those of `default`."""
    quantity = {"Invoice": "Invoiced", "CreditNote": "Credited", "DebitNote": "Debited"}[root]
    total = "RequestedMonetaryTotal" if root == "DebitNote" else "LegalMonetaryTotal"
    kind = "" if root == "DebitNote" else f"<cbc:{root}TypeCode>{type_code}</cbc:{root}TypeCode>"
    default = {
        "declaration": DECLARATION,
        "prefix": "FE",
        "id": number,
        "uuid": f'<cbc:UUID schemeName="CUFE-SHA384">{uuid_of(number)}</cbc:UUID>',
        "dates": "<cbc:IssueDate>2026-11-03</cbc:IssueDate><cbc:IssueTime>19:30:00-05:00</cbc:IssueTime>",
        "due": "<cbc:DueDate>2026-12-03</cbc:DueDate>",
        "kind": kind,
        "currency": "COP",
        "environment": "1",
        "extra": "",
        "supplier": seller(),
        "customer": party(),
        "payment": "<cac:PaymentMeans><cbc:ID>2</cbc:ID><cbc:PaymentMeansCode>42</cbc:PaymentMeansCode>"
        "<cbc:PaymentDueDate>2026-12-03</cbc:PaymentDueDate></cac:PaymentMeans>",
        "taxes": VAT,
        "totals": TOTALS,
        "lines": LINE.format(kind=root, quantity=quantity),
    }
    values = default | parts
    return f"""{values["declaration"]}<{root} xmlns="{UBL}{root}-2" {NAMESPACES}>
  <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><sts:DianExtensions><sts:InvoiceControl>
    <sts:InvoiceAuthorization>18764000000001</sts:InvoiceAuthorization>
    <sts:AuthorizationPeriod><cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2027-12-31</cbc:EndDate>
    </sts:AuthorizationPeriod><sts:AuthorizedInvoices><sts:Prefix>{values["prefix"]}</sts:Prefix><sts:From>1</sts:From>
    <sts:To>5000</sts:To></sts:AuthorizedInvoices></sts:InvoiceControl>
    <sts:QRCode>NumFac: {number}
      https://catalogo-vpfe.dian.gov.co/document/searchqr?documentkey={uuid_of(number)}</sts:QRCode>
  </sts:DianExtensions></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
  <cbc:CustomizationID>10</cbc:CustomizationID><cbc:ProfileID>DIAN 2.1: Factura Electrónica de Venta</cbc:ProfileID>
  <cbc:ProfileExecutionID>{values["environment"]}</cbc:ProfileExecutionID>
  <cbc:ID>{values["id"]}</cbc:ID>{values["uuid"]}{values["dates"]}{values["due"]}{values["kind"]}
  <cbc:DocumentCurrencyCode>{values["currency"]}</cbc:DocumentCurrencyCode>{values["extra"]}
  <cac:AccountingSupplierParty>{values["supplier"]}</cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>{values["customer"]}</cac:AccountingCustomerParty>
  {values["payment"]}{values["taxes"]}<cac:{total}>{values["totals"]}</cac:{total}>{values["lines"]}
</{root}>"""


def response(code: str, about: str, *, number: str = "AR1", sender: str = "", receiver: str = "") -> str:
    """An `ApplicationResponse`: DIAN's answer (02, 04) or a buyer's event (030 …) about a document."""
    return f"""{DECLARATION}<ApplicationResponse xmlns="{UBL}ApplicationResponse-2" {NAMESPACES}>
  <cbc:ID>{number}</cbc:ID><cbc:UUID>{uuid_of(number)}</cbc:UUID>
  <cbc:IssueDate>2026-11-04</cbc:IssueDate><cbc:IssueTime>08:15:00-05:00</cbc:IssueTime>
  <cac:SenderParty>{_bare(sender or party())}</cac:SenderParty>
  <cac:ReceiverParty>{_bare(receiver or seller())}</cac:ReceiverParty>
  <cac:DocumentResponse><cac:Response><cbc:ResponseCode>{code}</cbc:ResponseCode>
    <cbc:Description>Respuesta</cbc:Description></cac:Response>
    <cac:DocumentReference><cbc:ID>{about}</cbc:ID><cbc:UUID>{uuid_of(about)}</cbc:UUID></cac:DocumentReference>
  </cac:DocumentResponse></ApplicationResponse>"""


def _bare(party_element: str) -> str:
    """Events hold a party's parts without `cac:Party` around them."""
    return party_element.removeprefix("<cac:Party>").removesuffix("</cac:Party>")


def cdata(text: str) -> str:
    """As providers write it: `]]>` inside comes as two sections."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def container(inside: str, *, answer: str | None = "02", number: str = "FE10", wrapped: str | None = None) -> str:
    """An `AttachedDocument` that holds a document (`wrapped`: how its text stands in the XML) and DIAN's answer."""
    result = ""
    if answer is not None:
        result = f"""<cac:ParentDocumentLineReference><cbc:LineID>1</cbc:LineID><cac:DocumentReference>
        <cbc:ID>{number}</cbc:ID><cac:Attachment><cac:ExternalReference>
        <cbc:Description>{cdata(response(answer, number))}</cbc:Description></cac:ExternalReference></cac:Attachment>
        <cac:ResultOfVerification><cbc:ValidationResultCode>{answer}</cbc:ValidationResultCode>
        <cbc:ValidationDate>2026-11-03</cbc:ValidationDate><cbc:ValidationTime>19:31:00-05:00</cbc:ValidationTime>
        </cac:ResultOfVerification></cac:DocumentReference></cac:ParentDocumentLineReference>"""
    return f"""{DECLARATION}<AttachedDocument xmlns="{UBL}AttachedDocument-2" {NAMESPACES}>
  <cbc:ID>1</cbc:ID><cbc:ParentDocumentID>{number}</cbc:ParentDocumentID>
  <cac:Attachment><cac:ExternalReference><cbc:MimeCode>text/xml</cbc:MimeCode>
    <cbc:Description>{cdata(inside) if wrapped is None else wrapped}</cbc:Description></cac:ExternalReference>
  </cac:Attachment>{result}</AttachedDocument>"""


def delivery(number: str, **parts: str) -> dict[str, bytes]:
    """What a provider mails of a document: container and PDF."""
    return {
        f"ad{number}.xml": container(document(number, **parts), number=number).encode(),
        f"FES-{number}.pdf": pdf(),
    }


def zipped(files: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def pdf(**root: pikepdf.Object) -> bytes:
    """A PDF of one empty page; `root` goes into its catalog. Objects are put into object streams."""
    document = pikepdf.new()
    document.add_blank_page()
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    stream = BytesIO()
    document.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()
