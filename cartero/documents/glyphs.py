"""Makes any text drawable: PDF/A refuses a glyph that no font has, and one odd name must not stop a document."""

import re
import unicodedata
from importlib import resources

REPLACEMENT = "□"
BREAK = "\u200b"  # zero width space: a line may end here
PIECE = 8


def _drawable() -> str:
    """The body of a character class, out of `glyphs.txt`."""
    lines = resources.files(__package__).joinpath("glyphs.txt").read_text("ascii").splitlines()[1:]
    spans = [span.split("-") for span in " ".join(lines).split()]
    return "".join(f"\\U{int(span[0], 16):08x}-\\U{int(span[-1], 16):08x}" for span in spans)


DRAWABLE = _drawable()
_UNDRAWABLE = re.compile(f"[^{DRAWABLE}]")


def drawable(text: str) -> str:
    """`text` in one line; marks and control characters that no font has go, other signs become `□`."""
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return text
    return _UNDRAWABLE.sub(_replacement, unicodedata.normalize("NFC", text))


def breakable(text: str, longest: int) -> str:
    """Lets words of more than `longest` signs end a line within; shorter words stay as they are, to be copied whole."""
    if len(text) <= longest:
        return text
    return " ".join(_broken(word) if len(word) > longest else word for word in text.split(" "))


def _broken(word: str) -> str:
    return BREAK.join(word[start : start + PIECE] for start in range(0, len(word), PIECE))


def _replacement(match: re.Match[str]) -> str:
    return "" if unicodedata.category(match[0])[0] in "MC" else REPLACEMENT
