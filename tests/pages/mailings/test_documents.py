import pytest
from django.urls import reverse

from cartero.mailings import sent_mails
from cartero.mailings.states import DeliveryStatus, LeftOut
from tests.factories import make_invoice, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(invoices, mailing):
    return invoices[0]


def test_each_document_and_its_mail_can_be_opened(enter, ana, mailing, invoice):
    page = enter(ana).get(reverse("mailing_documents", args=[mailing.pk]))
    address = reverse("mailing_document", args=[mailing.pk, invoice.pk])
    assert f'href="{address}"' in page.text
    assert f'href="{address}?ver=correo"' in page.text


def test_a_document_that_stays_behind_says_why(enter, ana, mailing):
    mailing.deliveries.update(status=DeliveryStatus.SKIPPED, reason=LeftOut.NOT_VALIDATED)
    assert "Sin validar por la DIAN" in enter(ana).get(reverse("mailing_documents", args=[mailing.pk])).text


def test_a_document_is_shown_beside_its_mail(enter, ana, mailing, invoice):
    page = enter(ana).get(reverse("mailing_document", args=[mailing.pk, invoice.pk]))
    assert reverse("mailing_pdf", args=[mailing.pk, invoice.pk]) in page.text
    for words in ("luz@example.com", "Va FE101", "FE101.pdf"):
        assert words in page.text


def test_the_mail_comes_in_a_frame_that_runs_nothing(enter, ana, mailing, invoice):
    client = enter(ana)
    page = client.get(reverse("mailing_document", args=[mailing.pk, invoice.pk]), {"ver": "correo"})
    assert '<iframe class="mail-frame" sandbox=""' in page.text
    mail = client.get(reverse("mailing_mail", args=[mailing.pk, invoice.deliveries.get().pk]))
    assert "Buenos días, Luz Marina Peña" in mail.text
    policy = mail.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "frame-ancestors 'self'" in policy


def test_the_plain_text_says_the_same(enter, ana, mailing, invoice):
    page = enter(ana).get(reverse("mailing_document", args=[mailing.pk, invoice.pk]), {"ver": "texto"})
    assert "Buenos días, Luz Marina Peña: va FE101." in page.text


def test_the_pdf_is_shown_in_the_page(enter, ana, mailing, invoice):
    pdf = enter(ana).get(reverse("mailing_pdf", args=[mailing.pk, invoice.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in pdf.headers["Content-Security-Policy"]


def test_a_document_of_no_mailing_is_not_in_it(enter, ana, company, mailing):
    other = make_invoice(make_party(company), "FE999")
    assert enter(ana).get(reverse("mailing_document", args=[mailing.pk, other.pk])).status_code == 404


@pytest.mark.parametrize("name", ["mailing_document", "mailing_pdf", "mailing_mail"])
def test_a_stranger_gets_a_404(enter, carla, mailing, invoice, name):
    pk = invoice.deliveries.get().pk if name == "mailing_mail" else invoice.pk
    assert enter(carla).get(reverse(name, args=[mailing.pk, pk])).status_code == 404
    assert enter(carla).get(reverse("mailing_documents", args=[mailing.pk])).status_code == 404


def test_queries_do_not_grow_with_the_list(enter, ana, company, register, django_assert_max_num_queries):
    for at in range(30):
        make_invoice(make_party(company), f"FX{at}")
    mailing = register()
    client = enter(ana)
    with django_assert_max_num_queries(13):
        client.get(reverse("mailing_documents", args=[mailing.pk]))


def test_the_kept_mail_is_saved_byte_for_byte(enter, ana, carla, mailing, settings, tmp_path):
    settings.FILES = str(tmp_path)
    delivery = mailing.deliveries.order_by("pk")[0]
    path = f"/envios/{mailing.pk}/correos/{delivery.pk}/eml/"
    where = [f"/envios/{mailing.pk}/facturas/{delivery.invoices.get().pk}/", f"/facturas/{delivery.invoices.get().pk}/"]
    assert enter(ana).get(path).status_code == 404
    assert not any(path in enter(ana).get(page).text for page in where)
    message = b"Subject: <script>alert(1)</script>\r\n\r\n\x00\xff"
    sent_mails.keep(mailing.company_id, delivery.pk, message)
    answer = enter(ana).get(path)
    assert answer.content == message
    assert answer.headers["Content-Type"] == "message/rfc822"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert all(path in enter(ana).get(page).text for page in where)
    assert enter(carla).get(path).status_code == 404


def test_its_documents_are_paged_and_led_through_in_their_order(enter, ana, company, register):
    party = make_party(company)
    made = [make_invoice(party, f"FE{n}") for n in range(60)]
    mailing = register(is_grouped=True)
    client = enter(ana)
    first = client.get(reverse("mailing_documents", args=[mailing.pk]))
    second = client.get(reverse("mailing_documents", args=[mailing.pk]) + first.context["slice"].next)
    shown = [joined.invoice for page in (first, second) for joined, *_said in page.context["lines"]]
    assert shown == made
    detail = client.get(reverse("mailing_document", args=[mailing.pk, made[1].pk]))
    assert (detail.context["previous"].invoice, detail.context["next"].invoice) == (made[0], made[2])
    assert client.get(reverse("mailing_document", args=[mailing.pk, made[0].pk])).context["previous"] is None
