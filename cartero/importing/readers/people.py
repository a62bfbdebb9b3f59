"""`cac:Party` -> PartyData: who sells and who buys."""

from django.utils.translation import gettext as _
from lxml import etree

from cartero.importing.readers import values
from cartero.importing.readers.elements import attribute, find, find_all, first_text, text, texts
from cartero.importing.refusals import Remarks, UnreadableError
from cartero.invoices.data import AddressData, PartyData
from cartero.parties import addresses

LONGEST_ID = 40
LONGEST_NAME = 450
_ID_PATHS = ("cac:PartyTaxScheme/cbc:CompanyID", "cac:PartyIdentification/cbc:ID", "cac:PartyLegalEntity/cbc:CompanyID")
_NAME_PATHS = (
    "cac:PartyTaxScheme/cbc:RegistrationName",
    "cac:PartyLegalEntity/cbc:RegistrationName",
    "cac:PartyName/cbc:Name",
)


def read_party(party: etree._Element | None, where: str, remarks: Remarks) -> PartyData:
    """Raises UnreadableError for a party without id: `where` is who it is, in words of the screen."""
    tax_id, digit, id_type = _identity(party, where)
    name = _name(party)
    if not name:
        remarks.warn(where, _("No trae nombre; se puso su identificación."))
    if len(name) > LONGEST_NAME:
        remarks.warn(where, _("El nombre tiene más de %(limit)d letras; se recortó.") % {"limit": LONGEST_NAME})
    _check_identity(tax_id, digit, id_type, where, remarks)
    emails = _emails(party, where, remarks)
    return PartyData(
        tax_id=tax_id,
        name=(name or tax_id)[:LONGEST_NAME],
        id_type=id_type,
        check_digit=digit,
        trade_name=text(party, "cac:PartyName/cbc:Name")[:LONGEST_NAME],
        emails=emails,
        phone=first_text(party, "cac:Contact/cbc:Telephone", "cac:Contact/cbc:Telefax")[:100],
        address=_address(party),
        tax_qualities=_tax_qualities(party),
    )


def _emails(party: etree._Element | None, where: str, remarks: Remarks) -> tuple[str, ...]:
    """As they are written; one that no server could take is left out and said."""
    typed = "; ".join(texts(party, "cac:Contact/cbc:ElectronicMail"))
    stated = addresses.split(typed)
    if typed and not stated:
        remarks.note(where, _("Como correo dice «%(text)s».") % {"text": typed[:60]})
    usable = []
    for address in stated:
        checked = addresses.check(address)
        if isinstance(checked, addresses.Invalid):
            remarks.warn(where, checked.reason)
        else:
            usable.append(address)
    if len(usable) > addresses.MOST_OF_A_PARTY:
        text = _("Tiene %(count)d correos; se tomaron los primeros %(limit)d.")
        remarks.warn(where, text % {"count": len(usable), "limit": addresses.MOST_OF_A_PARTY})
    return tuple(usable[: addresses.MOST_OF_A_PARTY])


def _identity(party: etree._Element | None, where: str) -> tuple[str, str, str]:
    for path in _ID_PATHS:
        for element in find_all(party, path):
            stated = values.one_line(element.text)
            if not stated:
                continue
            id_type, digit = attribute(element, "schemeName"), attribute(element, "schemeID")
            if id_type not in values.ID_TYPES:
                # Some write the type where the check digit goes: <cbc:ID schemeID="31">
                id_type, digit = (digit, "") if digit in values.ID_TYPES else ("", digit)
            tax_id, digit = values.read_id(stated, id_type, digit)
            if tax_id and len(tax_id) <= LONGEST_ID:
                return tax_id, digit, id_type
            raise UnreadableError(
                where,
                _("su identificación, «%(text)s», no se puede leer") % {"text": stated[:60]},
                _("Corrija el NIT o la cédula en su programa contable y vuelva a generar el documento."),
            )
    raise UnreadableError(
        where,
        _("no trae NIT, cédula ni otra identificación"),
        _("Complete la identificación en su programa contable y vuelva a generar el documento."),
    )


def _check_identity(tax_id: str, digit: str, id_type: str, where: str, remarks: Remarks) -> None:
    if set(tax_id) == {"2"} and len(tax_id) >= 8 and tax_id != values.FINAL_CONSUMER:
        remarks.warn(
            where,
            _("%(tax_id)s parece el consumidor final, que son doce veces el 2; se dejó como vino.")
            % {"tax_id": tax_id},
        )
    if id_type not in (values.NIT, "") or (not digit and not id_type):
        return
    if not tax_id.isdecimal() or len(tax_id) > 15:
        remarks.warn(where, _("«%(tax_id)s» no es un NIT: debe tener solo dígitos.") % {"tax_id": tax_id})
    elif not digit:
        remarks.note(where, _("El NIT %(tax_id)s no trae dígito de verificación.") % {"tax_id": tax_id})
    elif digit != values.check_digit_of(tax_id):
        remarks.warn(
            where,
            _("El NIT %(tax_id)s trae el dígito de verificación %(digit)s y debería ser %(right)s; se dejó como vino.")
            % {"tax_id": tax_id, "digit": digit, "right": values.check_digit_of(tax_id)},
        )


def _name(party: etree._Element | None) -> str:
    person = find(party, "cac:Person")
    names = (text(person, f"cbc:{part}") for part in ("FirstName", "MiddleName", "FamilyName") if person is not None)
    return first_text(party, *_NAME_PATHS) or " ".join(name for name in names if name)


def _address(party: etree._Element | None) -> AddressData:
    address = find(party, "cac:PhysicalLocation/cac:Address")
    if address is None:
        address = find(party, "cac:PartyTaxScheme/cac:RegistrationAddress")
    return AddressData(
        street=", ".join(texts(address, "cac:AddressLine/cbc:Line")) or text(address, "cbc:StreetName"),
        city=text(address, "cbc:CityName")[:100],
        region=text(address, "cbc:CountrySubentity")[:100],
        country=text(address, "cac:Country/cbc:IdentificationCode")[:3],
    )


def _tax_qualities(party: etree._Element | None) -> tuple[str, ...]:
    stated = " ".join(texts(party, "cac:PartyTaxScheme/cbc:TaxLevelCode"))
    return tuple(dict.fromkeys(code for code in stated.replace(";", " ").split() if code))
