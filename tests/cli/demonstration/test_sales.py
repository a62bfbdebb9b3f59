from datetime import date

from cartero.cli.demonstration import sales
from cartero.cli.demonstration.sales import Plan
from cartero.invoices.states import InvoiceKind

PLAN = Plan(today=date(2026, 11, 24))


def test_the_same_plan_is_the_same_story():
    assert sales.write(PLAN) == sales.write(PLAN)


def test_another_seed_is_another_story():
    assert sales.write(PLAN) != sales.write(Plan(today=PLAN.today, seed=21))


def test_two_months_are_billed_and_nothing_in_the_future():
    story = sales.write(Plan(today=date(2026, 1, 3)))
    assert [month.first for month in story.months] == [date(2025, 12, 1), date(2026, 1, 1)]
    assert max(sale.data.issue_date for sale in story.sales) <= date(2026, 1, 3)


def test_there_is_one_of_everything():
    story = sales.write(PLAN)
    documents = [sale.data for sale in story.sales]
    electronic = [sale.data for sale in story.sales if sale.is_electronic]
    assert len(documents) == 1200
    assert len({(data.kind, data.number) for data in documents}) == 1200
    assert {data.kind for data in documents} >= {
        InvoiceKind.INVOICE,
        InvoiceKind.CREDIT_NOTE,
        InvoiceKind.DEBIT_NOTE,
    }
    assert {data.currency for data in documents} == {"COP", "USD"}
    assert {data.validation.code if data.validation else "" for data in electronic} == {"02", "04", ""}
    assert {data.environment for data in electronic} == {"1", "2"}
    assert any(not sale.is_electronic for sale in story.sales)
    assert max(len(data.lines) for data in documents) > 6
    assert max(len(data.customer.name) for data in documents) > 100
    assert any("ñ" in data.customer.name.lower() for data in documents)
    assert any(not data.customer.emails for data in documents)
    assert any(len(data.customer.emails) > 1 for data in documents)


def test_a_note_names_an_earlier_invoice_of_the_same_buyer():
    documents = {sale.data.number: sale.data for sale in sales.write(PLAN).sales}
    for note in (data for data in documents.values() if data.correction):
        about = documents[note.correction.number]
        assert note.correction.uuid == about.uuid
        assert note.customer == about.customer
        assert note.issue_date >= about.issue_date
