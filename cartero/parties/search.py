"""The key by which people are sorted and found: lower case, no accents. No server here has a Spanish collation."""

import re
import unicodedata

from django.db.models import Q

MOST_WORDS = 8
_TAX_ID = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{6,15})(?:-\d)?")


def key(*texts: str) -> str:
    """`Ñáñez  Gómez` → `nanez gomez`; several texts are joined by spaces."""
    plain = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def found(typed: str) -> Q:
    """Rows whose `search_key` holds every word of what was typed, in any order; all of them when nothing was.

    A NIT may come as it is printed (`901.458.237-3`), a number with a hyphen that it does not have (`FE-18342`).
    """
    wanted = Q()
    for word in key(typed).split()[:MOST_WORDS]:
        tax_id = _TAX_ID.fullmatch(word)
        bare = tax_id[1].replace(".", "") if tax_id else word.replace("-", "")
        held = Q(search_key__contains=word)
        wanted &= held | Q(search_key__contains=bare) if bare not in ("", word) else held
    return wanted
