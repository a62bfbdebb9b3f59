"""What the heading of a column may mean: Spanish and English, whatever its case, accents, marks and order."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Field(StrEnum):
    """What a column holds. The values are kept in a company's saved mappings: never rename one."""

    NUMBER = "number"
    PREFIX = "prefix"
    KIND = "kind"
    TAX_ID = "tax_id"
    CHECK_DIGIT = "check_digit"
    ID_TYPE = "id_type"
    NAME = "name"
    GIVEN_NAME = "given_name"
    MIDDLE_NAME = "middle_name"
    SURNAME = "surname"
    SECOND_SURNAME = "second_surname"
    TRADE_NAME = "trade_name"
    EMAIL = "email"
    EMAIL_RECEIVABLES = "email_receivables"
    EMAIL_COPY = "email_copy"
    PHONE = "phone"
    ADDRESS = "address"
    CITY = "city"
    GROUP = "group"
    ZONE = "zone"
    DELIVERY_FORM = "delivery_form"
    ISSUE_DATE = "issue_date"
    DUE_DATE = "due_date"
    PERIOD = "period"
    CURRENCY = "currency"
    SUBTOTAL = "subtotal"
    DISCOUNT = "discount"
    VAT = "vat"
    TOTAL = "total"
    BALANCE = "balance"
    DESCRIPTION = "description"
    CODE = "code"
    QUANTITY = "quantity"
    UNIT = "unit"
    UNIT_PRICE = "unit_price"
    LINE_TOTAL = "line_total"
    CUFE = "cufe"
    NOTE = "note"


LABELS: dict[Field, str | Promise] = {
    Field.NUMBER: _("Número de la factura"),
    Field.PREFIX: _("Prefijo"),
    Field.KIND: _("Tipo de documento (factura, nota…)"),
    Field.TAX_ID: _("NIT o cédula"),
    Field.CHECK_DIGIT: _("Dígito de verificación"),
    Field.ID_TYPE: _("Tipo de identificación"),
    Field.NAME: _("Nombre o razón social"),
    Field.GIVEN_NAME: _("Primer nombre"),
    Field.MIDDLE_NAME: _("Segundo nombre"),
    Field.SURNAME: _("Primer apellido"),
    Field.SECOND_SURNAME: _("Segundo apellido"),
    Field.TRADE_NAME: _("Nombre comercial"),
    Field.EMAIL: _("Correo"),
    Field.EMAIL_RECEIVABLES: _("Correo de cartera"),
    Field.EMAIL_COPY: _("Correo de copia"),
    Field.PHONE: _("Teléfono"),
    Field.ADDRESS: _("Dirección"),
    Field.CITY: _("Ciudad"),
    Field.GROUP: _("Grupo o clase"),
    Field.ZONE: _("Zona o ruta"),
    Field.DELIVERY_FORM: _("Forma de entrega"),
    Field.ISSUE_DATE: _("Fecha de emisión"),
    Field.DUE_DATE: _("Fecha de vencimiento"),
    Field.PERIOD: _("Período"),
    Field.CURRENCY: _("Moneda"),
    Field.SUBTOTAL: _("Subtotal"),
    Field.DISCOUNT: _("Descuento"),
    Field.VAT: _("IVA"),
    Field.TOTAL: _("Total"),
    Field.BALANCE: _("Saldo"),
    Field.DESCRIPTION: _("Descripción"),
    Field.CODE: _("Código del producto"),
    Field.QUANTITY: _("Cantidad"),
    Field.UNIT: _("Unidad de medida"),
    Field.UNIT_PRICE: _("Valor unitario"),
    Field.LINE_TOTAL: _("Valor del renglón"),
    Field.CUFE: _("CUFE"),
    Field.NOTE: _("Observaciones"),
}

_STOP_WORDS = frozenset(
    {
        *("de", "del", "la", "el", "los", "las", "en", "y", "e", "the", "of", "al", "a", "por", "su", "o", "u", "para"),
        *("cop", "pesos"),
    }
)
_SAME = {
    **dict.fromkeys(("no", "nro", "num", "numeros", "nr"), "numero"),
    **dict.fromkeys(("vto", "venc", "vcto", "vcmto", "vencto"), "vencimiento"),
    **dict.fromkeys(("f", "fec", "fech", "fch"), "fecha"),
    **dict.fromkeys(("vr", "vlr", "val", "vl"), "valor"),
    **dict.fromkeys(("identif", "identificaciones"), "identificacion"),
    **dict.fromkeys(("tel", "telefonos"), "telefono"),
    **dict.fromkeys(("fra", "facturas"), "factura"),
    **dict.fromkeys(("adquirente", "adquirientes"), "adquiriente"),
    **dict.fromkeys(("electronica", "electronicos", "elect"), "electronico"),
    "cod": "codigo",
    "cel": "celular",
    "dir": "direccion",
    "descrip": "descripcion",
    "clientes": "cliente",
    "terceros": "tercero",
    "documentos": "documento",
    "cedulas": "cedula",
    "saldos": "saldo",
    "totales": "total",
}
_EMAILS = re.compile(r"\be[\s-]+mails?\b|\bemails\b")
_HUMPS = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])")  # `fechaEmision`
_NUMBER_SIGNS = re.compile(r"\b[nN]\.?\s?[°º]|№|#")
_DOTTED = re.compile(r"\b\w(?:\.\w)+\b")
_MARKS = re.compile(r"[^a-z0-9]+")
_CODED = re.compile(r"^\d\d\s*[-:.]\s*")
_COUNTED = re.compile(r"\s[1-9]$")

Key = frozenset[str]


@lru_cache(maxsize=4096)
def key(heading: str) -> Key:
    """`Fecha de la Factura:` and `FACTURA (fecha)` are the same set of words."""
    spaced = _HUMPS.sub(" ", heading[:200])
    lowered = _EMAILS.sub("email", _NUMBER_SIGNS.sub(" numero ", spaced).replace("%", " porcentaje ").casefold())
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c)).strip()
    whole = _DOTTED.sub(lambda found: found[0].replace(".", ""), _COUNTED.sub("", plain))  # N.I.T. is NIT
    words = _MARKS.sub(" ", whole).split()
    kept = [word for word in words if word not in _STOP_WORDS] or words
    return frozenset(_SAME.get(word, word) for word in kept)


def _table() -> dict[Key, tuple[tuple[int, Field], ...]]:
    """`headings.txt` by the words of the headings."""
    table: dict[Key, list[tuple[int, Field]]] = {}
    known, rank = Field.NUMBER, 0
    text = Path(__file__).with_name("headings.txt").read_text("utf-8").replace("\\\n", "")
    for line in text.splitlines():
        if line.startswith("["):
            known, rank = Field(line.strip("[]")), 0
        elif line and not line.startswith("#"):
            for words in line.split(",") if line != "-" else ():
                held = table.setdefault(key(words), [])
                held += [] if any(known is other for _rank, other in held) else [(rank, known)]
            rank += 1
    return {words: tuple(sorted(held)) for words, held in table.items()}


MEANINGS = _table()


def meanings(heading: str) -> tuple[tuple[int, Field], ...]:
    """(rank, field) of all that this heading may be, surest (0) first; nothing for one that is not known."""
    return MEANINGS.get(key(heading), ())


def shown(fields: Iterable[Field]) -> str:
    """Their names for the screen: «NIT o cédula, Total»."""
    return ", ".join(str(LABELS[field]) for field in fields)


_ID_TYPES = {
    "11": "registro civil, rc",
    "12": "tarjeta identidad, ti",
    "13": "cédula ciudadanía, cc, cédula, c c, ciudadanía",
    "21": "tarjeta extranjería, te",
    "22": "cédula extranjería, ce, c e",
    "31": "nit, n i t, número identificación tributaria, rut, persona jurídica",
    "41": "pasaporte, pa, pas, passport",
    "42": "documento extranjero, de, documento identificación extranjero, identificación extranjero",
    "47": "pep, permiso especial permanencia",
    "48": "ppt, permiso protección temporal",
    "50": "nit otro país, nit extranjero",
    "91": "nuip",
}
_ID_TYPE_BY_WORDS = {key(word): code for code, words in _ID_TYPES.items() for word in words.split(",")}


def id_type(text: str) -> str:
    """DIAN's code (table 13.2.1) of `Cédula de ciudadanía`, `C.C.`, `31`, `31 - NIT`; empty where it is none."""
    plain = text.strip()
    if plain in _ID_TYPES:
        return plain
    return _ID_TYPE_BY_WORDS.get(key(_CODED.sub("", plain)), "")
