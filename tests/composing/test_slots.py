from binascii import a2b_qp

import pytest

from cartero.composing import slots
from cartero.composing.slots import Section, Slot

FRAME = "Hola @@name@@.@@#rows@@\n- @@number@@@@#note@@ (@@note@@)@@/note@@@@/rows@@\n@@#link@@Ver: @@link@@@@/link@@"


def filled(source, values, shared=None):
    encoded = slots.encode(slots.bind(slots.parse(source), shared or {}))
    body = slots.fill(encoded, values, lambda value, in_url: value)
    return a2b_qp(body).decode().replace("\r\n", "\n")


def test_slots_and_sections_are_filled():
    rows = [{"number": "FE1", "note": ""}, {"number": "FE2", "note": "vence hoy"}]
    text = filled(FRAME, {"name": "Ana", "rows": rows, "link": "https://e.example.co"})
    assert text == "Hola Ana.\n- FE1\n- FE2 (vence hoy)\nVer: https://e.example.co\n"
    assert filled(FRAME, {"name": "Ana", "rows": [], "link": ""}) == "Hola Ana.\n\n"


def test_what_is_shared_is_bound_once():
    pieces = slots.bind(slots.parse(FRAME), {"name": "Ana", "link": "x"})
    assert slots.names(pieces) == {"rows", "number", "note"}
    assert slots.names(slots.bind(slots.parse(FRAME), {"link": ""})) == {"name", "rows", "number", "note"}


def test_a_value_is_never_cut_again():
    assert filled("@@a@@@@b@@", {"a": "@@b@@", "b": "x"}) == "@@b@@x\n"
    assert filled("@@a@@", {}, {"a": "@@#b@@"}) == "@@#b@@\n"


@pytest.mark.parametrize("source", ["@@#a@@", "@@#a@@@@/b@@", "@@#a@@@@#b@@@@/a@@@@/b@@"])
def test_a_frame_with_a_section_left_open_is_refused(source):
    with pytest.raises(ValueError, match="section"):
        slots.parse(source)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a ", " a", "a\n", "\n", "a\n\nb", "=", "é" * 100, "x" * 200, "a" * 75 + "\n", ".", "From x", "a\t\nb "],
)
def test_pieces_join_whatever_they_end_in(text):
    """Each is encoded without knowing its neighbours: decoding the whole has to give the texts, joined."""
    encoded = slots.encode((text, Slot("a"), text, Section("b", (text,)), text))
    body = slots.fill(encoded, {"a": text, "b": "yes"}, lambda value, in_url: value)
    assert a2b_qp(body).decode().replace("\r\n", "\n") == text * 5 + "\n"
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert body.count(b"\n") == body.count(b"\r\n") == body.count(b"\r")
    assert body.endswith(b"\r\n")


SHORT = ["FE18342", "$ 1.250,00", "a=b", "a blank ", ".", ". a", "a.", "ñandú", "x" * 69, "x" * 90, "tab\t", "\x7f"]


@pytest.mark.parametrize("text", SHORT)
def test_a_short_text_is_quoted_as_any_other(text):
    quoted = slots.quoted(text)
    assert quoted.endswith(b"=\r\n")
    assert a2b_qp(quoted).decode() == text
    assert all(len(line) <= 76 and line[:1] != b"." for line in quoted.split(b"\r\n"))
