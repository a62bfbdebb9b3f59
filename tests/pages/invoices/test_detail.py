from datetime import date, timedelta
from html import escape

import pytest
from django.urls import reverse
from django.utils import timezone

from cartero.importing.models import Conflict, Import
from cartero.invoices import storing
from cartero.invoices.models import InvoiceEvent, InvoiceFile
from cartero.invoices.states import FileRole, MailStatus
from cartero.mailings import registering
from cartero.mailings.models import Delivery, DeliveryInvoice, Event, EventKind, Mailing
from cartero.mailings.states import DeliveryStatus, MailingKind
from cartero.pages import moments
from cartero.pages.invoices import panes
from tests.factories import make_account, make_invoice, make_party

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def party(company):
    return make_party(company, "cartera@loscerezos.example.co", name="Los Cerezos S.A.S.")


@pytest.fixture
def invoice(party):
    return make_invoice(party, "FE18342")


@pytest.fixture
def mailing(company, ana):
    return Mailing.objects.create(
        company=company,
        number=47,
        name="Administración de julio",
        kind=MailingKind.COPY,
        account=make_account(company),
        created_by=ana,
        started_by=ana,
        started_at=timezone.now(),
    )


def deliver(mailing, invoice, status, **fields):
    defaults = {"to": ["cartera@loscerezos.example.co"]}
    delivery = Delivery.objects.create(
        company=mailing.company, mailing=mailing, party=invoice.party, status=status, **(defaults | fields)
    )
    DeliveryInvoice.objects.create(company=mailing.company, delivery=delivery, invoice=invoice)
    return delivery


def tell(delivery, kind, **fields):
    at = {"at": timezone.now()}
    Event.objects.create(
        company=delivery.company, delivery=delivery, mailing_id=delivery.mailing_id, kind=kind, **(at | fields)
    )


def keep(company, invoice, role, name, content):
    sha256 = storing.keep(company.pk, content)
    fields = {"role": role, "name": name, "media_type": "text/xml", "sha256": sha256, "size": len(content)}
    return InvoiceFile.objects.create(company=company, invoice=invoice, **fields)


def open_page(client, invoice):
    return client.get(f"/facturas/{invoice.pk}/").content.decode()


def test_its_facts_and_its_pdf(enter, ana, invoice):
    page = open_page(enter(ana), invoice)
    assert "<h1>FE18342</h1>" in page
    assert "$ 119.000,00" in page
    assert f'src="/facturas/{invoice.pk}/pdf/#' in page
    assert "cartera@<wbr>loscerezos.example.co" in page
    assert "No ha ido en ningún envío." in page
    assert f"/envios/registrar/?factura={invoice.pk}" in page


def test_of_another_company_it_is_not_there(enter, carla, invoice):
    for path in ("", "pdf/", "zip/", "archivos/1/"):
        assert enter(carla).get(f"/facturas/{invoice.pk}/{path}").status_code == 404


def test_a_reader_cannot_send_it(enter, reader, invoice):
    assert "/envios/registrar/" not in open_page(enter(reader), invoice)


def test_the_story_of_a_mail(enter, ana, invoice, mailing):
    delivery = deliver(mailing, invoice, DeliveryStatus.ACCEPTED)
    later = timezone.now() + timedelta(minutes=5)
    tell(delivery, EventKind.RETRY, reason="greylisted", reply="451 4.7.1 Greylisted", until=later)
    tell(delivery, EventKind.ACCEPTED, reply="250 2.0.0 OK 1783085832 queued")
    page = open_page(enter(ana), invoice)
    assert "250 2.0.0 OK 1783085832 queued" in page
    assert f"El servidor del tercero pide esperar la primera vez. Sale otra vez {moments.within(later)}" in page
    assert "Envío iniciado" in page
    assert "Administración de julio · Ana Pérez" in page
    assert page.index("Aceptado por el servidor") < page.index("Se reintenta") < page.index("Registrado en el envío 47")


TROUBLE = [
    (EventKind.FAILED, "no_mailbox", "El buzón no existe. Corrija la dirección en Terceros y reintente."),
    (EventKind.IN_DOUBT, "worker_died", "Cartero se apagó mientras el correo salía"),
    (EventKind.FAILED, "not_drawn", "No se pudo dibujar el PDF."),
]


@pytest.mark.parametrize(("kind", "reason", "words"), TROUBLE)
def test_what_went_wrong_in_words(kind, reason, words, enter, ana, invoice, mailing):
    status = DeliveryStatus.FAILED if kind == EventKind.FAILED else DeliveryStatus.IN_DOUBT
    detail = "No se pudo dibujar el PDF." if reason == "not_drawn" else ""
    delivery = deliver(mailing, invoice, status, reason=reason, reason_detail=detail)
    tell(delivery, kind, reason=reason, reply="550 5.1.1 <x>: user unknown")
    page = open_page(enter(ana), invoice)
    assert words in page
    assert "550 5.1.1 &lt;x&gt;: user unknown" in page


def test_left_out_says_why(enter, ana, invoice, mailing):
    deliver(mailing, invoice, DeliveryStatus.SKIPPED, reason="no_address", to=[])
    page = open_page(enter(ana), invoice)
    assert "Quedó por fuera" in page
    assert "Sin correo utilizable" in page
    assert "Envío iniciado" not in page


def test_before_and_after_as_she_left_the_list(enter, ana, party):
    first, second, third = (make_invoice(party, f"FE{n}", mail_status=MailStatus.BOUNCED) for n in (1, 3, 5))
    make_invoice(party, "FE4")
    client = enter(ana)
    client.get("/facturas/?estado=bounced&orden=-numero")
    page = open_page(client, second)
    assert f'href="/facturas/{third.pk}/" rel="prev"' in page
    assert f'href="/facturas/{first.pk}/" rel="next"' in page
    assert 'href="/facturas/?estado=bounced&amp;orden=-numero"' in page  # the back arrow


def test_what_the_buyer_answered_and_what_waits_for_a_decision(enter, ana, company, invoice):
    InvoiceEvent.objects.create(
        company=company,
        invoice=invoice,
        code="031",
        number="E1",
        reference="FE18342",
        description=f"Reclamo {HOSTILE}",
        sha256="a" * 64,
        issue_date=date(2026, 7, 3),
    )
    source = Import.objects.create(company=company)
    Conflict.objects.create(
        company=company, source=source, invoice=invoice, kind=invoice.kind, number=invoice.number, data={}
    )
    page = open_page(enter(ana), invoice)
    assert "Reclamo &lt;script&gt;" in page
    assert HOSTILE not in page
    assert "Llegó otro documento con este número" in page


def test_queries_do_not_grow_with_its_mails(enter, ana, invoice, mailing, django_assert_max_num_queries):
    for _n in range(8):
        tell(deliver(mailing, invoice, DeliveryStatus.ACCEPTED), EventKind.ACCEPTED)
    client = enter(ana)
    open_page(client, invoice)
    with django_assert_max_num_queries(26):
        open_page(client, invoice)


def test_the_mail_that_it_goes_with(enter, ana, invoice, mailing):
    look = registering.look_of(mailing.company)
    Mailing.objects.update(subject="Va {{ factura.numero }}", message_html="<p>Buenos días</p>", look=look)
    deliver(mailing, invoice, DeliveryStatus.SKIPPED, reason="no_address", to=[])
    going = deliver(mailing, invoice, DeliveryStatus.PENDING, message_id="<uno@example.com>")
    page = enter(ana).get(f"/facturas/{invoice.pk}/?ver=correo").content.decode()
    assert f'sandbox="" src="{reverse("mailing_mail", args=[mailing.pk, going.pk])}"' in page
    assert "Va FE18342" in page
    assert "&lt;uno@example.com&gt;" in page
    assert "FE18342.pdf" in page
    assert '?ver=correo" aria-current="true"' in page


def test_a_document_in_no_sending_has_no_mail_yet(enter, ana, reader, invoice, mailing):
    deliver(mailing, invoice, DeliveryStatus.SKIPPED, reason="no_address", to=[])
    page = enter(ana).get(f"/facturas/{invoice.pk}/?ver=correo").content.decode()
    assert "Todavía no hay correo" in page
    assert page.count(f'href="/envios/registrar/?factura={invoice.pk}"') == 2, "at the title and under the words"
    assert "/envios/registrar/" not in enter(reader).get(f"/facturas/{invoice.pk}/?ver=correo").content.decode()


def test_the_xml_as_it_came_and_readable(enter, ana, company, invoice):
    inside = f"<Invoice><ID>FE18342</ID><Note>{escape(HOSTILE)}</Note></Invoice>".encode()
    received = keep(company, invoice, FileRole.XML, "fe18342.xml", inside)
    keep(company, invoice, FileRole.VALIDATION, "respuesta.xml", b"no xml at all & more")
    client = enter(ana)
    page = client.get(f"/facturas/{invoice.pk}/?ver=xml").content.decode()
    assert "&lt;Invoice&gt;\n  &lt;ID&gt;FE18342&lt;/ID&gt;\n" in page
    assert HOSTILE not in page
    assert f'href="/facturas/{invoice.pk}/archivos/{received.pk}/" download' in page
    other = invoice.files.get(role=FileRole.VALIDATION)
    page = client.get(f"/facturas/{invoice.pk}/?ver=xml&archivo={other.pk}").content.decode()
    assert "no xml at all &amp; more" in page


def test_the_file_of_another_document_is_not_shown(enter, ana, company, party, invoice):
    keep(company, invoice, FileRole.XML, "a.xml", b"<Mine/>")
    other = keep(company, make_invoice(party, "FE2"), FileRole.XML, "b.xml", b"<Other/>")
    page = enter(ana).get(f"/facturas/{invoice.pk}/?ver=xml&archivo={other.pk}").content.decode()
    assert "&lt;Mine/&gt;" in page


def test_a_very_long_xml_is_cut_and_says_so(company, invoice):
    keep(company, invoice, FileRole.XML, "a.xml", b"<a>" + b"x" * panes.LONGEST + b"</a>")
    shown = panes.xml(invoice, "")
    assert (len(shown.text), shown.is_cut) == (panes.LONGEST, True)


def test_without_an_xml_it_says_so(enter, ana, invoice):
    assert "No llegó ningún XML" in enter(ana).get(f"/facturas/{invoice.pk}/?ver=xml").content.decode()
