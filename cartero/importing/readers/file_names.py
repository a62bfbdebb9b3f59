"""What a file name may hold: a document's number (`Factura FE-10 enero.pdf` is of FE10, never of FE1), or a NIT."""

import posixpath
import re

from cartero.importing.readers import values

_WORDS = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[A-Z]{1,6}")
_PADDING = re.compile(r"(?<!\d)0+(?=\d+$)")
_HAS_DIGIT = re.compile(r"\d")
# Words that stand before a number without being its prefix
_PLAIN_WORDS = frozenset(
    {"FACTURA", "FACT", "FAC", "NOTA", "NO", "NRO", "NUM", "NUMERO", "PDF", "DOC", "DE", "DEL", "VENTA"}
)
_TAX_ID = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{3})+|\d{5,15})(?:-(\d))?(?![\d.]\d|\d)")
MOST_NUMBERS = 12
LONGEST_NUMBER = 60


def bare(path: str) -> str:
    """The name without folders and ending, as it was written."""
    return posixpath.splitext(posixpath.basename(path))[0]


def stem(path: str) -> str:
    """The bare name, as names are compared."""
    return bare(path).casefold().strip()


def ending(path: str) -> str:
    return posixpath.splitext(path)[1].casefold()


def plain(number: str) -> str:
    """A number as names are compared with it: letters and digits alone, in capitals."""
    return "".join(letter for letter in number.upper() if letter.isalnum())


def numbers_in(path: str) -> tuple[str, ...]:
    """The document numbers that the name may mean, longest first, in capitals; `FE0010` may be FE10 too.

    Whole words only; a prefix that stands apart is joined to its digits (`FE-10`, `FE_10`). Digits alone count only
    where no prefix could be theirs and they are not part of a row (`2026-11-24`, `900123456-7`).
    """
    words = _WORDS.findall(bare(path).upper())
    found: dict[str, None] = {}
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        after = words[index + 1] if index + 1 < len(words) else ""
        if not _HAS_DIGIT.search(word):
            continue
        if not word.isdecimal():
            found[word] = None
            continue
        is_row = before.isdecimal() or after.isdecimal()
        if _LETTERS.fullmatch(before) and before not in _PLAIN_WORDS:
            found[before + word] = None
        elif not is_row and (not before or before in _PLAIN_WORDS or not _LETTERS.fullmatch(before)):
            found[word] = None
    fitting = sorted((number for number in found if len(number) <= LONGEST_NUMBER), key=len, reverse=True)
    return tuple(dict.fromkeys(each for number in fitting for each in (number, unpadded(number))))[:MOST_NUMBERS]


def unpadded(number: str) -> str:
    """Without the zeros with which programs fill up the sequence in a file's name: `FE0010` -> `FE10`."""
    return _PADDING.sub("", number)


def tax_ids_in(path: str) -> tuple[str, ...]:
    """The NITs or cédulas that the name may mean, without check digit, longest first (`900.123.456-8`)."""
    name = bare(path).replace("_", " ")
    found: dict[str, None] = {}
    for match in _TAX_ID.finditer(name):
        digits = match[1].replace(".", "")
        found[digits] = None
        if not match[2] and values.check_digit_of(digits[:-1]) == digits[-1]:  # its check digit may be glued to it
            found[digits[:-1]] = None
    return tuple(sorted(found, key=len, reverse=True)[:MOST_NUMBERS])


def names_another(path: str, prefix: str, number: str) -> bool:
    """Whether the name clearly holds a number of the same numbering that is not `number`."""
    candidates = numbers_in(path)
    if plain(number) in candidates or not prefix:
        return False
    return any(re.fullmatch(re.escape(plain(prefix)) + r"\d+", candidate) for candidate in candidates)
