"""Constancias of real mailings: numbered, drawn, known again by their code, and silent about persons."""

from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from cartero.mailings import attesting, lifecycle
from cartero.mailings.attesting import Asked, NoSuchPart, NothingSent
from cartero.mailings.models import Attestation, Event, EventKind
from tests.factories import make_invoice, make_party

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(company, ana, register, send_all):
    for n in range(3):
        make_invoice(make_party(company, f"tercero{n}@example.com"), f"FE{n}")
    mailing = register()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    return mailing


def issue(asked, by):
    return attesting.issue(asked, by, timezone.now())


def words(issued):
    pages = PdfReader(BytesIO(attesting.pdf_of(issued))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_of_a_mailing(company, ana, sent):
    issued, code = issue(Asked(company=company, mailing=sent), ana)
    assert (issued.number, issued.documents, len(issued.deliveries), issued.parts) == (1, 3, 3, 1)
    assert issued.pdf_sha256 == sha256(attesting.pdf_of(issued)).hexdigest()
    said = words(issued)
    delivery = sent.deliveries.order_by("pk")[0]
    for fact in (
        "Lo que salió en el envío 1, «Julio»",
        "3 documentos: 3 enviados, 0 fallidos",
        "Ana Pérez",
        delivery.to[0],
        "Factura FE0",  # its subject
        delivery.message_id,
        delivery.reply,
        delivery.proof["sha256"],
        delivery.attached[0]["sha256"],
        code,
    ):
        assert fact in said


def test_the_code_finds_it_and_is_kept_nowhere(company, ana, sent):
    issued, code = issue(Asked(company=company, mailing=sent), ana)
    assert attesting.find(code) == issued
    assert attesting.find(code[:-1]) is None
    row = Attestation.objects.filter(pk=issued.pk).values().get()
    assert code not in str(row)
    again, other = issue(Asked(company=company, mailing=sent), ana)
    assert (again.number, attesting.find(other)) == (2, again)


def test_a_stranger_learns_of_no_person(company, ana, sent):
    issued, _code = issue(Asked(company=company, mailing=sent), ana)
    mails = attesting.confirmed(issued, 1, 50)
    assert [mail.to for mail in mails] == ["t…@example.com"] * 2
    assert mails[0].state == "Enviado"
    assert mails[0].sha256 == sent.deliveries.order_by("pk")[1].proof["sha256"]


def test_of_an_invoice_and_what_came_back(company, ana, sent):
    invoice = sent.deliveries.order_by("pk")[1].invoices.get()
    for kind, reply in ((EventKind.OPENED, "GET · too soon"), (EventKind.BOUNCED, "550 5.1.1 no such user")):
        Event.objects.create(
            company=company, delivery=sent.deliveries.order_by("pk")[1], mailing_id=sent.pk, kind=kind, reply=reply,
            at=timezone.now(),
        )  # fmt: skip
    issued, _code = issue(Asked(company=company, invoice=invoice), ana)
    said = words(issued)
    assert "FE1: cómo se envió" in said
    assert "Rebotado 550 5.1.1 no such user" in said
    assert "Abierto; no cuenta como vista" in said
    assert "tercero0@example.com" not in said
    assert "too soon" not in said


def test_of_a_party_between_two_days(company, ana, sent):
    party = sent.deliveries.order_by("pk")[2].party
    today = timezone.localdate()
    issued, _code = issue(Asked(company=company, party=party, since=today, until=today), ana)
    assert len(issued.deliveries) == 1
    assert f"Lo que se le envió a {party.name}" in words(issued)
    tomorrow = today + timedelta(days=1)
    with pytest.raises(NothingSent):
        issue(Asked(company=company, party=party, since=tomorrow), ana)
    with pytest.raises(NothingSent):
        issue(Asked(company=company, party=party, until=date(2020, 1, 1)), ana)


def test_nothing_is_attested_that_did_not_go(company, ana, mailing_of):
    with pytest.raises(NothingSent):
        issue(Asked(company=company, mailing=mailing_of(1)), ana)
    assert not Attestation.objects.exists()


def test_a_long_one_comes_in_parts(company, ana, sent, monkeypatch):
    monkeypatch.setattr(attesting, "PER_PART", 2)
    second, _code = issue(Asked(company=company, mailing=sent, part=2), ana)
    assert (second.part, second.parts, len(second.deliveries)) == (2, 2, 1)
    assert "2 de 2" in words(second)
    with pytest.raises(NoSuchPart):
        issue(Asked(company=company, mailing=sent, part=3), ana)
