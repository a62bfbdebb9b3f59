"""Colombia: Resolución 000227/2025, art. 1.5.1.2.2.1 (what the paper shows), and annex 1.9 through `dian`."""

from datetime import datetime, time

from stdnum.co import nit

from cartero.documents import dates, dian, zipping
from cartero.documents.countries.country import Country, Paper, Parcel
from cartero.invoices import kinds
from cartero.invoices.data import AuthorizationData, Document, InvoiceData, PartyData, ValidationData
from cartero.invoices.states import InvoiceKind
from cartero.platform import formats

TITLES = {
    InvoiceKind.INVOICE: "Factura electrónica de venta",
    InvoiceKind.CREDIT_NOTE: "Nota crédito electrónica",
    InvoiceKind.DEBIT_NOTE: "Nota débito electrónica",
    InvoiceKind.EQUIVALENT: "Documento equivalente electrónico",
}
TYPES = {  # table 13.1.3
    "02": "Exportación",
    "03": "Contingencia del facturador",
    "04": "Contingencia de la DIAN",
    "20": "Tiquete de máquina registradora con sistema P.O.S.",
    "60": "Servicios públicos domiciliarios",
}
NIT = "31"
IDS = {  # table 13.2.1
    NIT: "NIT",
    "13": "Cédula de ciudadanía",
    "22": "Cédula de extranjería",
    "11": "Registro civil",
    "12": "Tarjeta de identidad",
    "21": "Tarjeta de extranjería",
    "41": "Pasaporte",
    "42": "Documento extranjero",
    "47": "PEP",
    "48": "PPT",
    "50": "NIT de otro país",
    "91": "NUIP",
}
FINAL_CONSUMER = "222222222222"
QUALITIES = {
    "O-13": "Gran contribuyente",
    "O-15": "Autorretenedor",
    "O-23": "Agente de retención de IVA",
    "O-47": "Régimen simple de tributación (SIMPLE)",
    "O-48": "Responsable de IVA",
    "O-49": "No responsable de IVA",
}
PAYMENT_FORMS = {"1": "Contado", "2": "Crédito"}
PAYMENT_MEANS = {  # table 13.3.4.2
    "1": "No definido",
    "2": "Crédito ACH",
    "3": "Débito ACH",
    "10": "Efectivo",
    "20": "Cheque",
    "30": "Transferencia crédito",
    "31": "Transferencia débito",
    "42": "Consignación bancaria",
    "45": "Transferencia crédito bancaria",
    "46": "Transferencia débito interbancaria",
    "47": "Transferencia débito bancaria",
    "48": "Tarjeta crédito",
    "49": "Tarjeta débito",
    "71": "Bonos",
    "72": "Vales",
    "ZZZ": "Acuerdo mutuo",
}
CORRECTIONS = {  # tables 13.2.4 and 13.2.5
    (InvoiceKind.CREDIT_NOTE, "1"): "Devolución parcial o no aceptación parcial",
    (InvoiceKind.CREDIT_NOTE, "2"): "Anulación de la factura",
    (InvoiceKind.CREDIT_NOTE, "3"): "Rebaja o descuento parcial o total",
    (InvoiceKind.CREDIT_NOTE, "4"): "Ajuste de precio",
    (InvoiceKind.CREDIT_NOTE, "5"): "Otros",
    (InvoiceKind.DEBIT_NOTE, "1"): "Intereses",
    (InvoiceKind.DEBIT_NOTE, "2"): "Gastos por cobrar",
    (InvoiceKind.DEBIT_NOTE, "3"): "Cambio del valor",
    (InvoiceKind.DEBIT_NOTE, "4"): "Otros",
}
UNITS = {  # table 13.3.6
    **dict.fromkeys(("94", "EA", "NIU", "C62"), "und"),
    "KGM": "kg", "GRM": "g", "TNE": "t", "LBR": "lb", "LTR": "l", "MLT": "ml", "GLL": "gal",
    "MTR": "m", "CMT": "cm", "KMT": "km", "MTK": "m²", "MTQ": "m³",
    "HUR": "h", "MIN": "min", "DAY": "d", "WEE": "sem.", "MON": "mes", "ANN": "año",
    "KWH": "kWh", "PR": "par", "DZN": "doc.", "SET": "juego", "BX": "caja", "PK": "paq.", "ZZ": "",
}  # fmt: skip


def pack(parcel: Parcel) -> tuple[Document, ...]:
    """One ZIP and nothing beside it (9.1): container, PDF, and the annexes in one ZIP of their own."""
    data = parcel.data
    moment = datetime.combine(data.issue_date, data.issue_time or time(0))
    files = [file for file in (parcel.container, *parcel.others, parcel.pdf) if file]
    if parcel.annexes:
        inner = zipping.zip_bytes(parcel.annexes, moment)
        files.append(Document(name="anexos.zip", media_type="application/zip", content=inner))
    name = dian.zip_name(data, parcel.container.name if parcel.container else "")
    content = zipping.zip_bytes(files, moment)
    return (Document(name=name, media_type="application/zip", content=content),)


def paper(data: InvoiceData) -> Paper:
    """A document without CUFE is not an electronic one, and does not say that it is."""
    buyer = "Adquiriente"
    facts = tuple((name, value) for name, value in _facts(data) if value)
    if not data.uuid:
        return Paper(title=kinds.of(data.kind).title, buyer=buyer, facts=facts)
    title, about = TITLES[InvoiceKind(data.kind)], TYPES.get(data.type_code, "")
    trial = "Documento de prueba, sin validez fiscal" if data.environment == "2" else ""
    rejected = "Rechazado por la DIAN" if data.validation and data.validation.code == "04" else ""
    return Paper(
        title=title,
        subtitle=tuple(filter(None, (about, "Representación gráfica", trial, rejected))),
        buyer=buyer,
        facts=facts,
        uuid_label=_uuid_label(data),
        fiscal=tuple(filter(None, (_authorization(data.authorization), _software(data)))),
        qr=dian.qr_text(data),
    )


def identity(party: PartyData) -> str:
    if party.tax_id == FINAL_CONSUMER:
        return f"Consumidor final · {party.tax_id}"
    label = IDS.get(party.id_type, "NIT" if party.check_digit else "Identificación")
    qualities = [QUALITIES[code] for code in party.tax_qualities if code in QUALITIES]
    number = formats.nit(party.tax_id, party.check_digit)
    return " · ".join([f"{label} {number}", *qualities] if number else qualities)


def check_digit(id_type: str, tax_id: str) -> str:
    """Only a NIT has one."""
    return str(nit.calc_check_digit(tax_id)) if id_type == NIT and tax_id.isdecimal() and len(tax_id) <= 15 else ""


def unit(code: str) -> str:
    return UNITS.get(code.upper(), code)


def _facts(data: InvoiceData) -> tuple[tuple[str, str], ...]:
    payment = data.payment
    means = payment.means.strip().lstrip("0").upper()
    form = PAYMENT_FORMS.get(payment.form.lstrip("0"), payment.form)
    days = (data.due_date - data.issue_date).days if data.due_date else 0
    term = f"{form}, {days} {'día' if days == 1 else 'días'}" if payment.form.lstrip("0") == "2" and days > 0 else form
    return (
        ("Validada por la DIAN", _validated(data.validation) if data.uuid else ""),
        ("Forma de pago", term),
        ("Concepto", CORRECTIONS.get((InvoiceKind(data.kind), data.correction.code), "") if data.correction else ""),
        ("Medio de pago", PAYMENT_MEANS.get(means, f"Código {means}") if means else ""),
    )


def _validated(validation: ValidationData | None) -> str:
    if not validation or validation.code != "02" or not validation.validation_date:
        return ""
    day = dates.long(validation.validation_date)
    try:
        hour = time.fromisoformat(validation.validation_time.strip()[:8])
    except ValueError:
        return day
    return f"{day}, {formats.clock(hour, seconds=True)}"


def _uuid_label(data: InvoiceData) -> str:
    """The annex names the code by what it is made of; files that do not say it: 13.1.3, the rest is CUDE."""
    named = data.uuid_scheme[:4].upper()
    if named in ("CUFE", "CUDE"):
        return named
    return "CUFE" if data.kind == InvoiceKind.INVOICE and data.type_code not in ("03", "04") else "CUDE"


def _authorization(authorization: AuthorizationData | None) -> str:
    if not authorization or not authorization.number:
        return ""
    parts = [f"Autorización de numeración de la DIAN n.º {authorization.number}"]
    if authorization.start:
        parts[0] += f" del {dates.long(authorization.start)}"
    if authorization.prefix:
        parts.append(f"prefijo {authorization.prefix}")
    if authorization.range_from and authorization.range_to:
        parts.append(f"del {authorization.range_from} al {authorization.range_to}")
    if authorization.end:
        parts.append(f"vigente hasta el {dates.long(authorization.end)}")
    return ", ".join(parts) + "."


def _software(data: InvoiceData) -> str:
    parts = (
        f"Software: {data.software_name}." if data.software_name else "",
        f"Fabricante del software: NIT {formats.nit(data.software_nit)}." if data.software_nit else "",
        f"Proveedor tecnológico: NIT {formats.nit(data.provider_nit)}." if data.provider_nit else "",
    )
    return " ".join(filter(None, parts))


COLOMBIA = Country(
    code="co",
    grouping=False,
    size_limit=dian.SIZE_LIMIT,
    needs_container=True,
    subject=dian.subject,
    pack=pack,
    container_name=dian.container_name,
    paper=paper,
    identity=identity,
    unit=unit,
    untaxed="Excl.",
    untaxed_total="Excluido de IVA",
    ids=IDS,
    check_digit=check_digit,
)
