"""Any country without a module of its own: a free subject, PDF and XML as they are, grouping allowed."""

from cartero.documents import qr
from cartero.documents.countries.country import Country, Paper, Parcel
from cartero.invoices import kinds
from cartero.invoices.data import Document, InvoiceData, PartyData
from cartero.platform import formats


def subject(data: InvoiceData, business_line: str) -> str:
    return ""


def pack(parcel: Parcel) -> tuple[Document, ...]:
    files = (parcel.pdf, parcel.container, *parcel.others, *parcel.annexes)
    return tuple(file for file in files if file)


def container_name(data: InvoiceData) -> str:
    return f"{data.number}.xml"


def paper(data: InvoiceData) -> Paper:
    return Paper(
        title=kinds.of(data.kind).title,
        qr=data.qr.strip() if qr.fits(data.qr) else "",
        uuid_label="Identificador",
    )


def identity(party: PartyData) -> str:
    return f"Identificación {formats.nit(party.tax_id, party.check_digit)}" if party.tax_id else ""


def check_digit(id_type: str, tax_id: str) -> str:
    return ""


def unit(code: str) -> str:
    return code


GENERIC = Country(
    code="generic",
    grouping=True,
    size_limit=None,
    needs_container=False,
    subject=subject,
    pack=pack,
    container_name=container_name,
    paper=paper,
    identity=identity,
    unit=unit,
    untaxed="—",
    untaxed_total="Sin impuesto",
    ids={},
    check_digit=check_digit,
)
