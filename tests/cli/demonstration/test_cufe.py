from decimal import Decimal

import pytest

from cartero.cli.demonstration import cufe


def test_the_example_of_the_annex():
    """Annex 1.9, 11.1.2: DIAN's own figures and the code it gives for them."""
    figures = cufe.Figures(
        number="323200000129",
        day="2019-01-16",
        hour="10:53:10-05:00",
        amount=Decimal("1500000.00"),
        taxes={"01": Decimal("285000.00")},
        total=Decimal("1785000.00"),
        supplier="700085371",
        customer="800199436",
        secret="693ff6f2a553c3646a063436fd4dd9ded0311471",
        environment="1",
    )
    assert cufe.code(figures) == (
        "8bb918b19ba22a694f1da11c643b5e9de39adf60311cf179179e9b33381030bcd4c3c3f156c506ed5908f9276f5bd9b4"
    )


@pytest.mark.parametrize(("amount", "written"), [("10", "10.00"), ("0.009", "0.00"), ("1.999", "1.99")])
def test_amounts_are_cut_not_rounded(amount, written):
    assert cufe.plain(Decimal(amount)) == written
