"""One import from its files to what became of each: read in a child process, saved as a whole or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company
from cartero.importing import child, saving
from cartero.importing.collecting import Collector
from cartero.importing.columns import NeedsMapping, layout_from_json
from cartero.importing.models import Import, ImportStatus
from cartero.importing.readers.decimals import NeedsDecimal
from cartero.importing.readers.rows import Options
from cartero.importing.refusals import Remark
from cartero.invoices.data import PartyData
from cartero.platform import ids, queue, storage
from cartero.platform.storage import StorageAway

SHEETS = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")
_LOCK = 7_083  # the first number of the advisory locks that imports take
PROGRESS = 100  # files or rows between two words about how far it is
BEGINNING = timedelta(minutes=1)  # by when a command has come to read
_RUNNABLE = (ImportStatus.RECEIVED, ImportStatus.READING)


class _Asked(Exception):
    """A sheet whose columns somebody has to name: nothing is kept of this pass."""

    def __init__(self, file: str, question: NeedsMapping | NeedsDecimal) -> None:
        self.file = file
        self.question = question


def receive(company: Company, by: User, files: Mapping[str, Path], options: dict[str, Any]) -> Import:
    """Takes uploaded files over, and has a worker read them, on whatever machine. Raises StorageAway."""
    size, folder = _size(files), f"incoming/{ids.token()}"
    for position, path in enumerate(files.values()):
        storage.here().take_in(f"{folder}/{position}", path)
    with transaction.atomic():
        source = Import.objects.create(
            company=company, by=by, names=list(files), options=options, size=size, folder=folder
        )
        audit.record(source, "import", by, files=len(files))
        queue.defer("import", import_id=source.pk)
    return source


def import_paths(company: Company, by: User | None, files: Mapping[str, Path], options: dict[str, Any]) -> Import:
    """Reads files where they lie, at once."""
    source = Import.objects.create(company=company, by=by, names=list(files), options=options, size=_size(files))
    audit.record(source, "import", by, files=len(files))
    _run(source, files)
    source.refresh_from_db()
    return source


def run(import_id: int) -> None:
    """Reads what was received. Run twice, it reads once; killed in the middle, it has saved nothing and begins anew."""
    source = Import.objects.select_related("company").filter(pk=import_id, status__in=_RUNNABLE).first()
    if source is not None:
        with received(source) as files:
            _run(source, files)


def fail(import_id: int) -> None:
    """Says of an import that its reading broke off; nothing of it was saved, and its files stay to be looked at."""
    reading = Import.objects.filter(pk=import_id, status__in=_RUNNABLE)
    reading.update(status=ImportStatus.FAILED, finished_at=Now(), error=_("La lectura se interrumpió por un error."))


def give_up() -> None:
    """Says so of what a command read that was killed: its files were not kept, so that nobody will begin anew."""
    for source in Import.objects.filter(folder="", status__in=_RUNNABLE, created_at__lt=Now() - BEGINNING):
        with transaction.atomic():
            if _nobody_reads(source):
                fail(source.pk)


@contextmanager
def received(source: Import) -> Iterator[dict[str, Path]]:
    """The files of an import that wait to be read: the name each came with, and where it lies. Raises StorageAway."""
    names = [f"{source.folder}/{position}" for position in range(len(source.names))]
    with storage.here().lent(names) as paths:
        yield dict(zip(source.names, paths, strict=True))


@transaction.atomic
def answer(source: Import, options: dict[str, Any], by: User) -> None:
    """What a person said of the columns: the same files are read with it."""
    still = Import.objects.filter(pk=source.pk, status=ImportStatus.NEEDS_MAPPING)
    merged = source.options | options
    if still.update(status=ImportStatus.RECEIVED, options=merged, question=None):
        audit.record(source, "answer", by)
        queue.defer("import", import_id=source.pk)


def discard(source: Import) -> None:
    """Forgets the files of an import; what became of them stays. Those that are out of reach are left behind."""
    if source.folder:
        with suppress(StorageAway):
            storage.here().drop_folder(source.folder)


def _size(files: Mapping[str, Path]) -> int:
    return sum(path.stat().st_size for path in files.values())


def _run(source: Import, files: Mapping[str, Path]) -> None:
    Import.objects.filter(pk=source.pk).update(status=ImportStatus.READING, read=0)
    try:
        with transaction.atomic():
            _one_at_a_time(source)
            if not Import.objects.filter(pk=source.pk, status__in=_RUNNABLE).exists():
                return
            _read(source, files)
            counts = source.count_lines()
            Import.objects.filter(pk=source.pk).update(status=ImportStatus.FINISHED, finished_at=Now(), counts=counts)
    except _Asked as asked:
        question = asked.question.as_json() | {"file": asked.file}
        Import.objects.filter(pk=source.pk).update(status=ImportStatus.NEEDS_MAPPING, question=question)
        return
    discard(source)


def _read(source: Import, files: Mapping[str, Path]) -> None:
    collector = Collector(source)
    for count, step in enumerate(_steps(source, files), 1):
        collector.take(step)
        if count % PROGRESS == 0:
            _tell(source, count)
    collector.finish()
    remarks = zip(collector.remarks, saving.as_messages(collector.remarks), strict=True)
    told = [{"file": remark.file} | message for remark, message in remarks]
    Import.objects.filter(pk=source.pk).update(remarks=told)


def _steps(source: Import, files: Mapping[str, Path]) -> Iterator[object]:
    sheets = {name: path for name, path in files.items() if name.lower().endswith(SHEETS)}
    documents = {name: str(path) for name, path in files.items() if name not in sheets}
    if documents:
        yield from child.run(
            "cartero.importing.readers.bundle:read_files", documents, source.company.tax_id, file=next(iter(documents))
        )
    for name, path in sheets.items():
        options = _options(source, name)
        for step in child.run("cartero.importing.readers.rows:read_sheet", str(path), options, file=name):
            if isinstance(step, (NeedsMapping, NeedsDecimal)):
                if len(files) == 1 or source.folder:
                    raise _Asked(name, step)
                # Files that lie in a folder wait for nobody's answer: what can be read of them is.
                yield step.as_refusal(name)
                continue
            yield replace(step, file=name) if isinstance(step, Remark) else step


def _options(source: Import, file: str) -> Options:
    told = source.options.get("layouts", {}).get(file)
    return Options(
        file=file,
        supplier=PartyData(tax_id=source.company.tax_id, name=source.company.name),
        today=timezone.localdate(),
        layout=layout_from_json(told) if told else None,
        decimal=source.options.get("decimal", ""),
    )


def _one_at_a_time(source: Import) -> None:
    """Two imports of one company go one after the other: each sees what the other brought."""
    with connection.cursor() as cursor:
        # A worker's transactions may not rest for long, but one file may be read for two minutes.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, source.company_id])


def _nobody_reads(source: Import) -> bool:
    """Nothing of its company; until the end of the transaction nobody begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK, source.company_id])
        return bool(cursor.fetchone()[0])


def _tell(source: Import, count: int) -> None:
    """How far it is, seen at once: through a connection beside the transaction."""
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute("UPDATE importing_import SET read = %s WHERE id = %s", [count, source.pk])
    finally:
        beside.close()
