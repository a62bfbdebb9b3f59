from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

from pypdf import PdfReader

from cartero.documents import owing
from cartero.documents.owing import Entry
from cartero.documents.statement import Statement, render
from tests.documents.samples import CUSTOMER, LOOK

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)


def entry(number, issued, owed, **fields):
    defaults = {"kind": "invoice", "due_date": None, "currency": "COP", "total": abs(Decimal(owed))}
    return Entry(number=number, issue_date=issued, owed=Decimal(owed), **(defaults | fields))


OLD = entry("FE7", date(2026, 8, 1), "300000", due_date=date(2026, 8, 15), total=Decimal(500000))
HALF = entry("FE9", date(2026, 11, 3), "100000", due_date=date(2026, 11, 18), total=Decimal(250000))
NEW = entry("FE12", date(2026, 11, 20), "80000", due_date=date(2026, 12, 20))
NOTE = entry("NC3", date(2026, 11, 22), "-30000", kind="credit_note")
PAID = entry("RC1", date(2026, 11, 15), "0", kind="receipt", total=Decimal(200000))
ENTRIES = (OLD, HALF, NEW, NOTE, PAID)


def statement(*entries, **fields):
    defaults = {
        "number": "EC-2026-11-4",
        "party": CUSTOMER,
        "since": SINCE,
        "until": UNTIL,
        "accounts": owing.accounts(entries or ENTRIES, SINCE, UNTIL),
        "pay_to": "Cuenta de ahorros 123-456789-01 del Banco de Prueba\nReferencia: su NIT",
        "made_at": datetime(2026, 11, 30, 20, 0, tzinfo=UTC),
        "balances_of": UNTIL,
        "look": LOOK,
    }
    return Statement(**(defaults | fields))


def words(pdf):
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_it_says_who_owes_what_how_old_it_is_and_what_moved():
    (page,) = words(render(statement()))
    for said in (
        "Estado de cuenta EC-2026-11-4",
        "Administraciones Valle Verde S.A.S. NIT 900.377.216-7",
        "Inmobiliaria Los Cerezos S.A.S. 901.458.237-3",
        "Fecha de corte 30 de noviembre de 2026",
        "Saldo total $ 450.000,00",
        "Vencido: $ 400.000,00",
        "Por vencer 1 a 30 días 31 a 60 días 61 a 90 días Más de 90 días Saldos a favor",
        "$ 80.000,00 $ 100.000,00 $ 0,00 $ 0,00 $ 300.000,00 -$ 30.000,00",
        "Factura FE7 1 ago 2026 15 ago 2026 107 $ 500.000,00 -$ 200.000,00 $ 300.000,00",
        "Nota crédito NC3 22 nov 2026 — — -$ 30.000,00 -$ 30.000,00",
        "Movimientos del 1 nov 2026 al 30 nov 2026",
        "Saldo anterior $ 300.000,00",
        "3 nov 2026 Factura FE9 $ 250.000,00 $ 550.000,00",
        "22 nov 2026 Nota crédito NC3 $ 30.000,00 $ 600.000,00",
        "30 nov 2026 Pagos y cruces aplicados a estos documentos $ 150.000,00 $ 450.000,00",
        "15 nov 2026 Recibo de caja RC1 $ 200.000,00",
        "Cómo pagar Cuenta de ahorros 123-456789-01 del Banco de Prueba Referencia: su NIT",
        "Página 1 de 1",
    ):
        assert said in page, said


def test_currencies_stand_apart_pesos_first():
    dollars = entry("FE20", date(2026, 11, 4), "75.5", currency="USD", due_date=date(2026, 11, 10))
    (first, *_rest) = words(render(statement(dollars, NEW)))
    assert first.index("Cuenta en COP Saldo total $ 80.000,00") < first.index("Cuenta en USD Saldo total USD 75,50")
    assert "Vencido: USD 75,50" in first


def test_a_long_one_goes_on_with_what_was_carried_over():
    many = [entry(f"FE{n}", date(2026, 11, 2), "1000", due_date=UNTIL) for n in range(1, 101)]
    pages = words(render(statement(*many)))
    assert len(pages) == 5
    for number, page in enumerate(pages[:2], 1):
        left, came = page.split(f"Pasa a la página {number + 1}: ")[1], pages[number].split(f"página {number}: ")[1]
        assert left.split(",")[0] == came.split(",")[0]
    assert "Viene de la página" not in pages[0]
    assert "Pasa a la página" not in pages[-1]


def test_the_same_again_is_the_same_file_and_claims_pdf_a():
    pdf = render(statement())
    assert pdf == render(statement())
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"/MarkInfo" in pdf


def test_no_name_or_text_stops_it():
    odd = replace(CUSTOMER, name="Ñandú 漢字 \u202e S.A.S. " + "x" * 300)
    (page,) = words(render(statement(NEW, party=odd, pay_to="Llave 💸 " + "9" * 200)))
    assert "Ñandú" in page
