import pytest

from cartero.documents.glyphs import BREAK, breakable, drawable

TEXTS = [
    ("Compañía Ñandú & Cía.", "Compañía Ñandú & Cía."),
    ("₡ № ✓", "₡ № ✓"),
    ("Tienda 😀", "Tienda □"),  # no font of ours has it, and its place is seen
    ("中文", "□□"),
    ("cafe\u0301", "café"),  # composed, so that one glyph draws it
    ("a\x00b\x07c", "abc"),
    ("soft\u00adhyphen\u200b", "softhyphen"),
    ("dos\r\n\tlíneas  y\u2028media", "dos líneas y media"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "drawn"), TEXTS)
def test_drawable(text, drawn):
    assert drawable(text) == drawn


def test_a_long_word_may_break_and_a_short_one_stays_whole():
    broken = breakable("cartera@valleverde.example.co " + "W" * 60, 48)
    assert broken.startswith("cartera@valleverde.example.co W")
    assert broken.count(BREAK) == 7
    assert broken.replace(BREAK, "") == "cartera@valleverde.example.co " + "W" * 60
