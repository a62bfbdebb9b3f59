"""The key by which people are sorted and found: lower case, no accents. No server here has a Spanish collation."""

import unicodedata


def key(*texts: str) -> str:
    """`Ñáñez  Gómez` → `nanez gomez`; several texts are joined by spaces."""
    plain = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
