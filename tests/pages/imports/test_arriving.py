import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopUpload

from cartero.importing import limits
from cartero.importing.errors import TooLarge, TooManyFiles
from cartero.pages.imports.arriving import Arrival

GB = 1024**3
FILE = ("uploads", "a.zip", "application/zip", None, None)


def test_a_declared_size_that_lies_is_counted(rf):
    request = rf.post("/importar/subir/", {"uploads": SimpleUploadedFile("a.zip", b"x" * 150_000)})
    arrival = Arrival(request)
    arrival.received = limits.MOST_BYTES - 100_000
    request.upload_handlers = [arrival]
    assert not request.FILES
    assert isinstance(arrival.refusal, TooLarge)


@pytest.mark.parametrize(
    ("declared", "cut_off"),
    [(612 * 1024**2, False), (5 * GB, True)],  # the first is read to its end, so that the browser shows our answer
)
def test_what_is_declared_too_large_is_not_kept(rf, declared, cut_off):
    arrival = Arrival(rf.post("/importar/subir/"))
    arrival.handle_raw_input(None, {}, declared, b"", "utf-8")
    with pytest.raises(StopUpload) as stopped:
        arrival.new_file(*FILE)
    assert stopped.value.connection_reset is cut_off
    assert isinstance(arrival.refusal, TooLarge)


def test_files_past_the_limit_are_not_kept(rf):
    arrival = Arrival(rf.post("/importar/subir/"))
    for _n in range(limits.MOST_FILES):
        arrival.new_file(*FILE)
    with pytest.raises(StopUpload):
        arrival.new_file(*FILE)
    assert isinstance(arrival.refusal, TooManyFiles)
