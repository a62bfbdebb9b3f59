import subprocess
from io import BytesIO

import pypdf
import pytest
import zxingcpp
from PIL import Image

from cartero.cli.demonstration import papers
from tests.cli.demonstration.story import ELECTRONIC

LONGEST = max(ELECTRONIC, key=lambda data: (len(data.customer.name) > 100, len(data.lines)))


@pytest.fixture(scope="module")
def printed():
    return papers.print_out(LONGEST)


def test_it_says_what_the_document_says(printed):
    (page,) = pypdf.PdfReader(BytesIO(printed)).pages
    text = page.extract_text()
    assert LONGEST.number in text
    assert "FACTURA ELECTRÓNICA DE VENTA" in text
    assert all(word in text for word in LONGEST.customer.name.split())
    assert all(line.description[:40] in text for line in LONGEST.lines)


def test_its_qr_is_that_of_the_document(printed, tmp_path):
    (tmp_path / "page.pdf").write_bytes(printed)
    subprocess.run(["pdftoppm", "-r", "150", "-png", tmp_path / "page.pdf", tmp_path / "page"], check=True)
    with Image.open(tmp_path / "page-1.png") as image:
        (code,) = zxingcpp.read_barcodes(image)
    assert code.text == LONGEST.qr


def test_the_same_document_is_the_same_bytes(printed):
    assert papers.print_out(LONGEST) == printed


def test_none_runs_over_the_page():
    assert max(len(data.lines) for data in ELECTRONIC) < 30
