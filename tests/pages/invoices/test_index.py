import base64
import json
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from python_calamine import CalamineWorkbook

from cartero.invoices.models import Invoice, PeriodTally
from cartero.invoices.states import InvoiceKind, MailStatus
from cartero.pages.invoices.forms import InvoicesFilter
from cartero.parties.models import AddressState
from tests.factories import make_address, make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)
HOSTILE = '<script>alert("x")</script>{{ 7|add:7 }}'
HTMX = {"HX-Request": "true", "HX-Target": "invoices", "HX-Current-URL": "http://testserver/facturas/"}


@pytest.fixture
def cerezos(company):
    return make_party(
        company, name="Los Cerezos S.A.S.", tax_id="901458237", check_digit="3", search_key="los cerezos s.a.s."
    )


def numbers(answer):
    return [row.invoice.number for row in answer.context["rows"]]


def test_the_newest_period_in_order(enter, ana, cerezos):
    make_invoice(cerezos, "FE9", period=date(2026, 6, 1))
    for number in ("FE10", "FE2", "FE1"):
        make_invoice(cerezos, number)
    answer = enter(ana).get("/facturas/")
    page = answer.content.decode()
    assert numbers(answer) == ["FE1", "FE2", "FE10"]
    assert "Julio de 2026 · 3 documentos por $\xa0357.000,00" in page
    assert '<option value="2026-07" selected>' in page
    assert 'aria-sort="ascending"' in page
    assert "901.458.237-3" in page


def test_currencies_are_not_added(enter, ana, cerezos):
    make_invoice(cerezos, payable_amount=Decimal("1.50"), currency="USD")
    make_invoice(cerezos)
    assert "2 documentos por $\xa0119.000,00, USD\xa01,50" in enter(ana).get("/facturas/").content.decode()


def test_before_anything_is_imported(enter, ana):
    page = enter(ana).get("/facturas/").content.decode()
    assert "Todavía no hay facturas" in page
    assert "Filtrar" not in page


FILTERS = [
    ("", ["FE1", "FE2", "NC3"]),
    ("?estado=bounced", ["FE2"]),
    ("?tipo=credit_note", ["NC3"]),
    ("?saldo=con", ["FE1", "NC3"]),
    ("?saldo=sin", ["FE2"]),
    ("?q=fe2", ["FE2"]),
    ("?q=CEREZOS", ["FE1", "FE2"]),
    ("?q=nada", []),
    ("?periodo=2026-06", ["FE0"]),
    ("?periodo=2026-06-01", ["FE0"]),  # as Inicio writes it
    ("?periodo=todos&orden=fecha", ["FE0", "FE1", "FE2", "NC3"]),
    ("?periodo=2031-01&tipo=nada&estado=nada&saldo=nada&orden=nada&desde=nada", ["FE1", "FE2", "NC3"]),
    ("?q=%00", ["FE1", "FE2", "NC3"]),
]


@pytest.mark.parametrize(("query", "shown"), FILTERS)
def test_filters(query, shown, enter, ana, company, cerezos):
    other = make_party(company, name="Otra", search_key="otra")
    make_invoice(cerezos, "FE0", period=date(2026, 6, 1), data={"issue_date": date(2026, 6, 1)})
    make_invoice(cerezos, "FE1")
    make_invoice(cerezos, "FE2", mail_status=MailStatus.BOUNCED, balance=Decimal(0))
    make_invoice(other, "NC3", data={"kind": InvoiceKind.CREDIT_NOTE.value})
    assert numbers(enter(ana).get(f"/facturas/{query}")) == shown


def test_segments_count_what_the_other_filters_leave(enter, ana, cerezos):
    for status in (MailStatus.UNSENT, MailStatus.UNSENT, MailStatus.FAILED):
        make_invoice(cerezos, mail_status=status)
    make_invoice(cerezos, mail_status=MailStatus.FAILED, balance=Decimal(0))
    answer = enter(ana).get("/facturas/?saldo=con&estado=failed")
    counts = {segment.value: segment.count for segment in answer.context["figures"].segments}
    assert (counts[""], counts["unsent"], counts["failed"], counts["bounced"]) == (3, 2, 1, 0)
    assert "?saldo=con&amp;estado=unsent" in answer.content.decode()


@pytest.mark.parametrize("name", ["numero", "tercero", "fecha", "vence", "total", "saldo"])
def test_orders_and_their_pages(name, enter, ana, company):
    """Each order pages through everything once, there and back, nulls too."""
    for n in range(60):
        party = make_party(company, email=None, name=f"T{n % 7}", search_key=f"t{n % 7}")
        day = date(2026, 7, 1 + n % 9)
        due = None if n % 3 else date(2026, 8, 1 + n % 5)
        number, amount = f"FE{n}", Decimal(1000 + n % 4)
        data = {"issue_date": day, "due_date": due, "total": amount}
        make_invoice(party, number, sequence=None if n % 5 else n, balance=None if n % 2 else amount, data=data)
    for sign in ("", "-"):
        first = enter(ana).get(f"/facturas/?orden={sign}{name}")
        second = enter(ana).get(f"/facturas/{first.context['slice'].next}")
        assert len(set(numbers(first)) | set(numbers(second))) == 60
        back = enter(ana).get(f"/facturas/{second.context['slice'].previous}")
        assert numbers(back) == numbers(first)


CURSORS = [
    [False, ["x", "y"]],
    [False, [1e999, 1]],
    [False, [10**30, 1]],
    [False, ["\x00", 1]],
    [False, ["\ud800", 1]],
    [False, ["NaN", 1]],
    [False, [[], {}]],
    [True, None],
    "[",
]


@pytest.mark.parametrize("order", ["numero", "tercero", "fecha", "vence", "total", "saldo"])
@pytest.mark.parametrize("cursor", CURSORS)
def test_a_hostile_cursor_begins_anew(cursor, order, enter, ana, cerezos):
    make_invoice(cerezos, "FE1")
    token = base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode().rstrip("=")
    assert enter(ana).get(f"/facturas/?orden={order}&desde={token}").status_code == 200


def test_why_a_mail_stands_as_it_does(enter, ana, company, cerezos):
    make_invoice(cerezos, mail_status=MailStatus.FAILED, mail_reason="no_mailbox")
    make_invoice(make_party(company, email=None))
    broken = make_party(company, email=None)
    make_address(broken, "x@example.com", state=AddressState.BOUNCED)
    make_invoice(broken)
    make_invoice(cerezos, mail_status=MailStatus.ACCEPTED, mail_reason="no_mailbox")
    page = enter(ana).get("/facturas/").content.decode()
    assert page.count("El buzón no existe.") == 1
    assert page.count("No tiene correo") == 1
    assert page.count("Su correo no se puede usar") == 1


def test_overdue_is_said_in_words(enter, ana, cerezos):
    make_invoice(cerezos, data={"due_date": date(2020, 1, 1)})
    make_invoice(cerezos, balance=Decimal(0), data={"due_date": date(2020, 1, 1)})
    assert enter(ana).get("/facturas/").content.decode().count("(vencida)") == 1


def test_who_prepares_may_tick_and_who_reads_may_not(enter, bruno, reader, cerezos):
    invoice = make_invoice(cerezos)
    page = enter(bruno).get("/facturas/").content.decode()
    assert f'name="factura" value="{invoice.pk}" data-amount="119000.00' in page
    assert 'action="/envios/registrar/" method="get"' in page
    assert 'name="factura"' not in enter(reader).get("/facturas/").content.decode()


def test_only_her_company(enter, carla, cerezos):
    make_invoice(cerezos, "FE1")
    answer = enter(carla).get("/facturas/")
    assert answer.status_code == 200
    assert "FE1" not in answer.content.decode()


def test_htmx_gets_the_list_alone_with_its_sentence(enter, ana, cerezos):
    make_invoice(cerezos, "FE1")
    answer = enter(ana).get("/facturas/?q=fe1", headers=HTMX)
    page = answer.content.decode()
    assert "<html" not in page
    assert page.count('id="invoices"') == 1
    assert 'id="note" hx-swap-oob="true"' in page
    assert "HX-Target" in answer["Vary"]


def test_hostile_names_are_text(enter, ana, company):
    make_invoice(make_party(company, name=HOSTILE), "FE<b>1", search_key="fe")
    page = enter(ana).get("/facturas/?q=<script>").content.decode()
    assert "<script>alert" not in page
    assert "No hay facturas de «&lt;script&gt;»" in page
    page = enter(ana).get("/facturas/").content.decode()
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page
    assert "FE<b>" not in page


@pytest.mark.parametrize("order", ["numero", "-numero"])
def test_its_order_is_that_of_an_index(order, company, cerezos):
    make_invoice(cerezos)
    filters = InvoicesFilter({"orden": order}, company=company)
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):  # dearer for one row, not for a million
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = filters.listed().order_by(*filters.order)[:51].explain()
    assert "invoice_in_order" in plan
    assert "Sort" not in plan


def tallied(company, documents):
    """As if it had so many documents more in July."""
    facts = {"kind": InvoiceKind.INVOICE, "currency": "COP", "mail_status": MailStatus.UNSENT, "amount": 0}
    PeriodTally.objects.create(company=company, period=JULY, documents=documents, is_merged=True, **facts)


def test_very_many_are_sorted_by_what_an_index_serves(enter, ana, company, cerezos):
    for number, amount in (("FE1", 10), ("FE2", 30), ("FE3", 20)):
        make_invoice(cerezos, number, payable_amount=Decimal(amount), mail_status=MailStatus.BOUNCED)
    tallied(company, 20_001)
    client = enter(ana)
    answer = client.get("/facturas/?orden=-total")
    assert numbers(answer) == ["FE1", "FE2", "FE3"]
    assert "filtre hasta que queden 20.000 o menos" in answer.text
    assert "orden=total" not in answer.text
    assert numbers(client.get("/facturas/?orden=-numero")) == ["FE3", "FE2", "FE1"]
    narrowed = client.get("/facturas/?orden=-total&estado=bounced")
    assert numbers(narrowed) == ["FE2", "FE3", "FE1"]
    assert "filtre hasta" not in narrowed.text


def test_very_many_that_nobody_has_counted_are_not_counted(enter, ana, company, cerezos):
    make_invoice(cerezos, "FE1")
    tallied(company, 20_000)
    client = enter(ana)
    found = client.get("/facturas/?q=cerezos")
    assert "1 documento por" in found.text
    assert numbers(found) == ["FE1"]
    assert numbers(client.get("/facturas/?q=cerezos&estado=failed")) == []
    more(cerezos, 2_000)
    page = client.get("/facturas/?q=cerezos").text
    assert "Julio de 2026 · más de 2.000 documentos" in page
    assert "Más de 2.000 facturas" in page
    assert "Sin enviar</a>" in page


def more(party, count):
    """So many copies of its document."""
    one = Invoice.objects.get(party=party)
    copies = (
        Invoice(**(model_to_dict(one, exclude=["id"]) | {"company": one.company, "party": party, "number": f"Z{n}"}))
        for n in range(count)
    )
    Invoice.objects.bulk_create(copies, batch_size=2_000)


@pytest.mark.parametrize("rows", [1, 40])
def test_queries_do_not_grow(rows, enter, ana, company, django_assert_max_num_queries):
    for n in range(rows):
        make_invoice(make_party(company, email=None if n % 2 else ""))
    client = enter(ana)
    client.get("/facturas/")
    with django_assert_max_num_queries(12):
        client.get("/facturas/")


def test_as_a_spreadsheet(enter, ana, company, cerezos):
    make_invoice(cerezos, "FE1", mail_status=MailStatus.FAILED, mail_reason="no_mailbox")
    make_invoice(make_party(company, name="=1+1"), "FE2")
    answer = enter(ana).get("/facturas/xlsx/?estado=failed")
    assert 'filename="facturas-2026-07.xlsx"' in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    lines = book.get_sheet_by_index(0).to_python()
    assert lines[0][1] == "Número"
    assert [line[1] for line in lines[1:]] == ["FE1"]
    assert lines[1][2] == "901.458.237-3"
    assert lines[1][10] == "El buzón no existe."


def test_a_stranger_gets_a_login(client):
    make_company()
    assert client.get("/facturas/").status_code == 302


RANGES = [
    ("", "?periodo=2026-07&amp;tipo=&amp;saldo=&amp;estado="),
    ("?periodo=todos&estado=unsent", "?periodo=&amp;tipo=&amp;saldo=&amp;estado=unsent"),
    ("?q=fe1", ""),  # a selection knows no text
    ("?saldo=sin", ""),
]


@pytest.mark.parametrize(("query", "said"), RANGES)
def test_a_sending_of_what_she_filtered(query, said, enter, ana, cerezos):
    make_invoice(cerezos, "FE1", balance=Decimal(0))
    page = enter(ana).get(f"/facturas/{query}").content.decode()
    assert ("Registrar un envío con estos filtros" in page) is bool(said)
    assert said in page
