"""Texts of a document -> dates, amounts, ids, addresses: each rule of DIAN's fields that real files bend."""

import re
from datetime import date, time
from decimal import Decimal

from stdnum.co import nit

NIT = "31"
CEDULA = "13"
FINAL_CONSUMER = "222222222222"
# Table 13.2.1 of the annex
ID_TYPES = frozenset({"11", "12", "13", "21", "22", "31", "41", "42", "47", "48", "50", "91"})

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*|Z|[+-]\d{2}:\d{2})?")
_AMOUNT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_GLUED = re.compile(r"([\d.,\s]+)-\s*(\d)")
_NUMBER = re.compile(r"(.*\D)?(\d+)")
_WITH_ITS_DIGIT = re.compile(r"[89][0-9]{9}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]")


def one_line(text: str | None) -> str:
    """Trimmed, every run of spaces and line breaks one space, no control or direction characters."""
    if not text:
        return ""
    return " ".join((text if text.isprintable() else _CONTROL.sub("", text)).split())


def lines_kept(text: str | None) -> str:
    """Trimmed line by line, line breaks kept (QR texts, notes)."""
    if not text:
        return ""
    cleaned = (" ".join(line.split()) for line in _CONTROL.sub("", text).splitlines())
    return "\n".join(line for line in cleaned if line)


def read_date(text: str) -> date | None:
    """`2026-11-24`, also with a zone or an hour behind; None where it is no day from 1990 to 2100."""
    found = _DATE.fullmatch(text)
    if not found or not 1990 <= int(found[1]) <= 2100:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """The wall clock of the document; DIAN writes all hours in Colombia's (`-05:00`), so the zone is dropped."""
    try:
        return time.fromisoformat(text).replace(microsecond=0, tzinfo=None)
    except ValueError:
        return None


def read_amount(text: str) -> Decimal | None:
    """A decimal as XML writes it, as it stands; None where it is none or has more than 15 digits before the point."""
    if len(text) > 60 or not text.isascii() or not _AMOUNT.fullmatch(text):
        return None
    amount = Decimal(text)
    return amount if abs(amount) < 10**15 else None


def check_digit_of(tax_id: str) -> str:
    """The DV of a NIT (weights of Orden Administrativa 4 of 1989), as python-stdnum reckons it."""
    return str(nit.calc_check_digit(tax_id))


def read_id(text: str, id_type: str, declared_digit: str) -> tuple[str, str]:
    """(id, DV) of `900.123.456-7` and its like. Ids that are no NIT keep their letters and have no DV."""
    glued = _GLUED.fullmatch(text)
    compact = re.sub(r"[\s.,]", "", glued[1] if glued else text).strip("-")
    if id_type not in (NIT, ""):
        return (re.sub(r"\D", "", compact) if id_type == CEDULA else compact if not glued else text.strip()), ""
    digit = declared_digit if re.fullmatch(r"[0-9]", declared_digit) else ""
    if glued:
        return compact.lstrip("0"), digit or glued[2]
    if ends_in_its_digit(compact, digit):
        return compact[:-1], compact[-1]
    return (compact.lstrip("0") if compact.isdecimal() else compact), digit


def ends_in_its_digit(tax_id: str, digit: str) -> bool:
    """A company's NIT (nine digits from 8 on; no id of ten begins so) with its DV glued on without hyphen.

    `digit` is the DV that is declared beside it, if any.
    """
    return bool(_WITH_ITS_DIGIT.fullmatch(tax_id)) and tax_id[-1] == check_digit_of(tax_id[:-1]) == (
        digit or tax_id[-1]
    )


def split_number(number: str, prefixes: list[str]) -> tuple[str, int | None]:
    """(prefix, sequence): the first stated prefix with digits behind it, else the letters before the last digits."""
    for prefix in prefixes:
        rest = number.removeprefix(prefix).lstrip("-_ ")
        if prefix and number.startswith(prefix) and re.fullmatch(r"[0-9]{1,18}", rest):
            return prefix[:20], int(rest)
    found = _NUMBER.fullmatch(number)
    if not found or len(found[2]) > 18 or not found[2].isascii():
        return "", None
    return (found[1] or "").rstrip("-_ ")[:20], int(found[2])
