from datetime import date
from decimal import Decimal

import pytest

from cartero.importing.readers.figures import EITHER, amount, decimal_mark
from cartero.importing.refusals import UnreadableError

SURE = [
    ("1.234.567,89", ",", "1234567.89"),
    ("1,234,567.89", ".", "1234567.89"),
    ("1234567.89", ".", "1234567.89"),
    ("1234567,89", ",", "1234567.89"),
    ("1.234.567", ",", "1234567"),  # twice: it parts thousands, so the comma parts decimals
    ("1,234,567", ".", "1234567"),
    ("1.5", ".", "1.5"),
    ("0,123", ",", "0.123"),  # no thousands begin with 0
    ("1234.567", ".", "1234.567"),  # four digits before: no thousands
    (".5", ".", "0.5"),
    ("$ 1.234,50", ",", "1234.50"),
    ("-$ 500,00", ",", "-500.00"),
    ("$ -500,00", ",", "-500.00"),
    ("$ (1.234,50)", ",", "-1234.50"),
    ("COP 1.000,5", ",", "1000.5"),
    ("1.000,5 COP", ",", "1000.5"),
    ("1 234 567,89", ",", "1234567.89"),
    ("1\xa0234\u202f567,89", ",", "1234567.89"),
    ("1'234.567,89", ",", "1234567.89"),  # millions as written by hand
    ("1.234,123456789", ",", "1234.123457"),
]

SILENT = [
    ("1234567", "1234567"),
    (" 500 ", "500"),
    ("(500)", "-500"),
    ("500-", "-500"),
    ("−500", "-500"),
    ("$ -", "0"),  # a zero in Excel's accounting format
    ("1 234 567", "1234567"),
]

WRONG = [
    "abc",
    "1.23.456",
    "1,23,456",
    "12 34",
    "1.234,567,8",
    "15,5%",
    "--5",
    "1,23E+06",
    "#N/A",
    "10/07/2026",
    "1.2.3",
    "1.250.000,-",  # no cents, or a minus behind?
]

TYPED = [
    (1, "1"),
    (1.0, "1"),
    (119000.0, "119000"),
    (0.1 + 0.2, "0.3"),
    (1234.5600000000001, "1234.56"),
    (33333.333333333336, "33333.333333"),
    (-2.5, "-2.5"),
    (999999999999999.0, "999999999999999"),
]


@pytest.mark.parametrize(("typed", "mark", "value"), SURE)
def test_what_speaks_for_itself_is_read_whatever_the_file_says(typed, mark, value):
    assert decimal_mark(typed) == mark
    for told in (",", "."):
        assert amount(typed, told) == Decimal(value)


@pytest.mark.parametrize(("typed", "value"), SILENT)
def test_whole_numbers_decide_nothing(typed, value):
    assert decimal_mark(typed) == ""
    assert amount(typed, ",") == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "with_comma", "with_point"),
    [("1.234", "1234", "1.234"), ("$ 1,234", "1.234", "1234"), ("-12.345", "-12345", "-12.345")],
)
def test_a_lone_mark_before_three_digits_is_decided_by_the_file(typed, with_comma, with_point):
    assert decimal_mark(typed) == EITHER
    assert amount(typed, ",") == Decimal(with_comma)
    assert amount(typed, ".") == Decimal(with_point)


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(UnreadableError):
        amount(typed, ",")


@pytest.mark.parametrize(("cell", "value"), TYPED)
def test_numbers_of_cells_are_never_in_doubt(cell, value):
    assert decimal_mark(cell) == ""
    assert str(amount(cell, ",")) == value


@pytest.mark.parametrize(
    "cell", [1e15, -1e300, float("inf"), float("nan"), "1000000000000000", "1.000.000.000.000.000,00", 10**15]
)
def test_more_than_15_digits_are_refused(cell):
    with pytest.raises(UnreadableError, match="15 cifras"):
        amount(cell, ",")


@pytest.mark.parametrize("cell", [True, date(2026, 7, 1)])
def test_cells_of_another_kind_are_refused(cell):
    with pytest.raises(UnreadableError):
        amount(cell, ",")


@pytest.mark.parametrize("cell", ["", "  ", None])
def test_an_empty_cell_is_nothing(cell):
    assert amount(cell, ",") is None


def test_an_amount_in_another_currency_is_refused():
    assert amount("USD 5,00", ",", "USD") == Decimal("5.00")
    with pytest.raises(UnreadableError) as refused:
        amount("USD 5,00", ",")
    assert "USD" in refused.value.what
    assert "Moneda" in refused.value.mend
