"""Finding things in UBL: namespaces by their URI, texts trimmed, amounts and dates checked."""

from datetime import date
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext as _
from lxml import etree

from cartero.importing.readers import values
from cartero.importing.refusals import Remarks

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CBC = _UBL + "CommonBasicComponents-2"
CAC = _UBL + "CommonAggregateComponents-2"
EXT = _UBL + "CommonExtensionComponents-2"
STS = "dian:gov:co:facturaelectronica:Structures-2-1"
NAMESPACES = {"cbc": CBC, "cac": CAC, "ext": EXT}
ROOTS = {
    f"{{{_UBL}{name}-2}}{name}": name
    for name in ("Invoice", "CreditNote", "DebitNote", "AttachedDocument", "ApplicationResponse")
}


@cache
def _tags(path: str) -> tuple[str, ...]:
    steps = (step.partition(":") for step in path.split("/"))
    return tuple(f"{{{NAMESPACES[prefix]}}}{name}" for prefix, _colon, name in steps)


def _first(element: etree._Element, tags: tuple[str, ...]) -> etree._Element | None:
    for child in element.iterchildren(tags[0]):
        found = child if len(tags) == 1 else _first(child, tags[1:])
        if found is not None:
            return found
    return None


def find(element: etree._Element | None, path: str) -> etree._Element | None:
    """The first element at a path like `cac:Party/cbc:ID`; called 100 times a document, so not lxml's slower own."""
    return None if element is None else _first(element, _tags(path))


def find_all(element: etree._Element | None, path: str) -> list[etree._Element]:
    """All elements at a path; its last step may be `*`."""
    return [] if element is None else element.findall(path, NAMESPACES)


def text(element: etree._Element | None, path: str) -> str:
    """The text at `path` on one line; empty where there is none."""
    found = find(element, path)
    return "" if found is None else values.one_line(found.text)


def first_text(element: etree._Element | None, *paths: str) -> str:
    """The first of `paths` that holds a text."""
    return next((found for path in paths if (found := text(element, path))), "")


def texts(element: etree._Element | None, path: str) -> list[str]:
    return [found for each in find_all(element, path) if (found := values.one_line(each.text))]


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name in any case (`schemeID`, `schemeId`)."""
    value = element.get(name)
    if value is not None:
        return values.one_line(value)
    return next((values.one_line(str(other)) for key, other in element.items() if str(key).lower() == name.lower()), "")


def amount(element: etree._Element | None, path: str, remarks: Remarks) -> Decimal | None:
    """The amount at `path`; one that cannot be read is left out, with a warning."""
    stated = text(element, path)
    found = values.read_amount(stated) if stated else None
    if stated and found is None:
        remarks.warn(path.replace("/", " › "), _("«%(text)s» no es un valor; se dejó vacío.") % {"text": stated[:60]})
    return found


def day(element: etree._Element | None, path: str, remarks: Remarks) -> date | None:
    """The date at `path`; one that cannot be read is left out, with a warning."""
    stated = text(element, path)
    found = values.read_date(stated) if stated else None
    if stated and found is None:
        remarks.warn(path.replace("/", " › "), _("«%(text)s» no es una fecha; se dejó vacía.") % {"text": stated[:60]})
    return found
