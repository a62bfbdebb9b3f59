"""E-mail addresses as people type them: taken apart, checked (RFC 5321, 5322, 6531, IDNA 2008), typing errors proposed.

A proposal is only that: nobody's address is changed by it.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from cartero.parties import slips

MOST_OF_A_PARTY = 10
LONGEST_OCTETS = 254
LONGEST_LOCAL = 64
LONGEST_LABEL = 63


@dataclass(frozen=True, kw_only=True)
class Valid:
    """`normalised`: domain in lower case ASCII; the local part as typed. `remarks` are sentences for the screen."""

    normalised: str
    remarks: tuple[str, ...] = ()
    proposal: str = ""


@dataclass(frozen=True, kw_only=True)
class Invalid:
    """`reason` is a whole sentence for the screen, the address in it."""

    reason: str
    proposal: str = ""


def masked(email: str) -> str:
    """`a…@example.co`: as much of an address as a stranger may see."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"


_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BRACKETED = re.compile(r"<([^<>]*)>")
_AROUND_AT = re.compile(r"\s*@\s*")
_SEPARATORS = re.compile(r"[;,/|\s]+")
_WRAPPING = "<>()\"'`´“”‘’«»:;,"
_WITHOUT_AT = re.compile(r"[\w+-]{2,}(?:\.[\w-]{2,})+")
_NOBODY = frozenset(
    {
        *("no", "na", "nn", "nd", "sin", "tiene", "notiene", "notienen", "notienecorreo", "noaplica", "nocorreo"),
        *("noemail", "noreporta", "noregistra", "nosabe", "correo", "email", "mail", "sincorreo", "sinemail"),
        *("ninguno", "ninguna", "pendiente", "desconocido", "vacio"),
    }
)

_LONGEST_NOBODY = 20  # with what may part its words

# What nearly every address is: these need no library. A domain with `--` may be an encoded one, so it does.
_PLAIN = re.compile(
    r"[A-Za-z0-9_%+=&'*!#$?^{}~-]{1,64}(?:\.[A-Za-z0-9_%+=&'*!#$?^{}~-]+)*"
    r"@(?=.{4,189}\Z)(?:[a-z0-9](?:-?[a-z0-9]){0,31}\.)+[a-z]{2,24}"
)
_RESERVED_ENDINGS = (".test", ".invalid", ".local", ".localhost", ".onion", ".arpa", ".internal", ".lan", ".home")
_LOCAL_SIGNS = frozenset("!#$%&'*+-/=?^_`{|}~.")
_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})


def split(text: str) -> list[str]:
    """The addresses in a cell or field, cleaned; placeholders (`no tiene`, `.`, `xxxx@xxxx`) are none.

    What lacks its at sign but is written like an address stays in the list, so that `check` can say so.
    """
    if _PLAIN.fullmatch(text):
        return [] if _is_placeholder(text) else [text]
    named = [inner for inner in _BRACKETED.findall(text) if "@" in inner]
    loose = _BRACKETED.sub(" ", text) if named else text
    pieces = [*named, *_SEPARATORS.split(_AROUND_AT.sub("@", _INVISIBLE.sub("", loose)))]
    found: dict[str, str] = {}
    for piece in pieces:
        address = clean(piece)
        is_address = "@" in address or (not named and _WITHOUT_AT.fullmatch(address) is not None)
        if is_address and not _is_placeholder(address):
            found.setdefault(address.casefold(), address)
    return list(found.values())


def clean(text: str) -> str:
    """The address in `Nombre <a@b.co>`, without invisible characters, `mailto:`, quotes or a full stop behind."""
    text = _INVISIBLE.sub("", text).strip()
    bracketed = _BRACKETED.search(text)
    if bracketed and "@" in bracketed[1]:
        text = bracketed[1].strip()
    if text[:7].casefold() == "mailto:":
        text = text[7:]
    return text.strip().strip(_WRAPPING).rstrip(".").rstrip(_WRAPPING)


def is_valid(address: str) -> bool:
    return isinstance(check(address), Valid)


def check(address: str) -> Valid | Invalid:
    """Whether a mail server could take this address. Asks no network: a domain may still not exist."""
    plain = _plain(address)
    if plain:
        return plain
    address = clean(address)
    reason = _what_is_wrong(address)
    if reason:
        return Invalid(reason=reason % {"address": address[:LONGEST_OCTETS]}, proposal=slips.mended(address))
    return _judged_by_library(address)


@lru_cache(maxsize=20_000)  # terceros repeat from invoice to invoice; nothing in it depends on the language
def _plain(address: str) -> Valid | None:
    local, _at, domain = (address if _PLAIN.fullmatch(address) else clean(address)).rpartition("@")
    lowered = f"{local}@{domain.lower()}"
    if _PLAIN.fullmatch(lowered) and len(local) <= LONGEST_LOCAL and not lowered.endswith(_RESERVED_ENDINGS):
        return Valid(normalised=lowered, proposal=slips.proposal(lowered))
    return None


def _judged_by_library(address: str) -> Valid | Invalid:
    shown = {"address": address}
    try:
        judged = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        reason = _("«%(address)s» no es un correo válido: el dominio no se puede usar en un correo")
        return Invalid(reason=reason % shown, proposal=slips.mended(address))
    normalised = f"{judged.local_part}@{judged.ascii_domain}"
    remarks = []
    proposal = slips.proposal(normalised)
    if not judged.local_part.isascii():
        remarks.append(
            _("«%(address)s» tiene tildes o eñes antes de la arroba: muchos servidores no lo reciben.") % shown
        )
        proposal = proposal or f"{slips.without_accents(judged.local_part)}@{judged.ascii_domain}"
        proposal = proposal if proposal.isascii() else ""
    if len(normalised.encode()) > LONGEST_OCTETS:
        return Invalid(reason=_("«%(address)s» no es un correo válido: pasa de 254 letras") % shown)
    return Valid(normalised=normalised, remarks=tuple(remarks), proposal=proposal)


def _what_is_wrong(address: str) -> str:
    """The sentence for the first thing that is, else nothing; `%(address)s` is still to fill in."""
    local, _at, domain = address.rpartition("@")
    return _shape(address) or _local(local) or _domain(domain)


def _shape(address: str) -> str:
    if not address:
        return _("Falta el correo")
    ats = address.count("@")
    local, _at, domain = address.rpartition("@")
    wrong = (
        (ats == 0, _("«%(address)s» no es un correo válido: le falta la arroba")),
        (ats > 1 and '"' not in address, _("«%(address)s» no es un correo válido: tiene más de una arroba")),
        ('"' in address, _("«%(address)s» no es un correo válido: tiene comillas")),
        (not local, _("«%(address)s» no es un correo válido: no tiene nada antes de la arroba")),
        (not domain, _("«%(address)s» no es un correo válido: no tiene nada después de la arroba")),
        (any(c.isspace() for c in address), _("«%(address)s» no es un correo válido: tiene un espacio")),
        ("(" in address or ")" in address, _("«%(address)s» no es un correo válido: tiene paréntesis")),
        ("[" in domain, _("«%(address)s» no es un correo válido: en vez de un dominio trae una dirección IP")),
        (".." in address, _("«%(address)s» no es un correo válido: dos puntos seguidos")),
        (len(address.encode()) > LONGEST_OCTETS, _("«%(address)s» no es un correo válido: pasa de 254 letras")),
    )
    return next((sentence for is_wrong, sentence in wrong if is_wrong), "")


def _local(local: str) -> str:
    if local.startswith("."):
        return _("«%(address)s» no es un correo válido: empieza con un punto")
    if local.endswith("."):
        return _("«%(address)s» no es un correo válido: hay un punto justo antes de la arroba")
    if len(local.encode()) > LONGEST_LOCAL:
        return _("«%(address)s» no es un correo válido: pasa de 64 letras antes de la arroba")
    odd = next((c for c in local if c.isascii() and not c.isalnum() and c not in _LOCAL_SIGNS), "")
    if odd:
        sentence = _("«%%(address)s» no es un correo válido: antes de la arroba no puede ir «%(odd)s»")
        return sentence % {"odd": odd.replace("%", "%%")}
    return ""


def _domain(domain: str) -> str:
    labels = domain.split(".")
    wrong = (
        (domain.startswith("."), _("«%(address)s» no es un correo válido: hay un punto justo después de la arroba")),
        (
            len(labels) == 1,
            _("«%(address)s» no es un correo válido: al dominio le falta la terminación, como .com o .co"),
        ),
        (
            any(label.startswith("-") or label.endswith("-") for label in labels),
            _("«%(address)s» no es un correo válido: el dominio tiene un guion al comienzo o al final de una parte"),
        ),
        (
            any(len(label) > LONGEST_LABEL for label in labels),
            _("«%(address)s» no es un correo válido: una parte del dominio pasa de 63 letras"),
        ),
        (
            labels[-1].isdecimal(),
            _("«%(address)s» no es un correo válido: el dominio termina en números"),
        ),
        (
            domain.lower().endswith(_RESERVED_ENDINGS),
            _("«%(address)s» no es un correo válido: ese dominio es interno o de prueba y no recibe correo"),
        ),
        (len(labels[-1]) == 1, _("«%(address)s» no es un correo válido: la terminación tiene una sola letra")),
        (
            any(_mixes_scripts(label) for label in labels),
            _("«%(address)s» no es un correo válido: el dominio mezcla letras de alfabetos distintos"),
        ),
    )
    sentence = next((sentence for is_wrong, sentence in wrong if is_wrong), "")
    odd = next((c for c in domain if c.isascii() and not c.isalnum() and c not in ".-"), "")
    if not sentence and odd:
        odd_sentence = _("«%%(address)s» no es un correo válido: en el dominio no puede ir «%(odd)s»")
        return odd_sentence % {"odd": odd.replace("%", "%%")}
    return sentence


def _mixes_scripts(label: str) -> bool:
    """Latin beside Cyrillic or Greek imitates a domain that is another's (UTS 39)."""
    if label.isascii():
        return False
    scripts = {unicodedata.name(c, "").partition(" ")[0] for c in label if c.isalpha()}
    return len(scripts) > 1 and not scripts <= _ASIAN


def _is_placeholder(address: str) -> bool:
    local, _at, domain = address.casefold().partition("@")
    if len(local) > _LONGEST_NOBODY:
        return False
    first = domain.partition(".")[0]
    words = [re.sub(r"[^a-z0-9]", "", slips.without_accents(word)) for word in (local, first)]
    is_one_key = len(set("".join(words))) <= 1  # xxxx@xxxx, x@x.com, -@-
    return is_one_key or all(word in _NOBODY for word in words)
