"""*Constancia de envío*: what one company sent by mail, to whom, when and how it was taken over, as a PDF/A."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import typst as compiling

from cartero.documents import dates, typst
from cartero.documents.errors import NotDrawn
from cartero.documents.glyphs import breakable, drawable
from cartero.documents.look import Look
from cartero.documents.sheet import Json, readable_on
from cartero.platform import formats

TEMPLATE = Path(__file__).with_name("attestation.typ")
LONGEST_URL = 110
LONGEST = 46  # signs of a word, before it is broken
LONGEST_FACT = 78  # in the wide column of a mail's facts
NOTE = (
    "Un servidor que acepta un correo se hace cargo de entregarlo (RFC 5321, sección 4.2.5): su respuesta, con la hora"
    " y el identificador, prueba que salió. No prueba que alguien lo haya leído, ni que acepte lo que dice."
)


@dataclass(frozen=True, kw_only=True)
class AttachedFile:
    """`size` in bytes; `sha256` in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened to a mail."""

    at: datetime
    what: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class AttestedMail:
    """One mail that a server took over. What is not known is empty."""

    party: str
    tax_id: str
    state: str
    documents: tuple[str, ...]
    to: tuple[str, ...]
    subject: str
    sender: str
    envelope_from: str
    message_id: str
    accepted_at: datetime
    server: str
    reply: str
    queue_id: str
    tls: str
    size: int | None
    sha256: str
    files: tuple[AttachedFile, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """`scope` is one sentence; `summary` are names and values; `url` is where `code` confirms it."""

    number: str
    code: str
    url: str
    scope: str
    summary: tuple[tuple[str, str], ...]
    mails: tuple[AttestedMail, ...]
    issued_at: datetime
    issued_by: str
    tz: tzinfo
    look: Look


def render(attestation: Attestation) -> bytes:
    """A tagged PDF/A-2a; same input, same bytes. Raises NotDrawn."""
    given = typst.inputs(sheet(attestation), attestation.url, attestation.look.logo)
    try:
        return typst.draw(TEMPLATE, "a-2a", attestation.issued_at.astimezone(UTC), given)
    except compiling.TypstError as error:
        raise NotDrawn(number=attestation.number, reason=str(error)) from error


def sheet(attestation: Attestation) -> Json:
    """What `attestation.typ` prints, as text; the template only places it."""
    look, tz = attestation.look, attestation.tz
    issuer = drawable(look.legal_name)
    title = f"Constancia de envío {attestation.number}"
    return {
        "meta": {"title": title, "author": issuer, "description": drawable(f"{title}: {attestation.scope}")},
        "number": attestation.number,
        "code": attestation.code,
        "url": breakable(attestation.url, LONGEST_URL),
        "color": look.color,
        "on_color": readable_on(look.color),
        "initial": (drawable(look.trade_name) or issuer)[:1].upper(),
        "issuer": breakable(issuer, LONGEST),
        "issuer_lines": _shown(look.lines()),
        "scope": breakable(drawable(attestation.scope), LONGEST),
        "facts": _rows(
            [
                *attestation.summary,
                ("Emitida", moment(attestation.issued_at, tz)),
                ("Emitida por", attestation.issued_by),
                ("Horas", f"De {tz}; entre paréntesis, la hora universal (UTC)"),
            ]
        ),
        "note": NOTE,
        "mails": [_mail(mail, number, tz) for number, mail in enumerate(attestation.mails, 1)],
    }


def moment(at: datetime, tz: tzinfo) -> str:
    """`24 nov 2026, 8:37:05 a. m. (2026-11-24 13:37:05 UTC)`."""
    local = at.astimezone(tz)
    hour = formats.clock(local.time(), seconds=True)
    return f"{dates.short(local.date())}, {hour} ({at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC)"


def _mail(mail: AttestedMail, number: int, tz: tzinfo) -> Json:
    received = " ".join(filter(None, (mail.party, f"({mail.tax_id})" if mail.tax_id else "")))
    facts = [
        ("Documentos", ", ".join(mail.documents)),
        ("Para", ", ".join(mail.to)),
        ("De", mail.sender),
        ("Remitente del sobre", mail.envelope_from),
        ("Asunto", mail.subject),
        ("Message-ID", mail.message_id),
        ("Aceptado", moment(mail.accepted_at, tz)),
        ("Servidor", mail.server),
        ("Respuesta", mail.reply),
        ("Identificador en cola", mail.queue_id),
        ("Conexión", mail.tls or "Sin cifrar, o sin registro"),
        ("Tamaño del correo", formats.size(mail.size) if mail.size else ""),
    ]
    return {
        "number": formats.number(number),
        "party": breakable(drawable(received), LONGEST),
        "state": drawable(mail.state),
        "facts": _rows(facts, LONGEST_FACT),
        "sha256": mail.sha256,
        "files": [
            [breakable(drawable(file.name), LONGEST), formats.size(file.size), file.sha256] for file in mail.files
        ],
        "steps": [
            [moment(step.at, tz), drawable(step.what), breakable(drawable(step.words), LONGEST)] for step in mail.steps
        ],
    }


def _rows(pairs: Iterable[tuple[str, str]], longest: int = LONGEST) -> list[list[str]]:
    return [[name, breakable(drawable(value), longest)] for name, value in pairs if value]


def _shown(texts: Iterable[str]) -> list[str]:
    return [breakable(text, LONGEST) for text in map(drawable, texts) if text]
