from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from cartero.pages import downloads


def read(answer):
    return CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))


def test_a_table_becomes_a_sheet():
    with timezone.override("America/Bogota"):
        moment = datetime(2026, 7, 3, 13, 37, tzinfo=UTC)
        answer = downloads.xlsx(
            "lista.xlsx", ["Nombre", "Total", "Día", "Hora"], [["Luz", Decimal("1.5"), date(2026, 7, 1), moment]]
        )
    rows = read(answer).get_sheet_by_index(0).to_python()
    assert rows == [["Nombre", "Total", "Día", "Hora"], ["Luz", 1.5, date(2026, 7, 1), datetime(2026, 7, 3, 8, 37)]]  # noqa: DTZ001  a sheet has no zones
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lista.xlsx"'


@pytest.mark.parametrize("cell", ["=1+1", "+57 604", "-3", "@SUM(A1)", "http://example.com", "007", "{=1}"])
def test_text_stays_text(cell):
    assert read(downloads.xlsx("x.xlsx", ["A"], [[cell]])).get_sheet_by_index(0).to_python()[1] == [cell]


def test_what_is_missing_is_an_empty_cell():
    assert read(downloads.xlsx("x.xlsx", ["A", "B"], [[None, ""], ["x", 1]])).get_sheet_by_index(0).to_python()[-1] == [
        "x",
        1,
    ]


def test_a_sheet_that_is_full_goes_on_in_another(monkeypatch):
    monkeypatch.setattr(downloads, "ROWS_A_SHEET", 2)
    book = read(downloads.xlsx("x.xlsx", ["A"], [[str(n)] for n in range(5)]))
    assert [book.get_sheet_by_index(at).to_python()[1:] for at in range(3)] == [[["0"], ["1"]], [["2"], ["3"]], [["4"]]]
