"""What readers hand to saving: documents, events and loose PDFs, each with the files as they were received."""

import posixpath
import re
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from cartero.importing.refusals import Level, Refusal, Remark
from cartero.invoices.data import InvoiceData, PartyData, ValidationData

XML_TYPE = "application/xml"
PDF_TYPE = "application/pdf"
ZIP_TYPE = "application/zip"

_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\\/]+")
LONGEST_NAME = 255


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Said before a file is touched: if the process dies, this is the file that killed it. Positions count from 0."""

    position: int
    file: str


@dataclass(frozen=True, kw_only=True)
class Resume:
    """Where a new process goes on after others died: before `start` all is told, `deadly` are not touched."""

    start: int = 0
    deadly: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A file byte for byte. `role` is a value of `invoices.states.FileRole`; `name` has no folders."""

    role: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class ReadInvoice:
    """A document of sale and the files that came with it; `source` is the path of its XML, or of its sheet, as it came.

    `where` is its row in a sheet, for the screen.
    """

    source: str
    data: InvoiceData
    files: tuple[ReceivedFile, ...]
    remarks: tuple[Remark, ...] = ()
    where: str = ""

    @property
    def has_warnings(self) -> bool:
        return any(remark.level is Level.WARNING for remark in self.remarks)


@dataclass(frozen=True, kw_only=True)
class ReadEvent:
    """An `ApplicationResponse`: an event of the buyer (030 to 034), or DIAN's answer (02, 04) without its document.

    `reference` and `reference_uuid` name the document that it is about.
    """

    source: str
    code: str
    number: str
    uuid: str
    reference: str
    reference_uuid: str
    sender: PartyData
    receiver: PartyData
    issue_date: date | None
    description: str
    file: ReceivedFile
    answer: ValidationData | None = None
    """Filled in DIAN's answer alone."""


@dataclass(frozen=True, kw_only=True)
class LoosePdf:
    """A sound PDF whose document did not come in the same ZIP or under the same name.

    `numbers` are the document numbers that its file name may hold, longest first: the first that the company has is
    the one.
    """

    source: str
    file: ReceivedFile
    numbers: tuple[str, ...]


Parcel: TypeAlias = ReadInvoice | ReadEvent | LoosePdf | Refusal


def bare_name(path: str) -> str:
    """The last part of a path as a name that is safe to show, store and pass on: no folders, no control characters."""
    name = _NOT_IN_NAMES.sub("", posixpath.basename(path.replace("\\", "/"))).strip(" .") or "archivo"
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:LONGEST_NAME]
