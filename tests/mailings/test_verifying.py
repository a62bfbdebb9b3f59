"""What was sent is made again and compared: each test changes one thing behind Cartero's back, and sees it found."""

import json
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from cartero.companies import audit, mail_keeping
from cartero.invoices import storing
from cartero.invoices.models import InvoiceContent, InvoiceFile
from cartero.invoices.states import FileRole
from cartero.mailings import lifecycle, links, verifying
from cartero.mailings.models import Delivery, Recipe
from cartero.mailings.verifying import What
from tests.factories import make_invoice, make_party

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(company, ana, register, smtp_server, send_all):
    """A copy with a PDF that Cartero drew, and the mailing that carried it."""

    def make(**fields):
        party = make_party(company, "ana@example.com", city="Cali")
        invoice = make_invoice(party, "FE1", balance=Decimal(50_000), **fields)
        mailing = register()
        lifecycle.start(mailing, by=ana)
        send_all(mailing)
        return mailing, invoice

    return make


def differences(mailing):
    (verified,) = verifying.verify(mailing)
    return verified.differences


def stored(company, sha256):
    return Path(settings.FILES) / str(company.pk) / sha256[:2] / sha256


def flip(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def receive(invoice, role, content):
    sha256 = storing.keep(invoice.company_id, content)
    return InvoiceFile.objects.create(
        company=invoice.company, invoice=invoice, role=role, name="FE1.xml", media_type="application/xml",
        sha256=sha256, size=len(content),
    )  # fmt: skip


def test_a_mail_is_dated_when_it_goes(company, ana, register, smtp_server, send_all):
    """One that was registered days before is not taken for an old mail, nor for spam."""
    make_invoice(make_party(company, "ana@example.com"), "FE1")
    mailing = register()
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=5))
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    dated = parsedate_to_datetime(message_from_bytes(smtp_server.messages[0])["Date"])
    assert abs(timezone.now() - dated) < timedelta(hours=1)
    assert differences(mailing) == ()


def test_all_is_as_it_was_whatever_has_changed_in_the_rows(sent):
    mailing, invoice = sent()
    invoice.balance = Decimal(0)
    invoice.save(update_fields=["balance"])
    invoice.party.name, invoice.party.city = "Otro nombre", "Otra ciudad"
    invoice.party.save(update_fields=["name", "city"])
    mailing.account.from_name = "Otro remitente"
    mailing.account.save(update_fields=["from_name"])
    receive(invoice, FileRole.PDF, b"%PDF-1.7 came later")
    (verified,) = verifying.verify(mailing)
    assert verified.differences == ()
    assert (verified.to, verified.numbers, verified.hashes) == (("ana@example.com",), ("FE1",), 2)


def test_one_byte_of_a_stored_file_is_found(company, ana, register, send_all):
    invoice = make_invoice(make_party(company, "ana@example.com"), "FE1")
    file = receive(invoice, FileRole.XML, b"<Invoice>FE1</Invoice>")
    mailing = register()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert differences(mailing) == ()
    flip(stored(company, file.sha256))
    first, *rest = differences(mailing)
    assert (first.what, first.name, first.expected) == (What.STORED_FILE, "FE1.xml", file.sha256)
    assert first.found not in ("", file.sha256)
    assert "ya no es el que llegó" in first.why
    assert [each.what for each in rest] == [What.MAIL]  # its PDF carries the XML, and is not drawn with another one


def test_another_template_says_so_in_words(sent, tmp_path, monkeypatch):
    mailing, _invoice = sent()
    drawing = verifying.making.typst
    changed = tmp_path / "invoice.typ"
    source = drawing.TEMPLATE.read_text(encoding="utf-8")
    changed.write_text(source.replace("size: 8.6pt", "size: 8.7pt"), encoding="utf-8")
    monkeypatch.setattr(drawing, "TEMPLATE", changed)
    found = differences(mailing)
    assert [each.what for each in found] == [What.ATTACHMENT, What.MAIL]
    assert found[0].name == "FE1.pdf"
    assert found[0].why == "La plantilla de los PDF es otra que la de entonces."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("typst", "Entonces se hizo con Typst 0.1; hoy hay "),
        ("fonts", "Las letras de los PDF son otras que las de entonces."),
    ],
)
def test_other_versions_are_named(sent, name, words):
    mailing, invoice = sent()
    recipe = mailing.recipes.get()
    recipe.facts["made_with"][name] = "0.1"
    Recipe.objects.filter(pk=recipe.pk).update(facts=recipe.facts)
    assert differences(mailing) == ()  # another version that makes the same bytes does no harm
    change_content(invoice)
    assert words in differences(mailing)[0].why


def change_content(invoice):
    content = InvoiceContent.objects.get(invoice=invoice)
    content.data = json.loads(json.dumps(content.data).replace("Administraci", "Otra administraci"))
    content.save(update_fields=["data"])


def test_a_document_that_was_replaced_is_named(sent, ana):
    mailing, invoice = sent()
    change_content(invoice)
    assert "Nada de lo que Cartero guarda lo explica" in differences(mailing)[0].why
    audit.record(invoice, "replace", ana)
    assert differences(mailing)[0].why.startswith("FE1 se reemplazó por otro documento después de enviarlo: ")


def test_a_kept_mail_is_read_and_not_made_again(company, ana, sent, smtp_server):
    mail_keeping.choose(company, keeps=True, by=ana)
    mailing, invoice = sent()
    kept = mailing.deliveries.get().sent_mail
    assert verifying.sent_mails.read(kept) == smtp_server.messages[0]
    change_content(invoice)
    (verified,) = verifying.verify(mailing)
    assert (verified.is_kept, verified.differences) == (True, ())
    flip(stored(company, kept.stored_sha256))
    assert [each.what for each in differences(mailing)] == [What.KEPT_MAIL, What.ATTACHMENT, What.MAIL]


def test_a_mail_without_a_record_is_not_called_equal(sent):
    mailing, _invoice = sent()
    mailing.deliveries.update(attached=None, proof=None)
    assert [each.what for each in differences(mailing)] == [What.RECORD]


def test_a_mail_from_before_its_hash_was_kept_is_known_by_its_attachments(sent):
    mailing, _invoice = sent()
    mailing.deliveries.update(proof=None)
    assert differences(mailing) == ()


def test_a_mail_with_its_link_is_made_again_also_when_links_are_off_since(sent, company, settings, smtp_server):
    settings.LINKS_URL = "https://facturas.example.co"
    mailing, _invoice = sent()
    delivery = mailing.deliveries.get()
    made = links.url(settings.LINKS_URL, links.token(links.key_of(company), delivery.pk))
    (received,) = smtp_server.messages
    told = message_from_bytes(received)
    texts = [part for part in told.walk() if part.get_content_maintype() == "text"]
    assert [made in part.get_payload(decode=True).decode() for part in texts] == [True, True]
    company.has_links = False
    company.save(update_fields=["has_links"])
    settings.LINKS_URL = ""
    assert differences(mailing) == ()


def html_in(received):
    (part,) = (part for part in message_from_bytes(received).walk() if part.get_content_type() == "text/html")
    return part.get_payload(decode=True).decode()


@pytest.mark.parametrize("is_on", [True, False])
def test_a_mail_is_made_again_whatever_is_said_of_the_pixel_since(sent, company, settings, smtp_server, is_on):
    settings.LINKS_URL = "https://facturas.example.co"
    company.has_pixel = is_on
    company.save(update_fields=["has_pixel"])
    mailing, _invoice = sent()
    made = links.token(links.key_of(company), mailing.deliveries.get().pk)
    image = f'<img src="https://facturas.example.co/v/{made}/p.gif" width="1" height="1" alt=""'
    (received,) = smtp_server.messages
    assert html_in(received).count(image) == html_in(received).count("p.gif") == is_on
    company.has_pixel = not is_on
    company.save(update_fields=["has_pixel"])
    assert differences(mailing) == ()


def test_a_company_that_wants_no_links_has_none_in_its_mails(sent, company, settings, smtp_server):
    settings.LINKS_URL = "https://facturas.example.co"
    company.has_links, company.has_pixel = False, True
    company.save(update_fields=["has_links", "has_pixel"])
    sent()
    (received,) = smtp_server.messages
    assert b"facturas.example.co/v/" not in received
