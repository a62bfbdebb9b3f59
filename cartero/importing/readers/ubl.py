"""A DIAN document in UBL 2.1, from hostile bytes to values: invoice, note, equivalent document, container or event.

Liberal in what it reads, strict in what it refuses; the rules and the traps are those of annex 1.9 and of real files.
"""

import re
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from lxml import etree

from cartero.importing.parcels import XML_TYPE, ReadEvent, ReadInvoice, ReceivedFile, bare_name
from cartero.importing.readers import amounts, container, extensions, kinds, values, xmltree
from cartero.importing.readers.elements import amount, day, find, find_all, first_text, text
from cartero.importing.readers.events import read_event
from cartero.importing.readers.people import read_party
from cartero.importing.refusals import Refusal, Remarks, UnreadableError
from cartero.invoices.data import CorrectionData, InvoiceData, PaymentData, ValidationData
from cartero.invoices.kinds import KINDS
from cartero.invoices.states import FileRole, InvoiceKind

LONGEST_NUMBER = 60
_CONTINGENCY = "04"
_UUID = re.compile(r"[0-9a-fA-F]{96}|[0-9a-fA-F]{40}")


def read(content: bytes, name: str, company_tax_id: str | None) -> ReadInvoice | ReadEvent | Refusal:
    """What an XML file is. `name` is its path as it came; with a `company_tax_id` only that company's sales pass."""
    remarks = Remarks()
    number = ""
    try:
        root = xmltree.parse(content, remarks)
        outer = kinds.root_name(root)
        number = first_text(root, "cbc:ParentDocumentID", "cbc:ID")[:LONGEST_NUMBER]
        document = container.unwrap(root, remarks) if outer == "AttachedDocument" else root
        number = text(document, "cbc:ID")[:LONGEST_NUMBER]
        if kinds.root_name(document) == "ApplicationResponse":
            return read_event(document, content, name, company_tax_id)
        validation = container.read_validation(root) if outer == "AttachedDocument" else None
        data = replace(read_document(document, remarks), validation=validation)
        _refuse_foreign(data, company_tax_id)
    except UnreadableError as error:
        error.number = number
        return error.as_refusal(name)
    is_container = outer == "AttachedDocument"
    _remark_on_validation(validation, data.type_code, remarks, is_container=is_container)
    role = FileRole.CONTAINER if is_container else FileRole.XML
    file = ReceivedFile(role=role.value, name=bare_name(name), media_type=XML_TYPE, content=content)
    return ReadInvoice(source=name, data=data, files=(file,), remarks=tuple(remarks))


def with_answer(read_before: ReadInvoice, event: ReadEvent) -> ReadInvoice:
    """The document with DIAN's answer that came in a file of its own."""
    where = _("validación de la DIAN")
    remarks = Remarks(remark for remark in read_before.remarks if remark.where != where)
    _remark_on_validation(event.answer, read_before.data.type_code, remarks, is_container=False)
    return replace(
        read_before,
        data=replace(read_before.data, validation=event.answer),
        files=(*read_before.files, event.file),
        remarks=tuple(remarks),
    )


def read_document(root: etree._Element, remarks: Remarks) -> InvoiceData:
    """An Invoice, CreditNote or DebitNote element as values. Raises UnreadableError."""
    kinds.refuse_other_countries(root)
    kind, type_code = kinds.kind_of(root, kinds.root_name(root), remarks)
    number = _number(root)
    issue_date = _issue_date(root)
    payment, due_date = _payment(root, issue_date, remarks)
    control = extensions.read(root)
    supplier = find(root, "cac:AccountingSupplierParty/cac:Party")
    prefix, sequence = values.split_number(
        number,
        [
            control.authorization.prefix if control.authorization else "",
            text(supplier, "cac:PartyLegalEntity/cac:CorporateRegistrationScheme/cbc:ID"),
        ],
    )
    uuid, uuid_scheme = _uuid(root, remarks)
    customer = read_party(find(root, "cac:AccountingCustomerParty/cac:Party"), _("adquiriente"), remarks)
    if not customer.emails:
        say = remarks.note if customer.tax_id == values.FINAL_CONSUMER else remarks.warn
        say(_("adquiriente"), _("No trae correo: regístrelo en Terceros antes de enviar."))
    lines = amounts.read_lines(root, remarks)
    if not lines:
        remarks.warn(_("detalle"), _("No trae ninguna línea."))
    return InvoiceData(
        kind=kind.value,
        number=number,
        issue_date=issue_date,
        supplier=read_party(supplier, _("emisor"), remarks),
        customer=customer,
        totals=amounts.read_totals(root, remarks),
        type_code=type_code,
        prefix=prefix,
        sequence=sequence,
        uuid=uuid,
        uuid_scheme=uuid_scheme,
        environment=_environment(root, remarks),
        operation=text(root, "cbc:CustomizationID"),
        issue_time=values.read_time(text(root, "cbc:IssueTime")),
        due_date=due_date,
        period_start=day(root, "cac:InvoicePeriod/cbc:StartDate", remarks),
        period_end=day(root, "cac:InvoicePeriod/cbc:EndDate", remarks),
        currency=_currency(root, remarks),
        exchange_rate=amount(root, "cac:PaymentExchangeRate/cbc:CalculationRate", remarks),
        exchange_date=day(root, "cac:PaymentExchangeRate/cbc:Date", remarks),
        notes=tuple(note for each in find_all(root, "cbc:Note") if (note := values.lines_kept(each.text))),
        order_reference=text(root, "cac:OrderReference/cbc:ID"),
        lines=lines,
        taxes=amounts.read_taxes(root, "cac:TaxTotal", remarks),
        withholdings=amounts.read_taxes(root, "cac:WithholdingTaxTotal", remarks),
        allowances=amounts.read_allowances(root, remarks),
        authorization=control.authorization,
        payment=payment,
        correction=_correction(root, kind, remarks),
        qr=control.qr,
        software_name=control.software_name,
        provider_nit=control.provider_nit,
    )


def _number(root: etree._Element) -> str:
    number = text(root, "cbc:ID")
    if not number or len(number) > LONGEST_NUMBER:
        raise UnreadableError(
            _("número"),
            _("no trae número")
            if not number
            else _("el número tiene más de %(limit)d letras") % {"limit": LONGEST_NUMBER},
            _("Vuelva a generar el documento en su programa contable."),
        )
    return number


def _issue_date(root: etree._Element) -> date:
    stated = text(root, "cbc:IssueDate")
    issue_date = values.read_date(stated)
    if issue_date is None:
        raise UnreadableError(
            _("fecha de emisión"),
            _("«%(text)s» no es una fecha") % {"text": stated[:60]} if stated else _("no trae fecha"),
            _("Vuelva a generar el documento en su programa contable: la fecha va como 2026-11-24."),
        )
    return issue_date


def _uuid(root: etree._Element, remarks: Remarks) -> tuple[str, str]:
    element = find(root, "cbc:UUID")
    uuid = "" if element is None else values.one_line(element.text)
    if not uuid:
        remarks.warn(_("CUFE"), _("No trae CUFE ni CUDE."))
        return "", ""
    scheme = "" if element is None else values.one_line(element.get("schemeName"))
    if not _UUID.fullmatch(uuid):
        remarks.warn(_("CUFE"), _("El CUFE no tiene la forma que debe (96 dígitos hexadecimales)."))
    return uuid[:96], scheme


def _environment(root: etree._Element, remarks: Remarks) -> str:
    environment = text(root, "cbc:ProfileExecutionID")
    if environment == "2":
        remarks.note(_("ambiente"), _("Es un documento de pruebas (habilitación): no vale como factura."))
    return environment if environment in ("1", "2") else ""


def _currency(root: etree._Element, remarks: Remarks) -> str:
    """The document's currency; Colombian pesos only where nothing says another."""
    stated = text(root, "cbc:DocumentCurrencyCode").upper()
    of_totals = amounts.total_currencies(root)
    currency = stated or (min(of_totals) if len(of_totals) == 1 else "COP")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise UnreadableError(
            _("moneda"),
            _("«%(text)s» no es una moneda") % {"text": currency[:20]},
            _("Vuelva a generar el documento: la moneda va como COP o USD."),
        )
    if not stated:
        remarks.warn(_("moneda"), _("No dice la moneda; se leyó %(currency)s.") % {"currency": currency})
    others = of_totals - {currency}
    if others:
        remarks.warn(
            _("moneda"),
            _("El documento está en %(currency)s y sus totales dicen %(others)s.")
            % {"currency": currency, "others": ", ".join(sorted(others))[:60]},
        )
    return currency


def _payment(root: etree._Element, issue_date: date, remarks: Remarks) -> tuple[PaymentData, date | None]:
    """(how it is paid, due date): the header's date, else that of the credit part, else the first, else none."""
    means = find_all(root, "cac:PaymentMeans")
    # Form 2 is credit: with several means of payment, its date is when the rest falls due.
    dated = sorted(
        (each for each in means if text(each, "cbc:PaymentDueDate")), key=lambda each: text(each, "cbc:ID") != "2"
    )
    chosen = dated[0] if dated else (means[0] if means else None)
    of_payment = day(chosen, "cbc:PaymentDueDate", remarks)
    of_header = day(root, "cbc:DueDate", remarks)
    due_date = of_header or of_payment
    if of_header and of_payment and of_header != of_payment:
        remarks.warn(
            _("fecha de vencimiento"),
            _("El encabezado dice %(header)s y el medio de pago %(payment)s; se tomó la del encabezado.")
            % {"header": f"{of_header:%d/%m/%Y}", "payment": f"{of_payment:%d/%m/%Y}"},
        )
    if not due_date:
        remarks.note(_("fecha de vencimiento"), _("No trae fecha de vencimiento."))
    elif due_date < issue_date:
        remarks.warn(
            _("fecha de vencimiento"),
            _("Vence el %(due)s, antes de la fecha de emisión (%(issue)s).")
            % {"due": f"{due_date:%d/%m/%Y}", "issue": f"{issue_date:%d/%m/%Y}"},
        )
    payment = PaymentData(form=text(chosen, "cbc:ID"), means=text(chosen, "cbc:PaymentMeansCode"), due_date=of_payment)
    return payment, due_date


def _correction(root: etree._Element, kind: InvoiceKind, remarks: Remarks) -> CorrectionData | None:
    correction = CorrectionData(
        number=first_text(
            root,
            "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
            "cac:BillingReference/cac:CreditNoteDocumentReference/cbc:ID",
            "cac:DiscrepancyResponse/cbc:ReferenceID",
        ),
        uuid=text(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:UUID"),
        code=text(root, "cac:DiscrepancyResponse/cbc:ResponseCode"),
        reason=text(root, "cac:DiscrepancyResponse/cbc:Description"),
    )
    if KINDS[kind].is_note and not correction.number:
        remarks.note(_("documento que corrige"), _("La nota no dice qué factura corrige."))
    return correction if correction != CorrectionData() else None


def _refuse_foreign(data: InvoiceData, company_tax_id: str | None) -> None:
    """Only what the company itself sells: a document addressed to it is a purchase."""
    if company_tax_id is None or data.supplier.tax_id == company_tax_id:
        return
    if data.customer.tax_id == company_tax_id:
        raise UnreadableError(
            _("emisor"),
            _("es una compra: la vende %(name)s (%(tax_id)s) a su empresa")
            % {"name": data.supplier.name[:80], "tax_id": data.supplier.tax_id},
            _("Quítela de la carpeta: Cartero envía los documentos que su empresa vende."),
        )
    raise UnreadableError(
        _("emisor"),
        _("la emitió otra empresa: %(name)s, NIT %(tax_id)s")
        % {"name": data.supplier.name[:80], "tax_id": data.supplier.tax_id},
        _("Revise en Configuración el NIT de su empresa, o importe el archivo en la empresa a la que pertenece."),
    )


def _remark_on_validation(
    validation: ValidationData | None, type_code: str, remarks: Remarks, *, is_container: bool
) -> None:
    if validation is None:
        # Contingency of DIAN: the container goes out before there is an answer.
        say = remarks.warn if is_container and type_code != _CONTINGENCY else remarks.note
        say(_("validación de la DIAN"), _("No trae la respuesta de la DIAN."))
    elif validation.code != container.VALIDATED:
        remarks.warn(
            _("validación de la DIAN"),
            _("La DIAN respondió %(code)s: no está validado y no se debe entregar.") % {"code": validation.code},
        )
