"""What a document is, from its root and its type code; and the words for what looks like an invoice and is none."""

from django.utils.translation import gettext as _
from lxml import etree

from cartero.importing.readers import xmltree
from cartero.importing.readers.elements import ROOTS, find, first_text, text
from cartero.importing.refusals import Remarks, UnreadableError
from cartero.invoices.states import InvoiceKind

# Tables 13.1.3 of annex 1.9 and of the annex of equivalent documents
INVOICES = frozenset({"01", "02", "03", "04"})
EQUIVALENTS = frozenset({"20", "25", "27", "30", "35", "40", "45", "50", "55", "60"})
_OLD_FORMAT = "http://www.dian.gov.co/contratos/facturaelectronica/v1"
_PAYROLL = frozenset({"NominaIndividual", "NominaIndividualDeAjuste"})


def root_name(root: etree._Element) -> str:
    """Which UBL document of those Cartero reads this is. Raises UnreadableError for any other XML."""
    found = ROOTS.get(str(root.tag))
    if found:
        return found
    tag = etree.QName(root)
    if (tag.namespace or "").startswith(_OLD_FORMAT):
        raise UnreadableError(
            _("documento"),
            _("está en el formato que la DIAN usó de 2016 a 2019"),
            _("Ese formato ya no se entrega. Importe facturas validadas en UBL 2.1."),
        )
    if tag.localname.lower() == "html":
        raise xmltree.web_page()
    if tag.localname in _PAYROLL:
        raise UnreadableError(
            _("documento"),
            _("es un documento de nómina electrónica, no una factura"),
            _("Quítelo de la carpeta: Cartero envía facturas, notas y documentos equivalentes."),
        )
    raise UnreadableError(
        _("documento"),
        _("no es una factura electrónica de la DIAN: empieza con «%(name)s»") % {"name": tag.localname[:60]},
        _("Suba el XML de la factura en UBL 2.1 o el contenedor que entrega su proveedor tecnológico."),
    )


def refuse_other_countries(root: etree._Element) -> None:
    """Raises UnreadableError for UBL that nothing marks as DIAN's, or whose supplier is of another country."""
    supplier = find(root, "cac:AccountingSupplierParty/cac:Party")
    country = first_text(
        supplier,
        "cac:PhysicalLocation/cac:Address/cac:Country/cbc:IdentificationCode",
        "cac:PartyTaxScheme/cac:RegistrationAddress/cac:Country/cbc:IdentificationCode",
        "cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    ).upper()
    if _is_marked_by_dian(root) or country == "CO":
        return
    raise UnreadableError(
        _("documento"),
        _("es una factura UBL de otro país o sin los datos que exige la DIAN"),
        _("Cartero importa documentos electrónicos de Colombia. Suba el XML validado por la DIAN."),
    )


def _is_marked_by_dian(root: etree._Element) -> bool:
    uuid = find(root, "cbc:UUID")
    scheme = "" if uuid is None else uuid.get("schemeName", "").upper()
    stated = (text(root, "cbc:ProfileID") + text(root, "cbc:CustomizationID")).upper()
    extensions = find(root, "ext:UBLExtensions")
    return (
        "DIAN" in stated
        or scheme.startswith(("CUFE", "CUDE"))
        or (extensions is not None and next(extensions.iter("{*}DianExtensions"), None) is not None)
    )


def kind_of(root: etree._Element, name: str, remarks: Remarks) -> tuple[InvoiceKind, str]:
    """(kind, type code) of an Invoice, CreditNote or DebitNote. Raises UnreadableError for what is no sale."""
    if name == "CreditNote":
        return _credit_note(text(root, "cbc:CreditNoteTypeCode"), remarks)
    if name == "DebitNote":
        return InvoiceKind.DEBIT_NOTE, "93" if text(root, "cbc:DebitNoteTypeCode") == "93" else "92"
    code = text(root, "cbc:InvoiceTypeCode").upper()
    if code in ("1", "2", "3", "4"):
        remarks.warn(_("tipo de documento"), _("Dice «%(code)s»; se leyó como 0%(code)s.") % {"code": code})
        code = f"0{code}"
    if code in INVOICES:
        return InvoiceKind.INVOICE, code
    if code in EQUIVALENTS:
        return InvoiceKind.EQUIVALENT, code
    if code == "POS":
        remarks.warn(
            _("tipo de documento"),
            _("«POS» no está en las tablas de la DIAN (el tiquete es 20); se leyó como documento equivalente."),
        )
        return InvoiceKind.EQUIVALENT, code
    raise _no_sale(code)


def _credit_note(code: str, remarks: Remarks) -> tuple[InvoiceKind, str]:
    if code == "95":
        raise _support_document()
    if code in ("91", "94", ""):
        return InvoiceKind.CREDIT_NOTE, code or "91"
    remarks.warn(
        _("tipo de documento"),
        _("«%(code)s» no es un tipo de nota crédito; se leyó como 91.") % {"code": code[:20]},
    )
    return InvoiceKind.CREDIT_NOTE, "91"


def _no_sale(code: str) -> UnreadableError:
    if code == "05":
        return _support_document()
    if code == "101":
        return UnreadableError(
            _("tipo de documento"),
            _("es un documento de importación (101): una compra en el exterior, no una venta"),
            _("Quítelo de la carpeta: Cartero envía documentos de venta."),
        )
    return UnreadableError(
        _("tipo de documento"),
        _("«%(code)s» no es un tipo de factura ni de documento equivalente de la DIAN") % {"code": code[:20]},
        _("Revise el documento en su programa contable y vuelva a generarlo."),
    )


def _support_document() -> UnreadableError:
    return UnreadableError(
        _("tipo de documento"),
        _("es un documento soporte: en él la empresa compra, no vende"),
        _("Quítelo de la carpeta: Cartero envía documentos de venta."),
    )
