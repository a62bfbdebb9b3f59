import pytest

from cartero.transport import offers


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("mail.example.co", {}),
        ("mail.example.co\nPIPELINING\nsize 1000\n8bitmime", {"PIPELINING": "", "SIZE": "1000", "8BITMIME": ""}),
        ("PIPELINING", {}),  # the first line greets, whatever it says
        ("x\nAUTH PLAIN LOGIN\nAUTH=LOGIN", {"AUTH": "PLAIN LOGIN LOGIN"}),  # an old way to write it
    ],
)
def test_parse(text: str, keywords: dict[str, str]) -> None:
    assert offers.parse(text).keywords == keywords


@pytest.mark.parametrize(
    ("size", "expected"), [("SIZE 1000", 1000), ("SIZE", None), ("SIZE 0", None), ("SIZE x", None), ("SIZE ²", None)]
)
def test_max_size(size: str, expected: int | None) -> None:
    assert offers.parse(f"x\n{size}").max_size == expected


def test_mechanisms() -> None:
    assert offers.parse("x\nAUTH plain XOAUTH2").mechanisms == {"PLAIN", "XOAUTH2"}
    assert offers.NOTHING.mechanisms == frozenset()


@pytest.mark.parametrize("ends", [b"", b"\r\n", b"a\r\nb\r\n\r\n", b"\r\n" * 1000])
def test_good_line_ends(ends: bytes) -> None:
    assert offers.unfit(offers.NOTHING, "a@example.co", ends) is None


@pytest.mark.parametrize(
    "ends", [b"\r", b"\n", b"\n\r", b"a\rb\nc", b"\r\n\r", b"\r\r\n", b"\r\n\n", b"a\r\nb\n" * 500]
)
def test_bad_line_ends(ends: bytes) -> None:
    found = offers.unfit(offers.NOTHING, "a@example.co", ends)
    assert found is not None
    assert found[0].reason == "bad_line_ends"
