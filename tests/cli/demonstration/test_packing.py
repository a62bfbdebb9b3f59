import zipfile
from datetime import date
from io import BytesIO

import pytest

from cartero.cli.demonstration import packing, sales
from cartero.cli.demonstration.sales import Plan
from cartero.importing.readers import pdf

STORY = sales.write(Plan(today=date(2026, 11, 24), documents=120))


@pytest.fixture(scope="module")
def files():
    return dict(packing.files_of(STORY.months[0]))


def test_the_same_story_is_the_same_bytes(files):
    assert dict(packing.files_of(STORY.months[0])) == files


def test_no_file_takes_the_place_of_another(files):
    assert len(files) == sum(1 for _ in packing.files_of(STORY.months[0]))


def test_documents_come_loose_and_in_zips_with_pdf_and_without(files):
    inside = [zipfile.ZipFile(BytesIO(content)).namelist() for name, content in files.items() if name.endswith(".zip")]
    assert {len(names) for names in inside} == {1, 2}
    assert any(name.endswith(".xml") for name in files)
    assert any(name.endswith(".pdf") for name in files)


def test_every_pdf_may_go_on_to_a_buyer(files):
    for name, content in files.items():
        if name.endswith(".pdf"):
            pdf.check(content)
