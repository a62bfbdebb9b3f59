from datetime import date, datetime

import pytest

from cartero.importing.readers.days import day, due, period
from cartero.importing.refusals import UnreadableError

TODAY = date(2026, 7, 15)
NOVEMBER_24 = date(2026, 11, 24)

PLAIN = [
    "24/11/2026",
    "24-11-2026",
    "24.11.2026",
    "24 11 2026",
    " 24/11/2026 ",
    "24 nov 2026",
    "24-Nov-2026",
    "24/nov./2026",
    "24 de noviembre de 2026",
    "24 DE NOVIEMBRE DEL 2026",
    "24º de noviembre de 2026",
    "'24/11/2026",
    "martes, 24 de noviembre de 2026",
    "noviembre 24 de 2026",
    "Nov 24, 2026",
    "2026-11-24",
    "2026/11/24",
    "20261124",
    "2026-11-24T10:00:00-05:00",
    "2026-11-24 00:00:00",
    "24/11/2026 10:30 a. m.",
    20261124,
    NOVEMBER_24,
    datetime(2026, 11, 24, 19, 30),  # noqa: DTZ001  # a cell has no zone
]

SHORT = ["24-11-26", "24/11/26", "24 nov 26", "24-nov-26", 46350, 46350.75, "46350"]

WRONG = [
    "31/02/2026",
    "29/02/2025",
    "11/24/2026",
    "hoy",
    "24/11",
    "0/1/2026",
    "24 de brumario de 2026",
    True,
    5,
    "1.234",
]

MONTHS = [
    "2026-07",
    "2026/7",
    "07/2026",
    "7-2026",
    "202607",
    202607,
    202607.0,
    "julio 2026",
    "Julio de 2026",
    "JULIO/2026",
    "jul. 2026",
    "mes de julio de 2026",
    "July 2026",
    date(2026, 7, 1),
    "24/07/2026",
]


@pytest.mark.parametrize("typed", PLAIN)
def test_a_day_is_read_day_first(typed):
    assert day(typed, TODAY) == (NOVEMBER_24, False)


@pytest.mark.parametrize("typed", SHORT)
def test_two_digit_years_and_serials_are_told(typed):
    assert day(typed, TODAY) == (NOVEMBER_24, True)


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(UnreadableError):
        day(typed, TODAY)


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_an_empty_cell_is_no_day(typed):
    assert day(typed, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "is_read"), [("1/1/1990", True), ("31/12/1989", False), ("31/12/2032", True), ("1/1/2033", False)]
)
def test_years_from_1990_to_next_year_and_five(typed, is_read):
    if is_read:
        assert day(typed, TODAY)
    else:
        with pytest.raises(UnreadableError):
            day(typed, TODAY)


@pytest.mark.parametrize("typed", MONTHS)
def test_a_period_is_a_month(typed):
    assert period(typed, TODAY, TODAY) == (date(2026, 7, 1), date(2026, 7, 31), False)


def test_a_month_with_a_short_year_is_told():
    assert period("jul-26", TODAY, TODAY) == (date(2026, 7, 1), date(2026, 7, 31), True)


@pytest.mark.parametrize(
    ("issued", "year"), [(date(2027, 1, 5), 2026), (date(2026, 12, 20), 2026), (date(2026, 7, 1), 2026)]
)
def test_a_month_alone_is_the_one_nearest_to_the_issue(issued, year):
    assert period("Diciembre", issued, TODAY) == (date(year, 12, 1), date(year, 12, 31), True)


def test_a_period_may_go_from_day_to_day():
    assert period("16/07/2026 al 15/08/2026", TODAY, TODAY) == (date(2026, 7, 16), date(2026, 8, 15), False)


@pytest.mark.parametrize("typed", ["x", "13/2026", "julio de 1989", "31/07/2026 - 01/07/2026"])
def test_what_is_no_period_is_refused(typed):
    with pytest.raises(UnreadableError):
        period(typed, TODAY, TODAY)


AT_ONCE = [
    "Contado",
    "CONTADO",
    "De contado",
    "al contado",
    "Pago de contado",
    " Inmediato. ",
    "Pago inmediato",
    "A la vista",
]


@pytest.mark.parametrize("cell", AT_ONCE)
def test_what_is_paid_at_once_is_due_on_the_day_of_issue(cell):
    assert due(cell, date(2026, 7, 1), TODAY) == (date(2026, 7, 1), False)


@pytest.mark.parametrize("cell", ["Crédito", "30 días", "contado comercial", "hoy"])
def test_other_words_are_no_due_date(cell):
    with pytest.raises(UnreadableError, match="no es una fecha"):
        due(cell, date(2026, 7, 1), TODAY)


def test_a_due_date_is_a_day_like_any_other():
    assert due("24/11/2026", date(2026, 7, 1), TODAY) == (NOVEMBER_24, False)
    assert due("", date(2026, 7, 1), TODAY) is None
