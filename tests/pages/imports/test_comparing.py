from dataclasses import replace
from datetime import date
from decimal import Decimal

from cartero.invoices.data import InvoiceData, LineData, PartyData, TotalsData
from cartero.pages.imports import comparing

HERE = InvoiceData(
    kind="invoice",
    number="FE1",
    issue_date=date(2026, 7, 1),
    supplier=PartyData(tax_id="900373115", name="Los Cedros"),
    customer=PartyData(tax_id="800555432", name="El Roble"),
    totals=TotalsData(payable=Decimal("100.00")),
    lines=(LineData(description="Cuota", amount=Decimal("100.00")),),
)


def differing(came):
    return {pair.label: (pair.here, pair.came) for pair in comparing.pairs(HERE, came) if pair.differs}


def test_two_that_say_the_same_differ_in_nothing():
    assert differing(HERE) == {}


def test_what_differs_is_told_side_by_side():
    came = replace(HERE, totals=TotalsData(payable=Decimal("120.00")), customer=replace(HERE.customer, name="El Pino"))
    assert differing(came) == {"Total": ("$ 100,00", "$ 120,00"), "Tercero": ("El Roble", "El Pino")}


def test_a_line_more_is_seen():
    came = replace(HERE, lines=(*HERE.lines, LineData(description="Mora", amount=Decimal("5.00"))))
    assert differing(came) == {"Renglones": ("1", "2"), "Renglón 2": ("", "Mora · 5,00")}


def test_what_neither_tells_is_left_out():
    assert "CUFE" not in {pair.label for pair in comparing.pairs(HERE, HERE)}
