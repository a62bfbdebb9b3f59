"""What a mail holds, as a mail program would show it."""

import re
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO

LARGEST_ENTRY = 30_000_000  # bytes that a file in a ZIP may have unpacked
MOST_ENTRIES = 200
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file in an attached ZIP."""

    position: int
    name: str
    size: int

    @property
    def opens_here(self) -> bool:
        return _opens_here(self.name)


@dataclass(frozen=True, kw_only=True)
class Attachment:
    position: int
    name: str
    media_type: str
    content: bytes
    entries: tuple[Entry, ...] = ()

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def opens_here(self) -> bool:
        return _opens_here(self.name)

    def unpacked(self, position: int) -> tuple[str, bytes] | None:
        """Name and content of an entry; None where there is no such one."""
        known = next((entry for entry in self.entries if entry.position == position), None)
        if known is None or known.size > LARGEST_ENTRY:
            return None
        with zipfile.ZipFile(BytesIO(self.content)) as archive:
            return known.name, archive.read(archive.infolist()[position])


@dataclass(frozen=True, kw_only=True)
class OpenedMail:
    """`html` has its pictures in it and opens its links in a new tab."""

    headers: tuple[tuple[str, str], ...]
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]

    def attachment(self, position: int) -> Attachment | None:
        return next((each for each in self.attachments if each.position == position), None)


def open_mail(raw: bytes) -> OpenedMail:
    message = message_from_bytes(raw, policy=default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    names = ("From", "To", "Reply-To", "Date", "Message-ID")
    return OpenedMail(
        headers=tuple((name, str(message[name])) for name in names if message[name]),
        subject=str(message.get("Subject", "")),
        text=_text(text),
        html=_shown(_text(html), message) if html is not None else "",
        attachments=tuple(_attachments(message)),
    )


def _text(part: object) -> str:
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""


def _shown(html: str, message: EmailMessage) -> str:
    for part in message.walk():
        name = str(part.get("Content-ID", "")).strip("<> ")
        content = part.get_payload(decode=True)
        if name and isinstance(content, bytes):
            address = f"data:{part.get_content_type()};base64,{b64encode(content).decode()}"
            html = html.replace(f"cid:{name}", address)
    return _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', html, count=1)


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for position, part in enumerate(message.iter_attachments()):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield Attachment(
                position=position,
                name=part.get_filename() or part.get_content_type(),
                media_type=part.get_content_type(),
                content=content,
                entries=_entries(content),
            )


def _entries(content: bytes) -> tuple[Entry, ...]:
    if not content.startswith(b"PK"):
        return ()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found = archive.infolist()[:MOST_ENTRIES]
    except zipfile.BadZipFile:
        return ()
    return tuple(Entry(position=at, name=info.filename, size=info.file_size) for at, info in enumerate(found))


def _opens_here(name: str) -> bool:
    """Whether a browser shows it; what it does not is downloaded."""
    return name.lower().endswith((".pdf", ".xml", ".txt"))
