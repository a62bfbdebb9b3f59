"""The clerk's message: HTML let through by a short list, and the plain text that says the same."""

import re
from html.parser import HTMLParser

import nh3

from cartero.composing.characters import printable

_BLOCKS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr"}
_TAGS = _BLOCKS | {"br", "strong", "b", "em", "i", "u", "s", "a"}
_ALIGNED = {"p", "h2", "h3"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}} | {tag: {"style"} for tag in _ALIGNED},
    filter_style_properties={"text-align"},
    url_schemes={"https", "mailto"},
    url_relative="deny",
)
_RULE = "-" * 20
_SPACES = re.compile(r"[ \t\r\n\f]+")


def clean(html: str) -> str:
    """`html` with only the tags, links and properties a mail may carry. Cleaning twice changes nothing."""
    return printable(
        _CLEANER.clean(printable(html))
    )  # before: nh3 takes no half characters; after: it reads `&#x202e;`


def to_text(html: str) -> str:
    """`html` as plain text: paragraphs apart, lists with `-` or numbers, a link as its text and `(address)`."""
    reader = _Reader()
    reader.feed(clean(html))
    reader.close()
    return reader.text()


def looks_empty(html: str) -> bool:
    """Nothing to read in it: no text, only spaces, breaks and rules."""
    return not to_text(html).replace("\N{NO-BREAK SPACE}", "").strip(f"\n {_RULE}")


class _Reader(HTMLParser):
    """Reads clean HTML into blocks: (text, whether it stands in a list, where blocks follow each other closely)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[tuple[str, bool]] = []
        self._line = ""
        self._lists: list[int | None] = []
        self._mark = ""
        self._quotes = 0
        self._link: tuple[str, int] | None = None

    def text(self) -> str:
        self._end_block()
        text, was_in_list = "", False
        for block, in_list in self._blocks:
            gap = "\n" if in_list and was_in_list else "\n\n"
            text += f"{gap}{block}" if text else block
            was_in_list = in_list
        return text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "br":
            self._line = self._line.rstrip(" ") + "\n"
        elif tag == "a":
            self._link = (found.get("href") or "", len(self._line))
        if tag not in _BLOCKS:
            return
        self._end_block()
        if tag == "hr":
            self._add(_RULE)
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "ul":
            self._lists.append(None)
        elif tag == "ol":
            start = found.get("start") or ""
            self._lists.append(int(start) if start.isascii() and start.isdigit() else 1)
        elif tag == "li":
            self._mark = self._next_mark()

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link:
            self._end_link(*self._link)
        if tag not in _BLOCKS:
            return
        self._end_block()
        if tag == "blockquote":
            self._quotes -= 1
        elif tag == "li":
            self._mark = ""
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        data = _SPACES.sub(" ", data)
        self._line += data.lstrip(" ") if self._line[-1:] in {"", "\n", " "} else data

    def _next_mark(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _end_link(self, href: str, start: int) -> None:
        shown = self._line[start:].strip()
        address = href.removeprefix("mailto:")
        if address and shown != address:
            self._line = self._line.rstrip(" ") + (f" ({address})" if shown else address)
        self._link = None

    def _end_block(self) -> None:
        if line := self._line.strip(" \n"):
            self._add(line)
        self._line = ""

    def _add(self, block: str) -> None:
        """Keep a finished block, indented below its list and quoted as deep as it stands."""
        depth = len(self._lists) - 1 if self._mark else len(self._lists)
        first = "> " * self._quotes + "  " * depth + self._mark
        rest = "> " * self._quotes + "  " * depth + " " * len(self._mark)
        self._blocks.append((first + block.replace("\n", f"\n{rest}"), bool(self._lists)))
        self._mark = ""
