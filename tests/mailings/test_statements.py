from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from cartero.invoices import storing
from cartero.invoices.data import CorrectionData
from cartero.invoices.models import Invoice, InvoiceFile
from cartero.mailings import lifecycle, statements, upkeep
from cartero.mailings.errors import BackwardPeriod, NothingOwed
from cartero.mailings.models import Statement, StatementRun
from cartero.mailings.statements import Counts, Wanted
from cartero.mailings.states import MailingStatus
from cartero.parties.models import FINAL_CONSUMER
from tests.factories import make_company, make_group, make_invoice, make_party

pytestmark = pytest.mark.django_db

UNTIL = date(2026, 7, 31)
JULY = Wanted(until=UNTIL, since=date(2026, 7, 1), pay_to="Cuenta 123 del Banco de Prueba")


def owe(party, total, balance=None, kind="invoice", corrects="", **fields):
    """Gives a tercero a document of July."""
    return make_invoice(
        party,
        balance=None if balance is None else Decimal(balance),
        data={
            "kind": kind,
            "total": Decimal(total),
            "correction": CorrectionData(number=corrects) if corrects else None,
        },
        **fields,
    )


@pytest.fixture
def make(company, ana):
    """Does what workers do, until the run is made."""

    def run(wanted=JULY):
        made = statements.begin(company, wanted, by=ana, now=timezone.now())
        while statements.make_some(made.pk):
            pass
        made.refresh_from_db()
        return made

    return run


def words(invoice):
    (file,) = invoice.files.all()
    pages = PdfReader(BytesIO(storing.read(invoice.company_id, file.sha256))).pages
    return " ".join(" ".join(page.extract_text().replace("\u200b", "").split()) for page in pages)


def made():
    return list(Invoice.objects.filter(kind="statement").order_by("sequence"))


def test_a_document_with_its_pdf_for_each_who_owes(company, make):
    one, two = make_party(company, name="Alba", search_key="alba"), make_party(company, name="Beto", search_key="beto")
    owe(two, "70.5")
    owe(one, 100)
    owe(one, 500, 300, issue_date=date(2026, 5, 1), due_date=date(2026, 5, 20))
    owe(one, 9000, issue_date=date(2026, 8, 1))  # after the cut-off
    run = make()
    first, second = made()
    assert [(each.number, each.party) for each in made()] == [("EC-2026-07-1", one), ("EC-2026-07-2", two)]
    assert (first.payable_amount, second.payable_amount) == (400, Decimal("70.5"))
    assert (first.issue_date, first.period, first.balance) == (UNTIL, date(2026, 7, 1), 400)
    for said in ("Saldo total $ 400,00", "Saldo anterior $ 300,00", "Vencido: $ 400,00", "Cuenta 123", "EC-2026-07-1"):
        assert said in words(first)
    assert "Saldo total $ 70,50" in words(second)
    assert "Alba" not in words(second)
    assert run.finished_at
    assert statements.amounts(run) == {"COP": Decimal("470.5")}
    run.refresh_from_db()
    assert run.amounts == {"COP": "470.500000"}  # from now on nothing is summed


# total, balance, what it corrects; and what of 1000 is left: its balance is known in the first table alone
NOTES_OF_KNOWN = [
    (200, None, "FE1", 1000, "its use is in the balance already"),
    (200, None, "", 1000, "it was used for something of this tercero, whose balances are known"),
    (200, 50, "FE1", 950, "what is left of it lowers the debt"),
    (200, 0, "", 1000, "nothing is left of it"),
]
NOTES_OF_UNKNOWN = [
    (200, None, "FE1", 800, "nobody has told a balance, so it lowers by its total"),
    (200, None, "", 800, "the same without the number of what it corrects"),
    (1000, None, "FE1", None, "it annuls the invoice: nothing is owed"),
]


@pytest.mark.parametrize(
    ("known", "total", "balance", "corrects", "left"),
    [(True, *case[:4]) for case in NOTES_OF_KNOWN] + [(False, *case[:4]) for case in NOTES_OF_UNKNOWN],
)
def test_a_credit_note_lowers_by_what_is_left_of_it(company, known, total, balance, corrects, left):
    party = make_party(company)
    owe(party, 1500 if known else 1000, 1000 if known else None, number="FE1")
    owe(party, total, balance, kind="credit_note", corrects=corrects)
    counted = statements.count(company, JULY)
    assert counted.amounts == ({"COP": Decimal(left)} if left else {})
    assert counted.left_out == ({} if left else {"nothing_owed": 1})


def test_who_gets_none_has_its_reason(company, make):
    owes, paid, credited = make_party(company), make_party(company), make_party(company)
    anybody = make_party(company, tax_id=FINAL_CONSUMER)
    owe(owes, 100)
    owe(paid, 100, 0)
    owe(credited, 40, 40, kind="credit_note")
    owe(anybody, 100)
    owe(make_party(make_company()), 100)
    reasons = {"nothing_owed": 1, "in_favour": 1, "final_consumer": 1}
    assert statements.count(company, JULY) == Counts(
        statements=1, unknown=1, left_out=reasons, amounts={"COP": Decimal(100)}
    )
    run = make()
    assert (run.statements, run.left_out) == (1, 3)
    assert statements.reasons(run) == reasons
    assert [each.party for each in made()] == [owes]


def test_two_currencies_in_one_pdf(company, make):
    party = make_party(company)
    owe(party, 100)
    owe(party, 30, currency="USD")
    owe(party, 500, 500, currency="EUR", kind="credit_note")
    run = make()
    (invoice,) = made()
    assert (invoice.currency, invoice.payable_amount) == ("COP", 100)
    for said in ("Cuenta en COP Saldo total $ 100,00", "Cuenta en USD Saldo total USD 30,00", "a su favor EUR 500,00"):
        assert said in words(invoice)
    assert statements.amounts(run) == {"COP": 100, "USD": 30, "EUR": -500}


def test_a_receipt_is_told_and_changes_nothing(company, make):
    party = make_party(company)
    owe(party, 100, 60)
    owe(party, 40, kind="receipt", number="RC7")
    make()
    (invoice,) = made()
    assert invoice.payable_amount == 60
    assert "Pagos recibidos" in words(invoice)
    assert "Recibo de caja RC7 $ 40,00" in words(invoice)


def test_only_a_group_or_those_that_were_chosen(company):
    inside, outside = make_party(company), make_party(company)
    owe(inside, 100)
    owe(outside, 200)
    group = make_group(company, inside)
    grouped = Wanted(until=UNTIL, since=UNTIL, group=group.pk)
    chosen = Wanted(until=UNTIL, since=UNTIL, parties=(outside.pk,))
    assert statements.count(company, grouped).amounts == {"COP": 100}
    assert statements.count(company, chosen).amounts == {"COP": 200}


def test_the_same_day_again_makes_only_what_has_changed(company, make):
    same, changed = make_party(company, search_key="a"), make_party(company, search_key="b")
    owe(same, 100)
    invoice = owe(changed, 100)
    make()
    with pytest.raises(NothingOwed):
        make()
    Invoice.objects.filter(pk=invoice.pk).update(balance=70)
    run = make()
    assert statements.reasons(run) == {"same": 1}
    assert [(each.number, each.payable_amount) for each in made()][2:] == [("EC-2026-07-3", 70)]
    assert StatementRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lease", [statements.LEASE, 0])  # even where it ran out while the other was at it
def test_two_workers_at_once_make_none_twice(lease, company, ana, at_once, monkeypatch):
    monkeypatch.setattr(statements, "LEASE", lease)
    for _ in range(6):
        owe(make_party(company), 100)
    run = statements.begin(company, JULY, by=ana, now=timezone.now())
    assert at_once(*[lambda: statements.make_some(run.pk)] * 2) == []
    assert len(made()) == 6
    assert InvoiceFile.objects.count() == 6
    assert statements.progress(run)["made"] == 6


def test_upkeep_goes_on_with_a_run_whose_worker_died(company, ana, jobs):
    owe(make_party(company), 100)
    statements.begin(company, JULY, by=ana, now=timezone.now())
    jobs_before = jobs("make_statements")
    upkeep.keep_going()
    assert jobs_before == jobs("make_statements") == 1  # one waits already


def test_what_a_dead_worker_held_is_made_by_another(company, ana):
    owe(make_party(company), 100)
    run = statements.begin(company, JULY, by=ana, now=timezone.now())
    run.rows.update(lease_until=timezone.now() + timedelta(seconds=50))
    assert not statements.make_some(run.pk)
    assert statements.progress(run)["due"] == 1
    assert StatementRun.objects.unfinished().exists()
    run.rows.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert statements.make_some(run.pk) is False
    assert statements.progress(run)["made"] == 1
    assert not StatementRun.objects.unfinished().exists()


def test_what_changes_while_it_is_made_counts(company, ana):
    party = make_party(company)
    invoice = owe(party, 100)
    run = statements.begin(company, JULY, by=ana, now=timezone.now())
    Invoice.objects.filter(pk=invoice.pk).update(balance=0)
    assert not statements.make_some(run.pk)
    assert made() == []
    assert statements.reasons(run) == {"nothing_owed": 1}
    assert statements.progress(run)["left_out"] == 1


def test_a_number_that_another_document_bears_is_left_alone(company, ana):
    party = make_party(company)
    owe(party, 100)
    owe(party, 0, kind="statement", number="EC-2026-07-41")  # came in as a PDF
    run = statements.begin(company, JULY, by=ana, now=timezone.now())
    assert run.first == 42
    owe(party, 0, kind="statement", number="EC-2026-07-42")
    assert not statements.make_some(run.pk)
    assert statements.reasons(run) == {"taken": 1}
    assert statements.progress(run)["failed"] == 1


def test_a_lost_logo_ends_the_run_with_its_reason(company, make):
    owe(make_party(company), 100)
    storing.keep(company.pk, b"another file, which is there")
    company.logo_sha256 = "0" * 64
    company.save()
    run = make()
    assert run.finished_at
    assert statements.reasons(run) == {"no_logo": 1}


def test_it_is_drawn_alike_again(company, make):
    owe(make_party(company), 100)
    make()
    (invoice,) = made()
    was = invoice.files.get().sha256
    invoice.files.all().delete()
    Statement.objects.update(state="due", invoice=None, lease_until=None)
    invoice.content.delete()
    invoice.delete()
    StatementRun.objects.update(finished_at=None)
    assert not statements.make_some(StatementRun.objects.get().pk)
    assert made()[0].files.get().sha256 == was


def test_movements_cannot_begin_after_the_cut_off(company, make):
    with pytest.raises(BackwardPeriod):
        make(Wanted(until=UNTIL, since=date(2026, 8, 1)))


@pytest.mark.django_db(transaction=True)
def test_a_copy_carries_them_one_a_tercero(company, make, register, ana, send_all, smtp_server):
    for name in ("uno", "dos"):
        owe(make_party(company, f"{name}@example.com"), 100)
    run = make()
    mailing = register(document_kind="statement", prefix=run.prefix, number_from=run.first, number_to=run.last)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert mailing.status == MailingStatus.FINISHED
    assert smtp_server.count_by_recipient() == {"uno@example.com": 1, "dos@example.com": 1}
    mails = [message_from_bytes(each, policy=policy.default) for each in smtp_server.messages]
    attached = [part.get_filename() for mail in mails for part in mail.iter_attachments()]
    assert sorted(attached) == ["EC-2026-07-1.pdf", "EC-2026-07-2.pdf"]
