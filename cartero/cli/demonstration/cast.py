"""The terceros of the demonstration: who they are, where their mail goes, what is wrong with it."""

import random
import re
from dataclasses import dataclass, replace

from stdnum.co import nit

from cartero.cli.demonstration import names
from cartero.documents.countries.co import FINAL_CONSUMER
from cartero.invoices.data import AddressData, PartyData
from cartero.parties.slips import without_accents

FIRST_NIT, FIRST_CEDULA = 999_100_000, 1_990_000_000  # a sheet that takes them for a NIT loses no digit
PUBLIC = ("correo.example.com", "mensajes.example.com", "buzon.example.co")
REFUSES, WAITS, IS_SLOW, IS_FULL = (
    "rechaza.example.co",
    "espera.example.co",
    "lento.example.co",
    "lleno.example.co",
)
"""Domains whose mailboxes answer as their names say; `cartero mailbox` obeys them."""

# One of each thing that goes wrong, in this order along the cast; all others have an address that works.
ODD_EVERY = 12
SLIPS = (
    "con",
    "..",
    "none",
    REFUSES,
    "none",
    WAITS,
    "con",
    "none",
    REFUSES,
    "several",
    WAITS,
    IS_SLOW,
    "none",
    IS_FULL,
)


@dataclass(frozen=True, kw_only=True)
class Tercero:
    """`data` as documents state it; group, zone and how it is delivered are of the list of terceros alone."""

    data: PartyData
    group: str
    zone: str
    is_pdf_alone: bool = False


def party_of(number: int, name: str) -> PartyData:
    """A company with the NIT `number`, and its right check digit."""
    digit = str(nit.calc_check_digit(str(number)))
    return PartyData(tax_id=str(number), name=name, id_type="31", check_digit=digit, trade_name=name)


def invent(chance: random.Random, count: int) -> list[Tercero]:
    """`count` terceros, the first of them *consumidor final* and those abroad."""
    cast = [_final_consumer(), *(_abroad(position) for position in range(len(names.ABROAD)))]
    cast += [_tercero(chance, position) for position in range(count - len(cast))]
    return cast[:count]


def _final_consumer() -> Tercero:
    data = PartyData(tax_id=FINAL_CONSUMER, name="Consumidor final", id_type="13", tax_qualities=("R-99-PN",))
    return Tercero(data=data, group="Clientes", zone="Centro")


def _abroad(position: int) -> Tercero:
    name, country, city = names.ABROAD[position]
    data = PartyData(
        tax_id=f"EX{country}{7001 + position}",
        name=name,
        id_type="42",
        trade_name=name,
        emails=(f"cuentas@{_slug(name)}.example.com",),
        phone="+1 555 0100",
        address=AddressData(street="P.O. Box 100", city=city, region=city, country=country),
        tax_qualities=("R-99-PN",),
    )
    return Tercero(data=data, group="Clientes", zone="Centro")


def _tercero(chance: random.Random, position: int) -> Tercero:
    data = _company(chance, position) if chance.random() < 0.55 else _person(chance, position)
    if position % ODD_EVERY == ODD_EVERY - 1:
        data = replace(data, emails=_odd(data.emails[0], SLIPS[position // ODD_EVERY % len(SLIPS)]))
    city, region = chance.choice(names.CITIES)
    street = f"Calle {chance.randint(1, 120)} # {chance.randint(1, 90)}-{chance.randint(10, 99)}"
    data = replace(
        data,
        phone=f"604 555 {chance.randint(100, 199):04d}",
        address=AddressData(street=street, city=city, region=region, country="CO"),
    )
    return Tercero(
        data=data,
        group=chance.choice(names.GROUPS),
        zone=chance.choice(names.ZONES),
        is_pdf_alone=chance.random() < 0.06,
    )


def _company(chance: random.Random, position: int) -> PartyData:
    is_long = position % 97 == 50
    sign = chance.choice(names.SIGNS)
    name = f"{chance.choice(names.TRADES)} {sign} {chance.choice(names.FORMS)}"
    if is_long:
        name = names.LONG_NAMES[position // 97 % len(names.LONG_NAMES)]
    email = f"{chance.choice(('pagos', 'facturas', 'contabilidad'))}@{_slug(sign)}{position}.example.co"
    qualities = chance.choice((("O-13", "O-15"), ("O-47",), ("R-99-PN",)))
    trade_name = name if is_long else " ".join(name.split()[:-1]) if "&" not in name else sign
    data = party_of(FIRST_NIT + position * 7, name)
    return replace(data, emails=(email,), tax_qualities=qualities, trade_name=trade_name[:60].strip())


def _person(chance: random.Random, position: int) -> PartyData:
    first, last = chance.choice(names.FIRST), chance.choice(names.SURNAMES)
    name = f"{first} {last} {chance.choice(names.SURNAMES)}"
    email = f"{_slug(first)}.{_slug(last)}{position}@{chance.choice(PUBLIC)}"
    cedula = str(FIRST_CEDULA + position * 13)
    return PartyData(tax_id=cedula, name=name, id_type="13", emails=(email,), tax_qualities=("R-99-PN",))


def _odd(email: str, what: str) -> tuple[str, ...]:
    local, _at, domain = email.partition("@")
    match what:
        case "none":
            return ()
        case "con":  # a slip of the keyboard, for which Cartero knows what was meant
            return (f"{local}@{domain.rpartition('.example')[0]}.example.con",)
        case "..":
            return (f"{local}@{domain.replace('.example', '..example')}",)
        case "several":
            return (email, f"copia.{local}@{domain}")
        case _:
            return (f"{local}@{what}",)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z]", "", without_accents(name).lower())
