import pytest

from cartero.companies.models import AuditEntry
from cartero.parties import pasting
from cartero.parties.models import AddressState
from tests.factories import make_address, make_company, make_party, make_user

LINES = [
    ("900123456\tvieja@example.com\tnueva@example.com", ("900123456", "vieja@example.com", "nueva@example.com")),
    ("900.123.456-8;vieja@example.com;nueva@example.com", ("900123456", "vieja@example.com", "nueva@example.com")),
    ('"900123456","vieja@example.com","nueva@example.com"', ("900123456", "vieja@example.com", "nueva@example.com")),
    ("900123456\tsolo@example.com", ("900123456", "solo@example.com", "")),
    ("AB12345\tA@b.example.com \t x@example.com\tsobra", ("AB12345", "A@b.example.com", "x@example.com")),
]


@pytest.mark.parametrize(("line", "cells"), LINES)
def test_a_line_is_read_as_spreadsheets_write_it(line, cells):
    (row,) = pasting.read(line)
    assert (row.tax_id, row.old, row.new) == cells


def test_headings_and_blank_lines_are_no_rows_and_lines_keep_their_numbers():
    rows = pasting.read("NIT\tAntes\tNuevo\r\n\r\n1\ta@example.com\tb@example.com\r\n")
    assert [row.line for row in rows] == [3]


@pytest.fixture
def company(db):
    return make_company()


@pytest.fixture
def party(company):
    party = make_party(company, "vieja@example.com", tax_id="900123456")
    make_address(party, "otra@example.com")
    make_address(party, "apartada@example.com", state=AddressState.REPLACED)
    return party


PROBLEMS = [
    ("900123456\tvieja@example.com", "Faltan columnas"),
    ("1\tvieja@example.com\tnueva@example.com", "Ningún tercero"),
    ("900123456\tnadie@example.com\tnueva@example.com", "no tiene el correo «nadie@example.com»"),
    ("900123456\tapartada@example.com\tnueva@example.com", "no tiene el correo"),
    ("900123456\tvieja@example.com\tnueva", "le falta la arroba"),
    ("900123456\tvieja@example.com\ta@example.com b@example.com", "un solo correo nuevo"),
    ("900123456\tvieja@example.com\totra@example.com", "ya está en este tercero"),
    ("900123456\tvieja@example.com\tapartada@example.com", "está apartado"),
    ("900123456\tvieja@example.com\t<script>alert(1)</script>", "no es un correo válido"),
]


@pytest.mark.parametrize(("line", "why"), PROBLEMS)
def test_a_line_that_changes_nothing_says_why(company, party, line, why):
    found = pasting.review(company, pasting.read(line))
    assert not found.changes
    assert why in found.problems[0].why


def test_only_what_holds_is_written_and_audited(company, party):
    ana = make_user(company)
    text = (
        "900123456\tVIEJA@example.com\tnueva@gmial.com\n"
        "900123456\totra@example.com\tnueva@gmial.com\n"
        "900123456\tvieja@example.com\ttercera@example.com\n"
    )
    found = pasting.review(company, pasting.read(text))
    assert [(change.new, change.proposal) for change in found.changes] == [("nueva@gmial.com", "nueva@gmail.com")]
    assert [problem.row.line for problem in found.problems] == [2, 3]
    assert party.addresses.count() == 3, "nothing is written by looking"
    assert pasting.apply(found.changes, ana) == 1
    states = dict(party.addresses.values_list("email", "state"))
    assert states["vieja@example.com"] == AddressState.REPLACED
    assert states["nueva@gmial.com"] == AddressState.DOUBTFUL
    assert AuditEntry.objects.get(verb="replace_address").facts["now"] == "nueva@gmial.com"


def test_another_company_is_not_touched(company, party):
    found = pasting.review(make_company(), pasting.read("900123456\tvieja@example.com\tnueva@example.com"))
    assert "Ningún tercero" in found.problems[0].why
