from datetime import date
from decimal import Decimal

import pytest

from cartero.documents import owing
from tests.documents.test_statement import ENTRIES, NOTE, PAID, SINCE, UNTIL, entry


def test_the_parts_add_up_to_the_total():
    (account,) = owing.accounts(ENTRIES, SINCE, UNTIL)
    assert account.previous == 300_000  # FE7
    assert sum(each.change for each in account.moved) == 300_000  # FE9 and FE12, less NC3
    assert account.applied == -150_000  # of FE9
    assert account.total == 450_000 == account.previous + 300_000 + account.applied
    assert sum(amount for _name, amount in account.ages) + account.in_favour == account.total
    assert account.payments == (PAID,)


AGES = [
    ("2026-12-01", "Por vencer"),
    ("2026-11-30", "Por vencer"),  # it may be paid until the end of its day
    ("2026-11-29", "1 a 30 días"),
    ("2026-10-31", "1 a 30 días"),
    ("2026-10-30", "31 a 60 días"),
    ("2026-10-01", "31 a 60 días"),
    ("2026-09-30", "61 a 90 días"),
    ("2026-09-01", "61 a 90 días"),
    ("2026-08-31", "Más de 90 días"),
    (None, "Por vencer"),  # a document that says no date is never overdue, here as in the lists
]


@pytest.mark.parametrize(("due", "age"), AGES)
def test_how_old_a_debt_is(due, age):
    one = entry("FE1", date(2026, 7, 1), "10", due_date=date.fromisoformat(due) if due else None)
    (account,) = owing.accounts([one], SINCE, UNTIL)
    assert {name for name, amount in account.ages if amount} == {age}


def test_a_credit_left_over_is_in_favour_and_of_no_age():
    (account,) = owing.accounts([NOTE], SINCE, UNTIL)
    assert (account.total, account.in_favour, account.overdue) == (-30_000, -30_000, 0)


def test_currencies_are_never_added():
    dollars = entry("FE20", date(2026, 11, 4), "75.5", currency="USD")
    assert owing.owed(owing.accounts([*ENTRIES, dollars], SINCE, UNTIL)) == {
        "COP": Decimal(450_000),
        "USD": Decimal("75.5"),
    }
