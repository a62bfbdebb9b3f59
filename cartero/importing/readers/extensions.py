"""DIAN's own part of a document (`sts:DianExtensions`): authorization of the numbers, QR, maker of the software."""

from dataclasses import dataclass

from lxml import etree

from cartero.importing.readers import values
from cartero.importing.readers.elements import find
from cartero.invoices.data import AuthorizationData


@dataclass(frozen=True, kw_only=True)
class DianControl:
    """What `InvoiceData` takes from the extensions."""

    authorization: AuthorizationData | None = None
    qr: str = ""
    software_name: str = ""
    provider_nit: str = ""


def read(root: etree._Element) -> DianControl:
    """Any version of the namespace will do: files of today still carry the one of 2016."""
    extensions = find(root, "ext:UBLExtensions")
    if extensions is None:
        return DianControl()
    qr = next(extensions.iter("{*}QRCode"), None)
    control = next(extensions.iter("{*}InvoiceControl"), None)
    return DianControl(
        authorization=None if control is None else _authorization(control),
        qr="" if qr is None else values.lines_kept(qr.text),
        software_name=_software_name(extensions),
        provider_nit=_inner_text(next(extensions.iter("{*}SoftwareProvider"), None), "ProviderID"),
    )


def _authorization(control: etree._Element) -> AuthorizationData | None:
    number = _inner_text(control, "InvoiceAuthorization")
    if not number:
        return None
    return AuthorizationData(
        number=number,
        start=values.read_date(_inner_text(control, "StartDate")),
        end=values.read_date(_inner_text(control, "EndDate")),
        prefix=_inner_text(control, "Prefix"),
        range_from=_inner_text(control, "From"),
        range_to=_inner_text(control, "To"),
    )


def _software_name(extensions: etree._Element) -> str:
    """Equivalent documents name their maker in pairs: `<Name>NombreSoftware</Name><Value>…</Value>`."""
    maker = next(extensions.iter("{*}FabricanteSoftware"), None)
    if maker is None:
        return ""
    pairs: dict[str, str] = {}
    name = ""
    for element in maker.iter("{*}Name", "{*}Value"):
        if etree.QName(element).localname == "Name":
            name = values.one_line(element.text).casefold()
        else:
            pairs.setdefault(name, values.one_line(element.text))
    return pairs.get("nombresoftware") or pairs.get("razonsocial") or ""


def _inner_text(element: etree._Element | None, name: str) -> str:
    found = None if element is None else next(element.iter(f"{{*}}{name}"), None)
    return "" if found is None else values.one_line(found.text)
