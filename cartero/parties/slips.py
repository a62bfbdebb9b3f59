"""Slips of the keyboard in the domains that most people use: `gmial.com`, `hotmail.con`."""

import re
import unicodedata
from functools import lru_cache

_PROVIDERS = (
    *("gmail.com", "hotmail.com", "hotmail.es", "outlook.com", "outlook.es"),
    *("yahoo.com", "yahoo.es", "yahoo.com.co", "icloud.com"),
)
# One letter from a provider, and right as they are
_RIGHT = frozenset({*_PROVIDERS, "ymail.com", "mail.com", "email.com", "gmail.co.uk", "yahoo.com.ar", "yahoo.com.mx"})
_BY_NAME = {"gmail": "gmail.com", "hotmail": "hotmail.com", "outlook": "outlook.com", "yahoo": "yahoo.com"}
_ENDINGS = {
    **dict.fromkeys((".con", ".cpm", ".vom", ".xom", ".ocm", ".cmo", ".cm", ".coom", ".comm", ".c0m"), ".com"),
    **dict.fromkeys((".com.com", ".con.com", ".com.con"), ".com"),
    **dict.fromkeys((".co.co", ".con.co", ".cpm.co", ".vom.co", ".cmo.co", ".comm.co", ".comco", ".com.cp"), ".com.co"),
}
_LONGEST_ENDINGS_FIRST = tuple(sorted(_ENDINGS, key=len, reverse=True))


def proposal(address: str) -> str:
    """The address that was probably meant, or nothing."""
    local, _at, domain = address.rpartition("@")
    meant = _meant(domain)
    return f"{local}@{meant}" if meant else ""


def mended(address: str) -> str:
    """For an address that cannot be used: the one that was probably meant, or nothing."""
    local, _at, domain = address.rpartition("@")
    if not local:
        return ""
    local, domain = re.sub(r"\.{2,}", ".", local).strip("."), re.sub(r"\.{2,}", ".", domain).strip(".").lower()
    domain = _BY_NAME.get(domain, domain)
    meant = f"{local}@{_meant(domain) or domain}"
    is_plain = re.fullmatch(r"[\w%+=-]+(?:\.[\w%+=-]+)*@(?:[a-z0-9-]+\.)+[a-z]{2,}", meant, re.ASCII)
    return meant if meant != address and is_plain else ""


def without_accents(text: str) -> str:
    """`ñandú` → `nandu`."""
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def _meant(domain: str) -> str:
    if domain in _RIGHT:
        return ""
    mended_ending = domain
    if domain.endswith(_LONGEST_ENDINGS_FIRST):
        ending = next(ending for ending in _LONGEST_ENDINGS_FIRST if domain.endswith(ending))
        mended_ending = domain.removesuffix(ending) + _ENDINGS[ending]
    if mended_ending in ("gmail.com.co", "hotmail.com.co", "outlook.com.co", "icloud.com.co"):
        return mended_ending.removesuffix(".co")
    if mended_ending in _RIGHT:
        return mended_ending if mended_ending != domain else ""
    near = next((provider for provider in _PROVIDERS if _is_one_slip(mended_ending, provider)), "")
    return near or (mended_ending if mended_ending != domain else "")


def _is_one_slip(typed: str, right: str) -> bool:
    """One letter too many, too few, wrong, or two that changed places."""
    if abs(len(typed) - len(right)) > 1:
        return False
    at = next((i for i, pair in enumerate(zip(typed, right, strict=False)) if pair[0] != pair[1]), len(right))
    return (
        typed[at + 1 :] == right[at:]
        or typed[at:] == right[at + 1 :]
        or typed[at + 1 :] == right[at + 1 :]
        or (typed[at : at + 2] == right[at : at + 2][::-1] and typed[at + 2 :] == right[at + 2 :])
    )
