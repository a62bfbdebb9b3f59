"""The files of an upload go to disk as they arrive, and stop arriving where they are too many or too large."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from cartero.importing import limits
from cartero.importing.errors import ImportingError, TooManyFiles
from cartero.importing.parcels import bare_name

READ_AND_DROPPED = 2 * limits.MOST_BYTES  # a browser shows our answer only when it could send all


class Arrival(TemporaryFileUploadHandler):
    """Counts what comes, whatever was declared. `refusal` says why the rest was not kept."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.refusal: ImportingError | None = None
        self._declared = 0
        self.received = 0
        self._files = 0

    def handle_raw_input(self, input_data: Any, headers: Any, content_length: int, *_rest: Any) -> None:
        self._declared = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._files += 1
        if self._files > limits.MOST_FILES:
            self._stop(TooManyFiles(most=limits.MOST_FILES))
        if self._declared > limits.MOST_BYTES:
            self._stop(limits.too_large(self._declared))
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > limits.MOST_BYTES:
            self._stop(limits.too_large(self.received))
        return super().receive_data_chunk(raw_data, start)

    def _stop(self, refusal: ImportingError) -> None:
        self.refusal = refusal
        raise StopUpload(connection_reset=self._declared > READ_AND_DROPPED)


def paths(files: "list[UploadedFile[Any]]") -> dict[str, Path]:
    """Where each lies, by the name it came with; of two with one name the second is told apart."""
    named: dict[str, Path] = {}
    for file in files:
        assert isinstance(file, TemporaryUploadedFile)  # noqa: S101  Arrival makes no other
        named[_apart(bare_name(file.name or ""), named)] = Path(file.temporary_file_path())
    return named


def _apart(name: str, taken: dict[str, Path]) -> str:
    stem, dot, ending = name.rpartition(".")
    number, other = 1, name
    while other in taken:
        number += 1
        other = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
    return other
