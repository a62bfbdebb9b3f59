"""Files that came together -> parcels: each document with its PDF, DIAN's answer and annexes, one in memory at a time.

Units are counted in an order that never changes, so that reading can go on behind a file that killed the process.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from django.utils.translation import gettext as _

from cartero.importing.parcels import (
    PDF_TYPE,
    ZIP_TYPE,
    Begun,
    LoosePdf,
    Parcel,
    ReadEvent,
    ReadInvoice,
    ReceivedFile,
    Resume,
    bare_name,
)
from cartero.importing.readers import archive, contents, file_names, pdf, ubl
from cartero.importing.readers.archive import Budget, SpentError
from cartero.importing.readers.sources import Files, Source, folder
from cartero.importing.refusals import Level, Refusal, Remark, UnreadableError
from cartero.invoices.states import FileRole

DEEPEST_ZIP = 2  # a ZIP in a ZIP, once


Step: TypeAlias = Begun | Parcel


@dataclass(kw_only=True)
class Walk:
    """One pass over all that came: whose sales they must be (None: anybody's), and where an earlier pass died."""

    company_tax_id: str | None
    resume: Resume = field(default_factory=Resume)
    budget: Budget = field(default_factory=Budget)
    position: int = -1
    file: str = ""

    def begin(self, file: str) -> Begun:
        self.position += 1
        self.file = file
        return Begun(position=self.position, file=file)

    @property
    def is_told(self) -> bool:
        """Whether an earlier pass has told of the unit begun last."""
        return self.position < self.resume.start

    @property
    def is_deadly(self) -> bool:
        return self.position in self.resume.deadly


def read_files(paths: dict[str, str], company_tax_id: str | None, resume: Resume) -> Iterator[Step]:
    """What came as single files: the name each came with -> where it lies. For `child.run`."""
    files = Files(paths={name: Path(path) for name, path in paths.items()})
    return read(files, Walk(company_tax_id=company_tax_id, resume=resume))


def read_folder(path: str, company_tax_id: str | None, resume: Resume) -> Iterator[Step]:
    """All below a folder. For `child.run`."""
    return read(folder(Path(path)), Walk(company_tax_id=company_tax_id, resume=resume))


def read(source: Source, walk: Walk) -> Iterator[Step]:
    """Everything in `source`, ZIPs and the ZIPs in them included."""
    try:
        yield from _Bundle(source, walk, path="", depth=0).steps()
    except SpentError as error:
        yield error.as_refusal(walk.file)


class _Bundle:
    """The files of one place: an upload or folder (`depth` 0), a ZIP (1), a ZIP in a ZIP (2)."""

    def __init__(self, source: Source, walk: Walk, *, path: str, depth: int) -> None:
        self.source = source
        self.walk = walk
        self.path = path
        self.depth = depth
        self.found = contents.look(source)
        self.matching = contents.Matching(self.found, pairs_alone_in_root=depth > 0)
        self.answers: dict[str, str] = {}  # UUID or number of the document -> file of DIAN's answer

    def steps(self) -> Iterator[Step]:
        for name in self.found.answers:
            yield from self._answer(name)
        opened = [name for name in self.found.zips if self._is_opened(name)]
        self.matching.forget(opened)
        for name in self.found.documents:
            yield from self._unit(name, self._document)
        for name in opened:
            yield from self._inner_zip(name)
        for name in filter(self.matching.is_free, self.found.pdfs):
            yield from self._unit(name, self._loose_pdf)
        for name in filter(self.matching.is_free, self.found.zips):
            yield from self._unit(name, self._stray)
        for name in self.found.others:
            yield from self._unit(name, self._stray)
        for name in dict.fromkeys(self.answers.values()):
            yield self._read_xml(name)  # DIAN's answer to a document that is not among these

    def _unit(self, name: str, work: Callable[[str], Iterator[Parcel]]) -> Iterator[Step]:
        begun = self.walk.begin(self.path + name)
        if not self.walk.is_told:
            yield begun
            yield from work(name)
        elif name in self.found.documents:
            self.matching.take(name)

    def _answer(self, name: str) -> Iterator[Step]:
        """An `ApplicationResponse`: a buyer's is told at once, DIAN's waits for its document."""
        begun = self.walk.begin(self.path + name)
        if self.walk.is_deadly:
            return
        if not self.walk.is_told:
            yield begun
        read = self._read_xml(name)
        if isinstance(read, ReadEvent) and read.answer:
            # By name, not whole: a month may bring thousands of them.
            self.answers.update(dict.fromkeys(filter(None, (read.reference_uuid, read.reference)), name))
        elif not self.walk.is_told:
            yield read

    def _is_opened(self, name: str) -> bool:
        """A ZIP beside a document may be its annexes: it is opened only if it holds documents itself."""
        if self.depth >= DEEPEST_ZIP:
            return False
        if not self.found.is_beside_document(name):
            return True
        try:
            with self.source.open(name) as stream:
                inside = archive.open_archive(stream, Budget()).names
        except UnreadableError:
            return True  # opening it again tells what is wrong
        return any(file_names.ending(each) in (".xml", ".zip") for each in inside)

    def _inner_zip(self, name: str) -> Iterator[Step]:
        begun = self.walk.begin(self.path + name)
        if self.walk.is_deadly:
            return
        is_told = self.walk.is_told
        if not is_told:
            yield begun
        try:
            with self.source.open(name) as stream:
                inner = archive.open_archive(stream, self.walk.budget)
                if not inner.names and not is_told:
                    yield self._refuse(name, _("archivo ZIP"), _("está vacío"), _("Vuelva a comprimir los archivos."))
                yield from _Bundle(inner, self.walk, path=f"{self.path}{name}/", depth=self.depth + 1).steps()
        except SpentError:
            raise
        except UnreadableError as error:
            if not is_told:
                yield error.as_refusal(self.path + name)

    def _read_xml(self, name: str) -> ReadInvoice | ReadEvent | Refusal:
        try:
            content = self.source.read(name)
        except SpentError:
            raise
        except UnreadableError as error:
            return error.as_refusal(self.path + name)
        return ubl.read(content, self.path + name, self.walk.company_tax_id)

    def _document(self, name: str) -> Iterator[Parcel]:
        read = self._read_xml(name)
        if not isinstance(read, ReadInvoice):
            self.matching.take(name)  # a PDF of what is refused is no loose PDF
            yield read
            return
        number, uuid = read.data.number, read.data.uuid.lower()
        answer = self.answers.pop(uuid, None) or self.answers.pop(number, None)
        if answer and not read.data.validation:
            self.answers = {key: file for key, file in self.answers.items() if file != answer}
            event = self._read_xml(answer)
            if isinstance(event, ReadEvent):
                read = ubl.with_answer(read, event)
        companions = self.matching.take(name, read.data.prefix, number)
        files, remarks = list(read.files), list(read.remarks)
        if companions.main:
            self._add(companions.main, FileRole.PDF, files, remarks)
        for annex in companions.annexes:
            self._add(annex, FileRole.ANNEX, files, remarks)
        if companions.unclear:
            text = _("Vienen %(count)d PDF con el documento y ninguno lleva su número: no se sabe cuál es la factura.")
            remarks.append(Remark(where=_("PDF"), text=text % {"count": len(companions.unclear)}))
        yield replace(read, files=tuple(files), remarks=tuple(remarks))

    def _add(self, name: str, role: FileRole, files: list[ReceivedFile], remarks: list[Remark]) -> None:
        """A file that goes with a document; one that must not be passed on is left out and said."""
        try:
            files.append(self._checked(name, role))
        except SpentError:
            raise
        except UnreadableError as error:
            text = _("«%(name)s» %(what)s; se dejó por fuera. %(mend)s")
            facts = {"name": bare_name(name), "what": error.what, "mend": error.mend}
            remarks.append(Remark(where=error.where, text=text % facts, level=Level.WARNING))

    def _checked(self, name: str, role: FileRole) -> ReceivedFile:
        content = self.source.read(name)
        is_zip = file_names.ending(name) == ".zip"
        if is_zip:
            archive.open_archive(BytesIO(content), Budget())
        else:
            pdf.check(content)
        media_type = ZIP_TYPE if is_zip else PDF_TYPE
        return ReceivedFile(role=role.value, name=bare_name(name), media_type=media_type, content=content)

    def _loose_pdf(self, name: str) -> Iterator[Parcel]:
        try:
            file = self._checked(name, FileRole.PDF)
        except SpentError:
            raise
        except UnreadableError as error:
            yield error.as_refusal(self.path + name)
        else:
            yield LoosePdf(source=self.path + name, file=file, numbers=file_names.numbers_in(name))

    def _stray(self, name: str) -> Iterator[Parcel]:
        kind = file_names.ending(name)
        if kind == ".zip" and self.depth >= DEEPEST_ZIP:
            what = _("es un ZIP dentro de otro ZIP que ya venía dentro de otro")
            yield self._refuse(name, _("archivo ZIP"), what, _("Comprima los documentos con menos niveles."))
        elif kind == ".zip":
            what = _("es un ZIP sin documentos electrónicos y no se sabe de qué factura es anexo")
            mend = _("Póngale el nombre del XML al que acompaña.")
            yield self._refuse(name, _("archivo ZIP"), what, mend)
        elif kind in (".xlsx", ".xls", ".csv", ".ods"):
            mend = _("Súbala aparte, sin comprimir, para decir qué es cada columna.")
            yield self._refuse(name, _("archivo"), _("es una hoja de cálculo dentro de un grupo de archivos"), mend)
        elif kind in (".rar", ".7z", ".gz", ".tar", ".tgz"):
            mend = _("Descomprímalo y comprima los documentos como ZIP.")
            yield self._refuse(name, _("archivo"), _("está comprimido, pero no es un ZIP"), mend)
        else:
            mend = _("Quítelo: se importan los XML, los PDF y los ZIP de los documentos electrónicos.")
            yield self._refuse(name, _("archivo"), _("no es XML, PDF ni ZIP"), mend)

    def _refuse(self, name: str, where: str, what: str, mend: str) -> Refusal:
        return Refusal(file=self.path + name, where=where, what=what, mend=mend)
