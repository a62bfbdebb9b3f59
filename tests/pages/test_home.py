from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from cartero.companies.roles import Role
from cartero.invoices.states import InvoiceKind, MailStatus
from cartero.mailings import batches
from cartero.mailings.models import Batches, Mailing
from cartero.mailings.states import BatchThen, MailingKind, MailingStatus
from cartero.pages import matters, overview
from cartero.parties.models import AddressState
from tests.factories import make_account, make_company, make_invoice, make_party, make_user

pytestmark = pytest.mark.django_db

JULY, JUNE = date(2026, 7, 1), date(2026, 6, 1)


@pytest.fixture
def company():
    return make_company(name="Valle Verde S.A.S.")


@pytest.fixture
def filled(company):
    party = make_party(company)
    for status in (MailStatus.UNSENT, MailStatus.QUEUED, MailStatus.ACCEPTED, MailStatus.DELIVERED, MailStatus.BOUNCED):
        make_invoice(party, period=JULY, mail_status=status)
    make_invoice(make_party(company, email=None), period=JULY)
    make_invoice(party, period=JUNE, mail_status=MailStatus.FAILED)
    make_invoice(make_party(make_company()), period=JULY)
    return company


def test_the_newest_period_is_shown(client, filled):
    client.force_login(make_user(filled, Role.READER))
    page = client.get("/").content.decode()
    assert "<h1>Julio de 2026</h1>" in page
    assert "6 documentos por $\xa0714.000,00" in page


def test_another_period_can_be_chosen(client, filled):
    client.force_login(make_user(filled, Role.READER))
    assert "<h1>Junio de 2026</h1>" in client.get("/?periodo=2026-06-01").content.decode()
    for nonsense in ("2026-13-45", "ayer", "1999-01-01"):
        assert "<h1>Julio de 2026</h1>" in client.get("/", {"periodo": nonsense}).content.decode()


def test_the_figures_are_those_of_the_rows(filled):
    figures = overview.figures(filled, JULY)
    assert (figures.unsent, figures.queued, figures.sent, figures.delivered, figures.undelivered) == (2, 1, 2, 1, 1)
    assert figures.documents == 6
    assert figures.without_address == 1
    assert str(figures.undelivered_share) == "33.3"


def found(company):
    counted = overview.figures(company, JULY)
    return matters.of(company, JULY, counted.by_status, counted.without_address)


def test_what_asks_for_attention_comes_with_its_way_out(filled):
    account = make_account(filled, stopped_reason="login_refused", stopped_reply="535 5.7.8 Bad credentials")
    party = make_party(filled, "vieja@example.com")
    party.addresses.update(state=AddressState.BOUNCED)
    make_invoice(party, period=JULY, mail_status=MailStatus.BOUNCED, mail_reason="no_mailbox")
    make_invoice(party, period=JULY, mail_status=MailStatus.FAILED, mail_reason="mailbox_full")
    make_invoice(party, period=JULY, mail_status=MailStatus.FAILED, mail_reason="too_large")
    make_invoice(party, period=JUNE, mail_status=MailStatus.FAILED, mail_reason="too_large")
    told = [(each.title, each.action, each.place, each.pk) for each in found(filled)]
    assert told == [
        ("La cuenta facturacion@valle.example.co no deja enviar", "Revisar la cuenta", "mail_account", account.pk),
        ("2 facturas rebotaron", "Corregir correos", "addresses_to_mend", None),
        ("1 factura falló por su correo", "Corregir correos", "addresses_to_mend", None),
        ("1 factura falló", "Ver motivos", "invoices", None),
        ("1 correo de terceros por corregir", "Corregir correos", "addresses_to_mend", None),
        ("1 factura sin correo utilizable", "Completar", "parties", None),
    ]
    by_title = {each.title: each for each in found(filled)}
    assert by_title["2 facturas rebotaron"].text == "El buzón no existe: 1"
    assert by_title["1 correo de terceros por corregir"].text == "1 rebotado"
    assert by_title["1 factura falló"].query == "?periodo=2026-07&estado=failed"


def test_a_part_that_asks_comes_with_what_came_back_of_it(filled):
    account = make_account(filled)
    asks = {"company": filled, "account": account, "status": MailingStatus.STOPPED, "kind": MailingKind.COPY}
    calm = Mailing.objects.create(**asks, number=1, status_reason=batches.ASKS, deliveries_count=4)
    worse = Mailing.objects.create(**asks, number=2, status_reason=batches.BOUNCED, deliveries_count=4)
    other = Mailing.objects.create(**asks, number=3, name="Junio")
    for mailing in (calm, worse):
        Batches.objects.create(mailing=mailing, size=2, wait_minutes=5, then=BatchThen.ASK, number=1, mails=2)
    told = [(each.title, each.tone, each.place, each.pk) for each in found(filled) if each.place == "mailing"]
    assert told == [
        ("La tanda 1 de 1 del envío 2 espera su visto bueno", "negative", "mailing", worse.pk),
        ("La tanda 1 de 1 del envío 1 espera su visto bueno", "warning", "mailing", calm.pk),
        ("El envío 3 está detenido", "warning", "mailing", other.pk),
    ]
    assert found(filled)[0].text == "Correos de la tanda: 2. Volvieron o fallaron: 0."


def test_once_the_addresses_are_right_what_bounced_is_sent_again(filled):
    (bounced,) = [each for each in found(filled) if each.icon == "bounce"]
    told = (bounced.action, bounced.place, bounced.query)
    assert told == ("Enviar de nuevo", "invoices", "?periodo=2026-07&estado=bounced")


def test_the_six_months_up_to_the_period(filled):
    months = overview.months(filled, JULY)
    assert [month.label for month in months] == ["feb", "mar", "abr", "may", "jun", "jul"]
    assert (months[-1].sent, months[-1].undelivered, months[-1].unsent) == (2, 1, 3)
    assert (months[-2].sent, months[-2].undelivered, months[-2].unsent) == (0, 1, 0)


def test_the_states_of_a_bar_are_told_apart_without_their_colours(client, filled):
    """One is full, one is striped as in the reports, one is hollow; the legend says which."""
    client.force_login(make_user(filled))
    page = client.get("/?periodo=2026-07-01").content.decode()
    assert 'id="rayas"' in page
    for part, name in (
        ('class="bar--delivered"', 'legend__delivered">Enviadas'),
        ('fill="url(#rayas)"', 'legend__striped">Rebotadas o fallidas'),
        ('class="bar--hollow"', 'legend__hollow">Por enviar'),
    ):
        assert f"<rect {part} x=" in page
        assert name in page


def test_a_company_without_documents_is_told_where_to_begin(client, company):
    client.force_login(make_user(company, name="Ana Arango"))
    assert "1 de 4 listo" in client.get("/").content.decode()
    account = make_account(company)
    assert "1 de 4 listo" in client.get("/").content.decode(), "it has not been tried"
    account.tested_at = timezone.now()
    account.save(update_fields=["tested_at"])
    page = client.get("/").content.decode()
    assert "Hola, Ana Arango" in page
    assert "2 de 4 listo" in page


def test_the_queries_of_inicio_do_not_grow_with_the_rows(client, filled, django_assert_max_num_queries):
    client.force_login(make_user(filled))
    client.get("/")
    with django_assert_max_num_queries(23):
        client.get("/")


def test_currencies_are_not_added_to_each_other(db):
    company = make_company()
    party = make_party(company)
    make_invoice(party, data={"total": Decimal("1000.00")})
    make_invoice(party, data={"total": Decimal("20.00")}, currency="USD")
    assert overview.figures(company, date(2026, 7, 1)).amounts == ["$ 1.000,00", "USD 20,00"]


def test_notes_lower_what_is_billed_and_receipts_add_nothing(company):
    party = make_party(company)
    for kind in (InvoiceKind.INVOICE, InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE, InvoiceKind.RECEIPT):
        make_invoice(party, kind=kind, data={"total": Decimal("1000.00")})
    figures = overview.figures(company, date(2026, 7, 1))
    assert (figures.documents, figures.amounts) == (4, ["$ 1.000,00"])
