"""A PDF goes to the document that its name holds, and to no other."""

import pytest

from cartero.importing.readers.file_names import names_another, numbers_in

NAMES = [
    ("FE10.pdf", ("FE10",)),
    ("carpeta/fe10.PDF", ("FE10",)),
    ("FE-10.pdf", ("FE10",)),
    ("Factura_FE_10_enero.pdf", ("FE10",)),
    ("Factura electrónica FE 10.pdf", ("FE10",)),
    ("FES-FE10.pdf", ("FE10",)),
    ("900373115_FE10.pdf", ("900373115", "FE10")),
    ("Factura 1234.pdf", ("1234",)),
    ("1234.pdf", ("1234",)),
    ("FE-10.pdf", ("FE10",)),  # never 10, which may be another's
    ("2026-11-24 FE10.pdf", ("FE10",)),  # a date is no number
    ("FE10 (1).pdf", ("FE10", "1")),
    ("FE-0000010.pdf", ("FE0000010", "FE10")),  # filled up with zeros
    ("A01E5687.pdf", ("A01E5687",)),  # those of a prefix are its own
    ("anexo.pdf", ()),
]


@pytest.mark.parametrize(("name", "numbers"), NAMES)
def test_the_numbers_that_a_name_holds(name, numbers):
    assert numbers_in(name) == numbers


def test_a_number_is_never_found_inside_another():
    assert "FE1" not in numbers_in("FE10.pdf")
    assert "E10" not in numbers_in("FE10.pdf")


ANOTHER = [
    ("FE11.pdf", "FE", "FE10", True),
    ("FE10.pdf", "FE", "FE10", False),
    ("factura.pdf", "FE", "FE10", False),
    ("NC5 de FE11.pdf", "NC", "NC5", False),
    ("11.pdf", "", "10", False),
]


@pytest.mark.parametrize(("name", "prefix", "number", "is_another"), ANOTHER)
def test_a_name_that_is_clearly_of_another_document(name, prefix, number, is_another):
    assert names_another(name, prefix, number) == is_another
