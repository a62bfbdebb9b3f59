from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from cartero.mailings import links
from cartero.pages.recipient import linked
from cartero.pages.recipient.letter import due
from tests.pages.recipient.conftest import BROWSER, XML

pytestmark = pytest.mark.django_db


def seen(delivery):
    delivery.refresh_from_db()
    return delivery.viewed_at is not None


def test_the_page_needs_no_login_and_leaves_nothing_behind(luz, at, delivery):
    answer = luz.get(at())
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Valle Verde S.A.S.", "FE101", "$ 119.000,00", "15 de julio", "Ver el documento", "Descargar XML"):
        assert words in page
    assert "Luz" not in page  # whoever gets hold of it learns no name
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in page
    assert "<script" not in page
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert not seen(delivery)


def test_what_a_single_document_comes_to_is_said_once(luz, at, delivery):
    page = luz.get(at()).content.decode()
    assert [page.count(words) for words in ("$ 119.000,00", "15 de julio de 2026", "<h2>Factura")] == [1, 1, 0]
    delivery.invoices.update(balance=50000)
    page = luz.get(at()).content.decode()
    assert [page.count(words) for words in ("$ 50.000,00", "$ 119.000,00")] == [1, 1]


def test_a_press_shows_the_document_and_makes_it_seen(luz, at, form, delivery):
    answer = luz.post(at("recipient_see", 1), form())
    assert (answer.status_code, answer.url) == (303, f"{at()}?ver=1#documento")
    assert f'src="{at("recipient_pdf", 1)}"' in luz.get(answer.url).content.decode()
    assert luz.get(at("recipient_pdf", 1)).content.startswith(b"%PDF")
    assert seen(delivery)


def test_she_takes_its_files(luz, at, form, delivery):
    sent = form()
    assert luz.post(at("recipient_download", 1, "pdf"), sent).content.startswith(b"%PDF")
    xml = luz.post(at("recipient_download", 1, "xml"), sent)
    assert xml.content == XML
    assert xml.headers["Content-Disposition"] == 'attachment; filename="fv1.xml"'
    with ZipFile(BytesIO(luz.post(at("recipient_download", 0, "zip"), sent).content)) as bundle:
        assert bundle.namelist() == ["FE101.pdf"]
    assert seen(delivery)
    for nothing in ((2, "pdf"), (1, "exe"), (0, "xml")):
        assert luz.post(at("recipient_download", *nothing), sent).status_code == 404


def test_scanners_open_all_there_is_and_press_all_buttons_and_nothing_is_seen(at, form, delivery):
    """As filters do: look, fetch ahead, fetch all links, send all forms at once, with or without a browser's look."""
    for headers in ({}, BROWSER, BROWSER | {"Sec-Purpose": "prefetch"}, {"User-Agent": "curl/8.5.0"}):
        scanner = Client(headers=headers)
        assert 'name="hecho"' in scanner.get(at()).content.decode()
        for path in (at(), f"{at()}?ver=1", at("recipient_pdf", 1)):
            scanner.head(path)
            assert scanner.get(path).status_code == 200
        for path in (at("recipient_see", 1), at("recipient_download", 1, "xml")):
            assert scanner.post(path).status_code == 403  # no form of ours
            assert scanner.post(path, {"hecho": "x"}).status_code == 403
            scanner.post(path, form(seconds=0.5))
    assert not seen(delivery)
    assert {event.kind for event in delivery.events.all()} <= {"registered", "transmitting", "accepted", "opened"}


def test_what_is_wrong_expired_or_off_looks_alike(luz, at, token, delivery):
    company = delivery.company

    def answer(path):
        return [(each.status_code, each.content) for each in (luz.get(path), luz.get(f"{path}1.pdf"))]

    wrong = answer("/v/nada/")
    assert wrong[0][0] == 404
    assert answer(f"/v/{token[:-3]}aaa/") == wrong
    assert answer(f"/v/{links.token(b'of another', delivery.pk)}/") == wrong
    company.link_days = 0
    company.save(update_fields=["link_days"])
    assert answer(at()) == wrong
    company.link_days, company.has_links = 9, False
    company.save(update_fields=["link_days", "has_links"])
    assert answer(at()) == wrong
    assert luz.post(at("recipient_see", 1), {"hecho": "x"}).status_code == 404


def test_paying_is_offered_where_the_company_takes_payments(luz, at, delivery):
    assert "Pagar" not in luz.get(at()).content.decode()
    delivery.company.pay_url = "https://pagos.example.co/valle"
    delivery.company.save(update_fields=["pay_url"])
    assert 'href="https://pagos.example.co/valle" rel="noopener noreferrer' in luz.get(at()).content.decode()
    delivery.company.pay_url = "https://pagos.example.co/?r={{ factura.numero }}&v={{ factura.saldo }}"
    delivery.company.save(update_fields=["pay_url"])
    assert 'href="https://pagos.example.co/?r=FE101&amp;v=119000.00"' in luz.get(at()).content.decode()


def test_a_clerk_who_looks_is_told_that_it_does_not_count(client, at, ana, delivery):
    client.force_login(ana)
    assert "Lo que presione aquí no se registra" in client.get(at()).content.decode()
    assert not delivery.events.filter(kind="opened").exists()


def test_who_asks_too_often_waits(luz, at, monkeypatch):
    monkeypatch.setattr(linked, "MOST", 2)
    assert [luz.get(at()).status_code for _time in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 7, 1), "Venció el 1 de julio de 2026"),
        (date(2026, 7, 3), "Vence hoy, 3 de julio de 2026"),
        (date(2026, 7, 4), "Vence el 4 de julio de 2026 · falta 1 día"),
        (date(2026, 7, 15), "Vence el 15 de julio de 2026 · faltan 12 días"),
    ],
)
def test_when_it_is_due(day, words):
    assert due(day, date(2026, 7, 3)) == words
