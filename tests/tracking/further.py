"""The rows of `further.txt` and `further_words.txt`, each made a mail as it comes over the wire."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.tracking.returning import DATE, HEAD, OURS, TO, WE, wire

FILES = ("further.txt", "further_words.txt")
_ROW = re.compile(r"^@ (\w+): (\S+) (\S+) (\S+) (.+)\n", re.M)
_PART = re.compile(r"^--- (?P<kind>[\w-]+/[^|\n]+?)(?: \| (?P<extra>[^\n]+))?\n", re.M)
_IN_UTF_16 = re.compile(r"\{utf-16 (.+)\}")


@dataclass(frozen=True)
class Row:
    """What is to be read in it: `says` of each address the same, and nothing where there is none."""

    name: str
    says: tuple[str, bool, str]
    told: str
    text: str

    @property
    def addresses(self) -> list[str]:
        return _filled(self.told, TO, OURS).split()

    @property
    def names_ours(self) -> bool:
        return re.search(r"\{(?:base64 )?head\}|\{ours\}", self.text) is not None

    def mail(self, to: str = TO, ours: str = OURS) -> bytes:
        """Of the mail to that address and of that name."""
        return _mail(self.text, to, ours)


def _rows() -> Iterator[Row]:
    for name in FILES:
        pieces = _ROW.split(Path(__file__).with_name(name).read_text("utf-8"))[1:]
        for at in range(0, len(pieces), 6):
            named, kind, weight, reason, told, text = pieces[at : at + 6]
            yield Row(named, (kind, weight == "hard", reason.strip("-")), told.strip("-"), text)


def _mail(text: str, to: str, ours: str) -> bytes:
    head, _, body = text.strip("\n").partition("\n\n")
    lines = [head, f"To: {WE}", f"Date: {DATE}", "MIME-Version: 1.0"]
    if "content-type:" not in head.lower():
        is_report = _PART.search(body)
        lines.append(
            'Content-Type: multipart/report; report-type=delivery-status; boundary="limite"'
            if is_report
            else "Content-Type: text/plain; charset=utf-8"
        )
    whole = _filled("\n".join(lines) + "\n\n" + _parted(body) + "\n", to, ours)
    return wire(whole.partition("{end}")[0])


def _parted(body: str) -> str:
    """Its parts between boundaries; behind the last one, or where `--- end` stands, the closing one."""
    if not _PART.search(body):
        return body
    made, _, rest = body.partition("--- end\n")
    made = _PART.sub(lambda part: f"--limite\nContent-Type: {part['kind']}\n{_line(part['extra'])}\n", made)
    return f"{made}\n--limite--\n{rest}"


def _line(extra: str | None) -> str:
    return f"{extra}\n" if extra else ""


def _filled(text: str, to: str, ours: str) -> str:
    head = HEAD.replace(TO, to).replace(OURS, ours)
    text = text.replace("{base64 head}", base64.encodebytes(head.encode()).decode())
    for name, value in {"to": to, "ours": ours, "head": head, "zero": "\0"}.items():
        text = text.replace(f"{{{name}}}", value)
    return _IN_UTF_16.sub(lambda found: base64.b64encode(found[1].encode("utf-16")).decode(), text)


ALL = list(_rows())
