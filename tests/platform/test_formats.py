from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from cartero.platform import formats

BOGOTA = ZoneInfo("America/Bogota")
NOW = datetime(2026, 7, 1, 14, 0, tzinfo=UTC)

MONEY = [
    ("1250000", "COP", "$ 1.250.000,00"),  # point for thousands, comma for cents
    ("1234567.89", "COP", "$ 1.234.567,89"),
    ("-500", "COP", "-$ 500,00"),  # the sign stands before the symbol
    ("0", "COP", "$ 0,00"),
    ("-0.001", "COP", "$ 0,00"),  # nothing is not negative
    ("1250000.000000", "COP", "$ 1.250.000,00"),  # as the database gives it back
    ("0.125", "COP", "$ 0,12"),  # half to even (NTC 3711)
    ("0.135", "COP", "$ 0,14"),
    ("14024.07", "USD", "USD 14.024,07"),  # other currencies by their code
    ("1E+6", "COP", "$ 1.000.000,00"),
    ("12345678901234567890.12", "COP", "$ 12.345.678.901.234.567.890,12"),
    ("5", "", "$ 5,00"),  # a document that names no currency
]


@pytest.mark.parametrize(("amount", "currency", "shown"), MONEY)
def test_money(amount, currency, shown):
    assert formats.money(Decimal(amount), currency) == shown


@pytest.mark.parametrize(
    ("price", "shown"),
    [("8823.529411", "$ 8.823,529411"), ("8823.50", "$ 8.823,50"), ("0.12345678", "$ 0,123457")],
)
def test_a_unit_price_keeps_its_decimals(price, shown):
    assert formats.money(Decimal(price), most_decimals=6) == shown


NUMBERS = [
    (1185, None, "1.185"),
    (Decimal("1234.5"), None, "1.234,5"),
    (Decimal("2.000000"), None, "2"),
    (Decimal("1E+3"), None, "1.000"),
    (Decimal("2.345"), 2, "2,34"),
    (Decimal(7), 2, "7,00"),
    (-1234, None, "-1.234"),
]


@pytest.mark.parametrize(("value", "decimals", "shown"), NUMBERS)
def test_number(value, decimals, shown):
    assert formats.number(value, decimals) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(62, "62 %"), (Decimal("19.00"), "19 %"), (Decimal("0.966"), "0,966 %"), (0, "0 %")]
)
def test_percent(value, shown):
    assert formats.percent(value) == shown


NITS = [
    ("900377216", "7", "900.377.216-7"),
    ("1020304050", "", "1.020.304.050"),  # a cédula has no check digit
    ("222222222222", "", "222.222.222.222"),  # consumidor final
    ("AB123456", "", "AB123456"),  # a passport
    ("0012345", "", "0012345"),  # zeros in front mean something
    ("٩٠٠", "", "٩٠٠"),  # digits, but not ours
    ("", "", ""),
]


@pytest.mark.parametrize(("tax_id", "check_digit", "shown"), NITS)
def test_nit(tax_id, check_digit, shown):
    assert formats.nit(tax_id, check_digit) == shown


def test_dates():
    assert formats.date_short(date(2026, 7, 1)) == "1 jul 2026"
    assert formats.date_short(date(2026, 9, 30)) == "30 sep 2026"
    assert formats.date_long(date(2026, 11, 24)) == "24 de noviembre de 2026"
    assert formats.month(date(2026, 7, 1)) == "julio de 2026"


def test_dates_in_english():
    with translation.override("en"):
        assert formats.date_short(date(2026, 1, 1)) == "1 Jan 2026"
        assert formats.date_long(date(2026, 8, 24)) == "24 August 2026"
        assert formats.month(date(2026, 4, 1)) == "April 2026"


HOURS = [
    (time(8, 37), "8:37 a. m."),
    (time(0, 5), "12:05 a. m."),  # after midnight
    (time(12, 0), "12:00 p. m."),  # noon
    (time(23, 59, 59), "11:59 p. m."),
]


@pytest.mark.parametrize(("hour", "shown"), HOURS)
def test_clock(hour, shown):
    assert formats.clock(hour) == shown


def test_a_clock_with_seconds():
    assert formats.clock(time(7, 42, 10), seconds=True) == "7:42:10 a. m."


def test_the_hour_is_that_of_the_zone():
    assert formats.time_of_day(datetime(2026, 7, 1, 13, 37, tzinfo=UTC), BOGOTA) == "8:37\u00a0a.\u00a0m."


SINCE = [
    (datetime(2026, 7, 1, 13, 35, tzinfo=UTC), "Hoy, 8:35\u00a0a.\u00a0m."),
    (datetime(2026, 7, 1, 4, 59, tzinfo=UTC), "Ayer, 11:59\u00a0p.\u00a0m."),  # already the 1st in UTC
    (datetime(2026, 7, 2, 4, 59, tzinfo=UTC), "Hoy, 11:59\u00a0p.\u00a0m."),  # already the 2nd in UTC
    (datetime(2026, 7, 2, 13, 0, tzinfo=UTC), "Mañana, 8:00\u00a0a.\u00a0m."),
    (datetime(2026, 6, 29, 22, 10, tzinfo=UTC), "29 jun 2026, 5:10\u00a0p.\u00a0m."),
]


@pytest.mark.parametrize(("moment", "shown"), SINCE)
def test_since(moment, shown):
    assert formats.since(moment, NOW, BOGOTA) == shown


TOLD = [
    (datetime(2026, 7, 1, 13, 35, tzinfo=UTC), "hoy a las 8:35 a. m."),
    (datetime(2026, 7, 1, 18, 5, tzinfo=UTC), "hoy a la 1:05 p. m."),
    (datetime(2026, 7, 1, 4, 59, tzinfo=UTC), "ayer a las 11:59 p. m."),
    (datetime(2026, 7, 2, 13, 0, tzinfo=UTC), "mañana a las 8:00 a. m."),
    (datetime(2026, 6, 29, 22, 10, tzinfo=UTC), "el 29 jun 2026 a las 5:10 p. m."),
]


@pytest.mark.parametrize(("moment", "shown"), TOLD)
def test_told(moment, shown):
    assert formats.told(moment, NOW, BOGOTA).replace("\u00a0", " ") == shown
    about = formats.told(moment, NOW, BOGOTA, about=True).replace("\u00a0", " ")
    assert about == shown.replace(" a la", " hacia la")


DURATIONS = [
    (12, "menos de un minuto"),
    (61, "cerca de un minuto"),
    (240, "unos 4 minutos"),
    (89 * 60, "unos 89 minutos"),
    (95 * 60, "unas 2 horas"),
    (7200, "unas 2 horas"),
    (35 * 3600, "unas 35 horas"),
    (72 * 3600, "unos 3 días"),
]


@pytest.mark.parametrize(("seconds", "shown"), DURATIONS)
def test_duration(seconds, shown):
    assert formats.duration(seconds) == shown


SIZES = [
    (812, "812 bytes"),
    (1, "1 byte"),
    (35 * 1024, "35 KB"),
    (2_097_152, "2 MB"),  # DIAN's limit
    (2_200_000, "2,1 MB"),
    (1_048_000, "1 MB"),  # not 1.023 KB
]


@pytest.mark.parametrize(("octets", "shown"), SIZES)
def test_size(octets, shown):
    assert formats.size(octets) == shown
