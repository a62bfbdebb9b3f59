"""Draws documents as PDF/A-3 with Typst. A process that has drawn must never fork: the child would hang."""

import json
import threading
from base64 import b64encode
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import font_lato  # type: ignore[import-untyped]  # a folder of fonts, without stubs
import typst

from cartero.documents import countries, qr
from cartero.documents.errors import NotDrawn
from cartero.documents.look import Look
from cartero.documents.sheet import sheet
from cartero.invoices.data import Document, InvoiceData

TEMPLATE = Path(__file__).with_name("invoice.typ")
LATO = Path(font_lato.__file__).parent / "files"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">'
    '<image width="100" height="100" xlink:href="data:image/png;base64,{png}"/></svg>'
)


class _Thread(threading.local):
    """What each thread has for itself."""

    def __init__(self) -> None:
        self.compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), ignore_system_fonts=True)


def render(data: InvoiceData, look: Look, attachments: tuple[Document, ...] = ()) -> bytes:
    """The document as a tagged PDF/A-3b that carries `attachments` (its XML); same input, same bytes.

    Raises NotDrawn. Typst frees the GIL, and each thread keeps a compiler of its own.
    """
    country = countries.of(look.country)
    paper = country.paper(data)
    drawn = sheet(data, look, country, paper) | {"attachments": [_attachment(document) for document in attachments]}
    inputs = {
        "data": json.dumps(drawn, ensure_ascii=False),
        "qr": qr.svg(paper.qr) if paper.qr else "",
        "logo": LOGO.format(png=b64encode(look.logo).decode()) if look.logo else "",
    }
    moment = datetime.combine(data.issue_date, data.issue_time or time(0))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        drawing = _thread().compiler.compile(sys_inputs=inputs, format="pdf", pdf_standards=["a-3b"], timestamp=moment)
    except typst.TypstError as error:
        raise NotDrawn(number=data.number, reason=str(error)) from error
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
