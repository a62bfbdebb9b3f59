"""The parts of a mail that came back (RFC 2045), within limits: whatever its bytes, reading it ends, and soon."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

DEEPEST = 20
MOST_PARTS = 200
MOST_HEADER_LINES = 500
LONGEST_HEADER = 64 * 1024  # bytes
MOST_TEXT = 256 * 1024  # bytes of a part that are read as text
_LONGEST_TYPE = 2_000  # characters of a Content-Type: its reader takes the square of that

_HEAD_ENDS = re.compile(rb"\r?\n[ \t]*\r?\n")
_NAME = re.compile(r"([!-9;-~]{1,120})[ \t]*:[ \t]*(.*)", re.S)
_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bq])\?([^?\s]{0,2000})\?=", re.I)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_CHARSETS = re.compile(
    r"(utf-?8|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1|(windows-|cp)125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|"
    r"shift_jis|euc-jp|iso-2022-jp|euc-kr|utf-16(le|be)?)",
    re.I,
)
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", re.I)
_UNSEEN_HTML = re.compile(r"<(style|script|head)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&quot;": '"', "&#39;": "'", "&amp;": "&"}


class TooMuchError(Exception):
    """A mail past a limit; `what` says which. Never leaves this part."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, kw_only=True)
class Part:
    """`kind` is its media type in lower case. A `message/…` is not opened: `head_of` reads what it holds."""

    headers: tuple[tuple[str, str], ...]
    kind: str
    parameters: dict[str, str]
    body: bytes = field(repr=False)
    parts: "tuple[Part, ...]" = ()

    def all(self, name: str) -> list[str]:
        """The values of a header, decoded, in one line each."""
        return [decoded(value) for key, value in self.headers if key == name.lower()]

    def get(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def walk(self) -> "Iterator[Part]":
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def file_name(self) -> str:
        shown = _content_type(self.get("content-disposition"), "attachment")[1]
        return decoded(shown.get("filename", "") or self.parameters.get("name", ""))[:255]


def split(content: bytes) -> Part:
    """A mail as its parts. Raises TooMuchError."""
    return _part(content, 0, [0])


def head_of(content: bytes) -> Part:
    """What begins like a mail, as a part whose body is not looked into. Raises TooMuchError."""
    return _headed(content)


def content_of(part: Part) -> bytes:
    """Without its transfer encoding."""
    encoding = part.get("content-transfer-encoding").strip().lower()
    if encoding == "base64":
        try:
            return binascii.a2b_base64(part.body + b"==")
        except binascii.Error:
            return part.body
    return binascii.a2b_qp(part.body) if encoding == "quoted-printable" else part.body


def text_of(part: Part) -> str:
    """As a person reads it, of HTML without its tags; never longer than MOST_TEXT."""
    charset = part.parameters.get("charset", "")
    text = _in(content_of(part)[:MOST_TEXT], charset).replace("\r\n", "\n").replace("\x00", "")
    return _without_tags(text) if part.kind == "text/html" else text


def texts(mail: Part, most: int) -> list[str]:
    """What the first `most` parts say to people."""
    said = (part for part in mail.walk() if part.kind in {"text/plain", "text/html"})
    return [text_of(part) for part in islice(said, most)]


def decoded(value: str) -> str:
    """With its encoded words (RFC 2047) as what they stand for."""
    if "=?" not in value:
        return value
    return _WORD.sub(_word, _BETWEEN_WORDS.sub(r"\1", value[:LONGEST_HEADER]))


def moment(text: str) -> datetime | None:
    """Of a date as mails write it (RFC 5322); None where it is none."""
    try:
        at = parsedate_to_datetime(text[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _part(content: bytes, depth: int, count: list[int]) -> Part:
    count[0] += 1
    if depth > DEEPEST:
        raise TooMuchError("depth")
    if count[0] > MOST_PARTS:
        raise TooMuchError("parts")
    part = _headed(content)
    boundary = part.parameters.get("boundary", "").strip()
    if not part.kind.startswith("multipart/") or not boundary:
        return part
    pieces = _pieces(part.body, boundary.encode("utf-8", "replace"))
    within = tuple(_part(piece, depth + 1, count) for piece in pieces)
    return Part(
        headers=part.headers,
        kind=part.kind if within else "text/plain",  # its boundary never comes: the words are there all the same
        parameters=part.parameters,
        body=b"" if within else part.body,
        parts=within,
    )


def _headed(content: bytes) -> Part:
    if content.startswith((b"\n", b"\r\n")):
        head, body = b"", content.lstrip(b"\r\n")
    else:
        end = _HEAD_ENDS.search(content, 0, MOST_HEADER_LINES * 1_000 + LONGEST_HEADER)
        head, body = (content[: end.start()], content[end.end() :]) if end else (content, b"")
    headers = tuple(_headers(head))
    of_part = dict(reversed(headers))
    kind, parameters = _content_type(of_part.get("content-type", ""), "text/plain")
    return Part(headers=headers, kind=kind, parameters=parameters, body=body)


def _headers(head: bytes) -> Iterator[tuple[str, str]]:
    lines = head.split(b"\n", MOST_HEADER_LINES)
    if len(lines) > MOST_HEADER_LINES:
        raise TooMuchError("header_lines")
    whole: list[str] = []
    for line in [*lines, b"-"]:
        if line[:1] in (b" ", b"\t") and whole:
            whole.append(_in(line.strip(), ""))
            continue
        text = " ".join(whole)
        if len(text) > LONGEST_HEADER:
            raise TooMuchError("header")
        named = _NAME.fullmatch(text)
        if named:
            yield named[1].lower(), named[2].strip()
        whole = [_in(line.rstrip(b"\r"), "")]


def _pieces(body: bytes, boundary: bytes) -> list[bytes]:
    """Between its lines of boundary; the last one need not be there, nor the closing one."""
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    starts = []
    for found in line.finditer(body):
        starts.append((found.start(), found.end(), bool(found[1])))
        if found[1] or len(starts) > MOST_PARTS + 1:
            break
    pieces = []
    for at, (_start, end, is_last) in enumerate(starts):
        if not is_last:
            until = starts[at + 1][0] if at + 1 < len(starts) else len(body)
            pieces.append(_after_line_end(body[end:until]))
    return pieces


def _after_line_end(piece: bytes) -> bytes:
    return piece[2:] if piece.startswith(b"\r\n") else piece[1:] if piece.startswith(b"\n") else piece


def _content_type(value: str, otherwise: str) -> tuple[str, dict[str, str]]:
    """The standard library's reading of it; what makes no sense is `otherwise`."""
    message = Message()
    message["content-type"] = value[:_LONGEST_TYPE]
    parameters: dict[str, str] = {}
    for name, said in _given(message):
        parameters.setdefault(name.lower(), _unquoted(said))
    kind = value[:_LONGEST_TYPE].partition(";")[0].strip().lower()
    return (kind if kind.count("/") == 1 else otherwise), parameters


def _given(message: Message) -> list[tuple[str, Any]]:
    try:
        return list(message.get_params(failobj=[]))[1:]
    except (TypeError, ValueError):  # pieces of a name (RFC 2231) that do not go together
        return []


def _unquoted(said: Any) -> str:
    """A parameter in a charset (RFC 2231) comes as three: charset, language, text."""
    if not isinstance(said, tuple):
        return str(said)
    return _in(str(said[2]).encode("latin-1", "replace"), str(said[0] or ""))


def _in(content: bytes, charset: str) -> str:
    """In its charset, else UTF-8, else Latin-1: servers lie about it. Some codecs of Python are no charsets."""
    for name in (charset.strip(), "utf-8"):
        if _CHARSETS.fullmatch(name):
            try:
                return content.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    return content.decode("latin-1")


def _word(found: re.Match[str]) -> str:
    charset, encoding, text = found[1], found[2].lower(), found[3].encode("utf-8", "replace")
    try:
        content = binascii.a2b_base64(text + b"==") if encoding == "b" else binascii.a2b_qp(text, header=True)
    except binascii.Error:
        return found[0]
    return re.sub(r"[\r\n]+", " ", _in(content, charset))


def _without_tags(text: str) -> str:
    text = _TAG.sub(" ", _BREAK.sub("\n", _UNSEEN_HTML.sub(" ", text)))
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    return text
