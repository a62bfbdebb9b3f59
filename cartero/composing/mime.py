"""The bytes of a mail (RFC 5322, 2045): what a mailing shares is encoded once, a mail is a join.

    multipart/mixed ─ multipart/alternative ─ text/plain
                    │                       └ text/html, of a copy with logo within multipart/related
                    └ attachments: of a legal delivery the one ZIP and nothing else, so no inline logo there

Same prepared frame, same letter: same bytes. Dot-stuffing is the transport's.
"""

from base64 import b64encode
from binascii import a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

import pybase64
from django.utils.translation import gettext as _

from cartero.composing import fields, headers, html, slots, text, wording
from cartero.composing.errors import BadAddress
from cartero.composing.letter import Frame, Letter
from cartero.composing.slots import EncodedPiece, Slot, Values
from cartero.invoices.data import Document
from cartero.platform import wire

_BOGOTA = timezone(timedelta(hours=-5))
_TEST_MARK = "[PRUEBA]"
_BODY_SIZE = 28_000  # headers, text and HTML of a mail with a long message; a row of its table adds about 1 KB
_REQUIRED = (b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Auto-Submitted", b"Content-Type")
_OPTIONAL = (b"Reply-To", b"List-Unsubscribe", b"List-Unsubscribe-Post")
_LONGEST_LINE = 998  # RFC 5321, 4.5.3.1.6, without CRLF


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A frame ready to be filled. `fields` names the comodines it uses: a letter where one is empty reads badly."""

    frame: Frame
    words: wording.Phrases
    fields: frozenset[str]
    subject: tuple[str | Slot, ...]
    senders: bytes
    text: tuple[EncodedPiece, ...]
    html: tuple[EncodedPiece, ...]
    logo_id: str
    logo: bytes
    """The part that holds the logo, headers and all; empty without one."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as it goes out. `to` and `envelope_from` are for the envelope, `subject` is as a person reads it."""

    message: bytes
    to: tuple[str, ...]
    envelope_from: str
    subject: str

    @property
    def size(self) -> int:
        """Octets, as SIZE counts them (RFC 1870)."""
        return len(self.message)


def prepare(frame: Frame) -> Prepared:
    """Do once what all letters of a mailing share. Raises BadAddress for the company's own addresses."""
    sender = frame.sender
    logo = b"" if frame.legal else sender.logo
    logo_id = f"logo.{sha256(logo).hexdigest()[:16]}@{sender.from_address.rpartition('@')[2]}" if logo else ""
    html_pieces, text_pieces = html.bound(frame, logo_id), text.bound(frame)
    subject = fields.cut(frame.subject)
    used = (slots.names(html_pieces) | slots.names(subject)) & fields.NAMES
    senders = headers.mailbox("From", sender.from_name or sender.name, sender.from_address)
    if sender.reply_to:
        senders += headers.mailbox("Reply-To", "", sender.reply_to)
    return Prepared(
        frame=frame,
        words=wording.phrases(frame),
        fields=frozenset(used),
        subject=subject,
        senders=senders,
        text=slots.encode(text_pieces),
        html=slots.encode(html_pieces),
        logo_id=logo_id,
        logo=_logo_part(logo, logo_id) if logo else b"",
    )


def compose(prepared: Prepared, letter: Letter) -> Mail:
    """The mail of `letter`. Raises BadAddress, BadMessageId, BadLink: that letter cannot go, the others can."""
    to = tuple(headers.wire_address(address) for address in letter.to)
    if not to:
        raise BadAddress(address="")
    message_id = headers.message_id(letter.message_id)
    boundary = f"=_{sha256(message_id.encode()).hexdigest()[:24]}"  # `=_` cannot occur in quoted-printable or base64
    subject = subject_of(prepared, letter)
    values = _values(prepared, letter)
    parts = [
        _head(prepared, letter, to, subject, message_id),
        f'Content-Type: multipart/mixed; boundary="{boundary}m"\r\n\r\n--{boundary}m\r\n'.encode(),
        _alternative(prepared, values, boundary),
    ]
    unencoded = parts.copy()
    for document in letter.attachments:
        opening = f"--{boundary}m\r\n".encode() + _opening(document)
        parts += [opening, base64_lines(document.content), b"\r\n"]
        unencoded += [opening, b"\r\n"]
    closing = f"--{boundary}m--\r\n".encode()
    message = wire.message([*parts, closing], [*unencoded, closing])
    envelope_from = headers.wire_address(letter.envelope_from or prepared.frame.sender.from_address)
    return Mail(message=message, to=to, envelope_from=envelope_from, subject=subject)


def check(mail: Mail) -> str | None:
    """What is wrong with the bytes of `mail`, in words for the screen, or None. Looks at bytes, trusts no parser."""
    message = wire.unencoded(mail.message)
    head = message.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    if missing := [name for name in _REQUIRED if name not in names]:
        return _("Al correo le falta el encabezado %(name)s.") % {"name": missing[0].decode()}
    if len(set(names)) < len(names) or not set(names) <= {*_REQUIRED, *_OPTIONAL}:
        return _("El correo tiene un encabezado repetido o ajeno. Revise los nombres y el asunto.")
    lines = wire.lines(mail.message)
    if lines.odd or not message.endswith(b"\r\n") or b"\0" in message:
        return _("El correo tiene caracteres que no pueden viajar. Revise los nombres y el mensaje.")
    if lines.longest > _LONGEST_LINE:
        return _("El correo tiene una línea demasiado larga. Revise los nombres y los enlaces.")
    return None


def html_of(prepared: Prepared, letter: Letter) -> str:
    """The HTML that `compose` puts in the mail, for a page: the logo is in it, as a `data:` address."""
    shown = _decoded(slots.fill(prepared.html, _values(prepared, letter), fields.as_html))
    logo = b64encode(prepared.frame.sender.logo).decode()
    return shown.replace(f"cid:{prepared.logo_id}", f"data:image/png;base64,{logo}") if prepared.logo else shown


def text_of(prepared: Prepared, letter: Letter) -> str:
    """The plain text that `compose` puts in the mail."""
    return _decoded(slots.fill(prepared.text, _values(prepared, letter), fields.as_text))


def _decoded(body: bytes) -> str:
    return a2b_qp(body).decode().replace("\r\n", "\n")


def estimated_size(attachments: Iterable[int], rows: int = 1) -> int:
    """About how many octets a mail has with attachments of these sizes and so many rows; rather more than it will."""
    return _BODY_SIZE + rows * 1_200 + sum(-(-size // 57) * 78 + 1_500 for size in attachments)


def subject_of(prepared: Prepared, letter: Letter) -> str:
    """The subject as the recipient reads it."""
    subject = letter.subject or fields.join(prepared.subject, letter.fields)
    subject = headers.tidy(subject)
    return f"{_TEST_MARK} {subject}" if prepared.frame.test else subject


def _values(prepared: Prepared, letter: Letter) -> Values:
    return {**letter.fields, **wording.of_letter(prepared.words, letter)}


def _head(prepared: Prepared, letter: Letter, to: tuple[str, ...], subject: str, message_id: str) -> bytes:
    """All headers but Content-Type, in the order in which `check` knows their names."""
    lines = [
        prepared.senders,
        headers.address_list("To", to),
        headers.unstructured("Subject", subject),
        f"Date: {_date(letter.date)}\r\nMessage-ID: <{message_id}>\r\n".encode(),
        b"MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n",
    ]
    if prepared.frame.unsubscribe and letter.unsubscribe_url:
        lines.append(f"List-Unsubscribe:\r\n <{letter.unsubscribe_url}>\r\n".encode())
        if letter.unsubscribe_url.startswith("https:"):  # RFC 8058 knows no other
            lines.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    return b"".join(lines)


@lru_cache(maxsize=16)
def _date(moment: datetime) -> str:
    """In Bogotá (RFC 5322, 3.3); mails that are claimed together have one."""
    return format_datetime(moment.astimezone(_BOGOTA))


def _alternative(prepared: Prepared, values: Values, boundary: str) -> bytes:
    """Text and HTML, with all boundaries they need and the CRLF before the next."""
    quoted = b"; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    html_part = b"Content-Type: text/html" + quoted + slots.fill(prepared.html, values, fields.as_html)
    if prepared.logo:
        opening = f'Content-Type: multipart/related; type="text/html"; boundary="{boundary}r"\r\n\r\n--{boundary}r\r\n'
        between, closing = f"\r\n--{boundary}r\r\n", f"\r\n--{boundary}r--\r\n"
        html_part = b"".join((opening.encode(), html_part, between.encode(), prepared.logo, closing.encode()))
    separator = f"--{boundary}a".encode()
    return b"".join(
        (
            f'Content-Type: multipart/alternative; boundary="{boundary}a"\r\n\r\n'.encode(),
            separator,
            b"\r\nContent-Type: text/plain",
            quoted,
            slots.fill(prepared.text, values, fields.as_text),
            b"\r\n",
            separator,
            b"\r\n",
            html_part,
            b"\r\n",
            separator,
            b"--\r\n\r\n",
        )
    )


def _logo_part(logo: bytes, logo_id: str) -> bytes:
    lines = headers.file_lines("image/png", "inline", "logo.png")
    return b"".join(
        (
            lines,
            f"Content-ID: <{logo_id}>\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode(),
            base64_lines(logo),
        )
    )


def _opening(document: Document) -> bytes:
    """Headers of the part whose body is the file."""
    lines = headers.file_lines(document.media_type, "attachment", headers.file_name(document.name))
    return lines + b"Content-Transfer-Encoding: base64\r\n\r\n"


def base64_lines(content: bytes) -> bytes:
    """`content` in base64, lines of 76 parted by CRLF. The stdlib takes three times as long."""
    return pybase64.encodebytes(content)[:-1].replace(b"\n", b"\r\n")
