"""Draws documents as PDF/A-3 with Typst. A process that has drawn must never fork: the child would hang."""

import json
import threading
from base64 import b64encode
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Literal

import font_lato  # type: ignore[import-untyped]  # a folder of fonts, without stubs
import typst

from cartero.documents import countries, qr
from cartero.documents.errors import NotDrawn
from cartero.documents.look import Look
from cartero.documents.sheet import sheet
from cartero.invoices.data import Document, InvoiceData

TEMPLATE = Path(__file__).with_name("invoice.typ")
MOST_ON_A_PAGE = 24  # lines of a document; one with more has several pages
ONE_PAGE = b"/Type/Pages/Count 1/"
WHERE = 4096  # of the bytes of a PDF, before any that a document decides
LATO = Path(font_lato.__file__).parent / "files"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">'
    '<image width="100" height="100" xlink:href="data:image/png;base64,{png}"/></svg>'
)

Standard = Literal["a-2a", "a-3b"]  # of PDF/A (ISO 19005)


class _Thread(threading.local):
    """What each thread has for itself."""

    def __init__(self) -> None:
        self._compilers: dict[Path, typst.Compiler] = {}

    def compiler(self, template: Path) -> typst.Compiler:
        if template not in self._compilers:
            self._compilers[template] = typst.Compiler(
                template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True
            )
        return self._compilers[template]


def render(data: InvoiceData, look: Look, attachments: tuple[Document, ...] = ()) -> bytes:
    """The document as a tagged PDF/A-3b that carries `attachments` (its XML); same input, same bytes.

    Raises NotDrawn. Typst frees the GIL, and each thread keeps a compiler of its own. What pages say of each other
    makes it lay them out several times, so what may fit on one is drawn as if it did, and once more if it does not.
    """
    country = countries.of(look.country)
    paper = country.paper(data)
    drawn = sheet(data, look, country, paper) | {"attachments": [_attachment(document) for document in attachments]}
    moment = datetime.combine(data.issue_date, data.issue_time or time(0))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    given = inputs(drawn, paper.qr, look.logo)
    try:
        if len(data.lines) <= MOST_ON_A_PAGE:
            alone = draw(TEMPLATE, "a-3b", moment, given | {"alone": "yes"})
            if ONE_PAGE in alone[:WHERE]:
                return alone
        return draw(TEMPLATE, "a-3b", moment, given | {"alone": ""})
    except typst.TypstError as error:
        raise NotDrawn(number=data.number, reason=str(error)) from error


def inputs(data: dict[str, object], qr_text: str, logo: bytes) -> dict[str, str]:
    """What a template reads. Raises ValueError where `qr_text` fits into no QR code."""
    return {
        "data": json.dumps(data, ensure_ascii=False),
        "qr": qr.svg(qr_text) if qr_text else "",
        "logo": LOGO.format(png=b64encode(logo).decode()) if logo else "",
    }


def draw(template: Path, standard: Standard, moment: datetime, given: dict[str, str]) -> bytes:
    """A PDF of `standard` as `template` places what is `given` (`inputs`), made at `moment`. Raises TypstError."""
    compiler = _thread().compiler(template)
    whole = moment.replace(microsecond=0)
    drawing = compiler.compile(sys_inputs=given, format="pdf", pdf_standards=[standard], timestamp=whole)
    assert isinstance(drawing, bytes)  # noqa: S101  one PDF, in memory
    return drawing


def _attachment(document: Document) -> dict[str, object]:
    """Bytes that are UTF-8 go as text, which Typst turns back into the same bytes; others as numbers, which is slow."""
    try:
        content: str | list[int] = document.content.decode()
    except UnicodeDecodeError:
        content = list(document.content)
    return {"name": document.name, "media_type": document.media_type, "content": content}


@cache
def _thread() -> _Thread:
    return _Thread()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[LATO])
