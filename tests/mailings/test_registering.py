from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cartero.companies.models import AuditEntry
from cartero.mailings import registering
from cartero.mailings.errors import InThePast, LegalGrouped, NothingSelected, NothingToSend, UnknownField
from cartero.mailings.models import Mailing
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import DeliveryStatus, MailingKind, MailingStatus
from tests.factories import make_address, make_invoice, make_party
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db
COPY = Selection(kind=MailingKind.COPY)


@pytest.fixture
def draft(account):
    return Draft(name="Julio", account=account, message_html="<p>Hola</p>")


def test_every_document_ends_in_a_delivery_or_a_left_out_line(company, register):
    make_invoice(make_party(company, "ana@example.com"), "FE1")
    make_invoice(make_party(company, None), "FE2")
    mailing = register()
    rows = {d.invoices.get().number: (d.status, d.reason, d.to) for d in mailing.deliveries.all()}
    assert rows == {
        "FE1": (DeliveryStatus.PENDING, "", ["ana@example.com"]),
        "FE2": (DeliveryStatus.SKIPPED, "no_address", []),
    }
    assert (mailing.documents, mailing.deliveries_count, mailing.parties) == (2, 1, 1)
    assert AuditEntry.objects.of(company).filter(verb="register", noun_id=mailing.pk).count() == 1


def test_what_it_holds_is_fixed(company, register):
    party = make_party(company, "ana@example.com")
    make_invoice(party, "FE1")
    mailing = register()
    make_invoice(party, "FE2")
    party.addresses.update(email="otra@example.com")
    delivery = mailing.deliveries.get()
    assert (delivery.to, delivery.document_count) == (["ana@example.com"], 1)


def test_a_tercero_gets_one_mail_in_the_order_of_the_numbers(company, register):
    party = make_party(company)
    for number in ("FE10", "FE9", "FE11"):
        make_invoice(party, number)
    delivery = register(is_grouped=True).deliveries.get()
    numbers = delivery.delivery_invoices.order_by("position").values_list("invoice__number", flat=True)
    assert list(numbers) == ["FE9", "FE10", "FE11"]


def test_what_is_too_large_for_one_mail_is_parted(company, account, register):
    party = make_party(company)
    for number in ("FE1", "FE2", "FE3"):
        invoice = make_invoice(party, number)
        invoice.files.create(
            company=company, role="pdf", name="x.pdf", media_type="application/pdf", sha256="0" * 64, size=10_000_000
        )
    assert [d.document_count for d in register(is_grouped=True).deliveries.order_by("part")] == [1, 1, 1]


def test_numbers_count_up_in_a_company(company, register):
    make_invoice(make_party(company))
    assert [register().number, register().number] == [1, 2]


def test_a_schedule_is_kept(company, draft, ana):
    make_invoice(make_party(company))
    now = timezone.now()
    at = now + timedelta(hours=1)
    later = Draft(name="Julio", account=draft.account, scheduled_for=at)
    mailing = registering.register(company, COPY, later, by=ana, now=now)
    mailing.refresh_from_db()
    assert (mailing.status, mailing.scheduled_for) == (MailingStatus.SCHEDULED, at)


REFUSED = [
    (Selection(kind=MailingKind.COPY, period=date(2020, 1, 1)), {}, NothingSelected),
    (Selection(kind=MailingKind.DELIVERY), {}, NothingToSend),  # no electronic file among them
    (Selection(kind=MailingKind.DELIVERY, is_grouped=True), {}, LegalGrouped),
    (COPY, {"message_html": "<p>{{ settings.SECRET_KEY }}</p>"}, UnknownField),
    (COPY, {"subject": "{{ tercero.clave }}"}, UnknownField),
    (COPY, {"scheduled_for": timezone.now() - timedelta(days=1)}, InThePast),
]


@pytest.mark.parametrize(("chosen", "fields", "error"), REFUSED)
def test_refused_whole(company, draft, ana, chosen, fields, error):
    make_invoice(make_party(company))
    wrong = Draft(**({"name": "Julio", "account": draft.account, "message_html": "<p>Hola</p>"} | fields))
    with pytest.raises(error):
        registering.register(company, chosen, wrong, by=ana, now=timezone.now())
    assert not Mailing.objects.of(company).exists()


def test_copies_go_where_receivables_are_asked_for(company, register):
    party = make_party(company, "facturas@example.com")
    make_address(party, "cartera@example.com", roles=["cartera"])
    make_invoice(party)
    assert register().deliveries.get().to == ["cartera@example.com"]


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_under_way_holds_nobody_up(company, register):
    """Rows that were written for the company in a transaction that goes on, as those of an import."""
    make_invoice(make_party(company, "ana@example.com"), "FE1")
    beside = connection.copy()
    try:
        with beside.cursor() as writer, connection.cursor() as cursor:
            writer.execute("BEGIN")
            writer.execute("SELECT FROM companies_company WHERE id = %s FOR KEY SHARE", [company.pk])
            cursor.execute("SET lock_timeout = '5s'")
            assert register().deliveries_count == 1
    finally:
        beside.close()
        connection.close()


def test_who_is_about_to_be_written_to_is_not_deleted(company, register, transactional_db):
    party = make_party(company, "ana@example.com")
    make_invoice(party, "FE1")
    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            register()
            deleted = elsewhere.submit(delete, party)
            wait_until(waits, seconds=10)
        with pytest.raises(IntegrityError, match="mailings_delivery still names"):
            deleted.result()


def delete(party):
    try:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM parties_party WHERE id = %s", [party.pk])
    finally:
        connection.close()


def waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted AND relation = 'mailings_delivery'::regclass")
        return cursor.rowcount == 1
