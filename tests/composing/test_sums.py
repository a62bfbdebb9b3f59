from decimal import Decimal

import pytest

from cartero.composing import sums
from tests.composing.examples import credit_note, document


def test_currencies_are_never_added():
    found = sums.totals([document("A", "10"), document("B", "2", currency="USD"), document("C", "5.50")])
    assert found == {"COP": Decimal("15.50"), "USD": Decimal("2")}
    assert sums.written(found) == "$ 15,50 y USD 2,00"


def test_a_credit_note_lowers_what_others_ask():
    assert sums.totals([document("A", "100"), credit_note("N", "30")]) == {"COP": Decimal("70")}


def test_credit_notes_alone_keep_their_sign():
    assert sums.totals([credit_note("N", "30"), credit_note("M", "1")]) == {"COP": Decimal("31")}


def certificate(number, total="0"):
    return document(number, total, kind="certificate")


def test_what_informs_is_not_summed_with_what_asks():
    assert sums.totals([document("A", "100"), document("R", "40", kind="receipt")]) == {"COP": Decimal("100")}
    assert sums.totals([document("R", "40", kind="receipt"), certificate("C")]) == {"COP": Decimal("40")}
    assert sums.totals([certificate("C")]) == {}


def test_a_credit_note_beside_a_certificate_keeps_its_sign():
    assert sums.totals([credit_note("N", "30"), certificate("C")]) == {"COP": Decimal("30")}


BALANCES = [
    ([document("A", "10", balance=Decimal("4")), document("B", "10", balance=Decimal("0"))], {"COP": Decimal("4")}),
    ([document("A", "10", balance=Decimal("4")), document("B", "10")], {}),  # one unknown: no sum that would be too low
    (
        [document("A", "10", balance=Decimal("4")), document("B", "10", currency="USD")],
        {"COP": Decimal("4")},  # an unknown one of another currency is another sum's matter
    ),
    ([document("A", "10", balance=Decimal("4")), credit_note("N", "6")], {"COP": Decimal("4")}),  # the note is used up
    ([document("A", "10", balance=Decimal("4")), credit_note("N", "6", balance=Decimal("1"))], {"COP": Decimal("3")}),
    ([document("A", "10")], {}),
]


@pytest.mark.parametrize(("documents", "owed"), BALANCES)
def test_balances(documents, owed):
    assert sums.balances(documents) == owed


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A y B"),
        (["A", "B", "C", "D", "E"], "A, B, C, D y E"),
        (["A", "B", "C", "D", "E", "F", "G"], "A, B, C, D y 3 más"),  # a subject has to stay short
    ],
)
def test_listed(items, text):
    assert sums.listed(items) == text
