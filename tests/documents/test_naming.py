import pytest

from cartero.documents import naming
from cartero.invoices.data import Document

NAMES = [
    ("FE18342.pdf", "FE18342.pdf"),
    ("Contrato año 2026.pdf", "Contrato año 2026.pdf"),  # accents and spaces stay
    ("../../etc/passwd", "passwd"),
    ("C:\\facturas\\FE1.xml", "FE1.xml"),
    ("a\r\nb\x00.xml", "a-b-.xml"),
    ("factura\u202efdp.exe", "facturafdp.exe"),  # what turns the reading direction goes
    ('¿"quién"?.pdf', "¿-quién-.pdf"),
    ("n" * 300 + ".xml", "n" * 100 + ".xml"),
    (" .. ", ""),
    ("", ""),
    ("sin punto", "sin punto"),
]


@pytest.mark.parametrize(("name", "kept"), NAMES)
def test_safe(name, kept):
    assert naming.safe(name) == kept


@pytest.mark.parametrize(
    ("number", "name"),
    [("FE18342", "FE18342.pdf"), ("A/1\\2", "A-1-2.pdf"), (" ", "documento.pdf"), ("n.º 5", "n.º 5.pdf")],
)
def test_of_number(number, name):
    assert naming.of_number(number, "pdf") == name


def test_no_two_files_of_one_name():
    files = [Document(name=name, media_type="", content=b"") for name in ("a.pdf", "A.pdf", "a.pdf", "a (2).pdf", "b")]
    named = [file.name for file in naming.apart([*files, files[-1]])]
    assert named[:2] == ["a.pdf", "A (2).pdf"]
    assert len({name.lower() for name in named}) == len(named)
