import pytest

from cartero.composing.characters import printable

CASES = [
    ("Ñandú 日本 👩‍👩‍👧‍👦 «x»", "Ñandú 日本 👩‍👩‍👧‍👦 «x»"),
    ("a\u00a0b", "a\u00a0b"),  # a space that keeps words together is wanted in amounts
    ("a\r\nb\rc\nd", "a\nb\nc\nd"),
    ("a\tb", "a b"),
    ("a\0b\x07c\x1b[2J\x7f\x85\x9b", "abc[2J"),  # terminals and old mail programs obey them
    ("a\u2028b\u2029c", "abc"),  # line breaks to some
    ("\u202egpj.exe\u202c \u2066x\u2069", "gpj.exe x"),  # turns the direction of reading
    ("\ud83d a \udc00", " a "),  # half a character cannot be written in UTF-8
    ("", ""),
]


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_printable(text, shown):
    assert printable(text) == shown
