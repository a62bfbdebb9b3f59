"""Header lines that hold what they are given and nothing else (RFC 5322, 2047, 2231).

The stdlib's `EmailMessage` is not used: in Python 3.11 an encoded word that a name brings along becomes a header of its
own (CVE-2024-6923). Here such words are decoded first, and what could open a line or a word is dropped.
"""

import re
from base64 import b64encode
from binascii import Error, a2b_base64, a2b_qp
from unicodedata import normalize
from urllib.parse import quote

from email_validator import EmailNotValidError, validate_email

from cartero.composing.characters import printable
from cartero.composing.errors import BadAddress, BadLink, BadMessageId

WIDTH = 76
_FOLD = "\r\n "
_WORD = 75  # RFC 2047, 2: an encoded word has at most 75 characters
_OPEN, _CLOSE = "=?utf-8?b?", "?="
_QUOTABLE = 60  # a display name up to here stays on the line of its header

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_SPACED_WORDS = re.compile(r" *[^ ]+")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.-]{1,200}")
_LINK = re.compile(r"https?://[!-;=?-~]{1,900}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,100}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._()+,@=!#$&'-]{1,60}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()+,@=!#$&'-]")
_EDGES = re.compile(r"^[.\s]+|\s+$")
_UNSAFE_IN_NAME = re.compile(r'[/\\:*?"<>|]')


def tidy(text: str) -> str:
    """`text` on one line, its encoded words decoded, without control characters and without `=?`."""
    if "=?" in text:
        text = _ENCODED_WORD.sub(_decoded, text)
    text = printable(text).replace("\n", " ")
    while "=?" in text:
        text = text.replace("=?", "")
    return text.strip(" ")


def _decoded(word: re.Match[str]) -> str:
    charset, encoding, payload = word.groups()
    try:
        content = a2b_base64(payload) if encoding in "bB" else a2b_qp(payload, header=True)
        return content.decode(charset, "replace")
    except (Error, LookupError, ValueError):  # no such charset, no such encoding: nothing anyone could have read
        return ""


def unstructured(header: str, text: str) -> bytes:
    """`header: text` with its CRLF, folded at 76. `text` must be tidy."""
    lines = _folded(f"{header}:", text) if text.isascii() else None
    return _line(header, lines or _words(text, len(header) + 2))


def _line(header: str, lines: list[str]) -> bytes:
    return f"{header}: {_FOLD.join(lines)}\r\n".encode()


def _folded(start: str, text: str) -> list[str] | None:
    """ASCII `text` broken before its spaces; None where it has a word too long for a line."""
    lines = [start]
    for word in _SPACED_WORDS.findall(f" {text}" if text else ""):
        if len(lines[-1]) + len(word) > WIDTH:
            lines.append("")
        lines[-1] += word
        if len(lines[-1]) > WIDTH:
            return None
    lines[0] = lines[0][len(start) :]
    return [line.removeprefix(" ") for line in lines]


def _words(text: str, used: int) -> list[str]:
    """`text` as encoded words (RFC 2047), whole characters in each, the first line having `used` columns already."""
    words, content = [], text.encode()
    room = (WIDTH - used - len(_OPEN + _CLOSE)) // 4 * 3
    while len(content) > room:
        end = room
        while content[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        words.append(content[:end])
        content, room = content[end:], (_WORD - len(_OPEN + _CLOSE)) // 4 * 3
    return [f"{_OPEN}{b64encode(word).decode()}{_CLOSE}" for word in (*words, content)]


def mailbox(header: str, name: str, address: str) -> bytes:
    """`header: name <address>` with its CRLF. Raises BadAddress."""
    name, address = tidy(name), wire_address(address)
    if not name:
        return f"{header}: {address}\r\n".encode()
    if name.isascii() and len(name) <= _QUOTABLE:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        lines = [f'"{escaped}"']
    else:
        lines = _words(name, len(header) + 2)
    return _line(header, [*lines, f"<{address}>"])


def address_list(header: str, addresses: tuple[str, ...]) -> bytes:
    """`header:` and the addresses, one a line; they must be of `wire_address`."""
    return _line(header, [f"{address}," for address in addresses[:-1]] + [addresses[-1]])


def wire_address(address: str) -> str:
    """`address` as it goes into header and envelope: domain in ASCII (RFC 5890). Raises BadAddress.

    A local part outside ASCII stays as it is: whether the server knows SMTPUTF8 (RFC 6531) is the transport's to see.
    """
    wire = address if address.isascii() else _with_ascii_domain(address)
    if not _ADDRESS.fullmatch(wire) or "=?" in wire or len(wire) > 254 or printable(wire) != wire:
        raise BadAddress(address=address)
    return wire


def _with_ascii_domain(address: str) -> str:
    try:
        valid = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadAddress(address=address) from error
    return f"{valid.local_part}@{valid.ascii_domain}"


def message_id(identifier: str) -> str:
    """`identifier` without its angle brackets. Raises BadMessageId."""
    bare = identifier.removeprefix("<").removesuffix(">")
    if not _MESSAGE_ID.fullmatch(bare):
        raise BadMessageId(message_id=identifier)
    return bare


def link(url: str) -> str:
    """`url`, which may be empty. Raises BadLink where it could leave its place in a header or a page."""
    if url and not _LINK.fullmatch(url):
        raise BadLink(link=url)
    return url


def file_name(given: str) -> str:
    """`given` as a name a disk takes: tidy, of one part, never empty or hidden."""
    return _EDGES.sub("", _UNSAFE_IN_NAME.sub("_", tidy(given))) or "documento"


def file_lines(media_type: str, kind: str, name: str) -> bytes:
    """`Content-Type` and `Content-Disposition` of a file (`kind`: attachment, inline); `name` is of `file_name`.

    A name outside ASCII goes whole into `filename*` (RFC 2231), and as near as ASCII comes into `name`. Not into a
    `filename` beside it, which readers in use (Python's among them) would take first.
    """
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "application/octet-stream"
    plain = bool(_PLAIN_NAME.fullmatch(name))
    ascii_name = name if plain else _ascii_name(name)
    whole = [f'filename="{name}"'] if plain else _extended(name)
    return _line("Content-Type", [f"{media_type};", f'name="{ascii_name}"']) + _line(
        "Content-Disposition", [f"{kind};", *whole]
    )


def _ascii_name(name: str) -> str:
    """The nearest name in ASCII, its extension kept, for programs that do not read RFC 2231."""
    ascii_name = normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, extension = _NOT_PLAIN.sub("_", ascii_name).rpartition(".")
    return f"{stem[: 50 - len(extension)] or 'documento'}{dot}{extension[:10]}"


def _extended(name: str) -> list[str]:
    """`filename*`, in numbered parts where it would not fit on a line (RFC 2231, 3)."""
    parts = [""]
    for char in name:
        encoded = quote(char, safe="")
        if len(parts[-1]) + len(encoded) > 50:
            parts.append("")
        parts[-1] += encoded
    parts[0] = f"UTF-8''{parts[0]}"
    if len(parts) == 1:
        return [f"filename*={parts[0]}"]
    last = len(parts) - 1
    return [f"filename*{index}*={part}{'' if index == last else ';'}" for index, part in enumerate(parts)]
