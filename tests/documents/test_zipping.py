import zipfile
from datetime import datetime
from io import BytesIO

import pytest

from cartero.documents import zipping
from cartero.invoices.data import Document

MOMENT = datetime(2026, 7, 1, 7, 42, 10)  # noqa: DTZ001  a ZIP knows no zone
FILES = (
    Document(name="contenedor.xml", media_type="application/xml", content=b"<a/>" * 1000),
    Document(name="año.pdf", media_type="application/pdf", content=b""),
)


def test_what_goes_in_comes_out():
    assert zipping.unzipped(zipping.zip_bytes(FILES, MOMENT)) == {file.name: file.content for file in FILES}


def test_same_entries_same_bytes():
    assert zipping.zip_bytes(FILES, MOMENT) == zipping.zip_bytes(list(FILES), MOMENT)


def test_entries_keep_their_order_and_the_date_of_the_document():
    with zipfile.ZipFile(BytesIO(zipping.zip_bytes(FILES, MOMENT))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["contenedor.xml", "año.pdf"]
    assert {entry.date_time for entry in entries} == {(2026, 7, 1, 7, 42, 10)}
    assert {entry.create_system for entry in entries} == {3}  # the same on Windows


def test_a_date_before_zip_was_made():
    assert zipping.unzipped(zipping.zip_bytes(FILES, datetime(1970, 1, 1)))  # noqa: DTZ001


WHOLE = zipping.zip_bytes(FILES, MOMENT)


@pytest.mark.parametrize(
    "broken",
    [b"", b"PK", b"<html>", WHOLE[:-30], WHOLE.replace(b"\xed", b"\xee", 1), WHOLE[: len(WHOLE) // 2]],
)
def test_what_is_damaged_does_not_open(broken):
    assert zipping.unzipped(broken) is None
