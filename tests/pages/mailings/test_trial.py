import pytest
from django.urls import reverse

from cartero.companies.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(mailing):
    return reverse("trial", args=[mailing.pk])


@pytest.fixture
def served(account, smtp_server):
    account.port = smtp_server.port
    account.save(update_fields=["port"])
    return smtp_server


def test_it_shows_what_would_go_and_sends_nothing(enter, ana, url, served):
    page = enter(ana).get(url)
    assert "[PRUEBA] Va FE101" in page.text
    assert ana.email in page.text
    assert not served.mails


def test_a_test_mail_goes_and_the_answer_is_shown(enter, ana, url, mailing, served):
    first = mailing.deliveries.order_by("pk").first()
    page = enter(ana).post(url, {"to": "jefe@example.com, ana@example.com", "delivery": first.pk})
    assert "fue aceptada" in page.text
    assert served.count_by_recipient() == {"jefe@example.com": 1, "ana@example.com": 1}
    first.refresh_from_db()
    assert (first.status, first.attempts) == ("pending", 0)


def test_a_server_that_refuses_is_quoted(enter, ana, url, mailing, served):
    served.answer("rcpt", 550, "5.1.1 no such user")
    first = mailing.deliveries.order_by("pk").first()
    page = enter(ana).post(url, {"to": "jefe@example.com", "delivery": first.pk})
    assert "no salió" in page.text
    assert "5.1.1 no such user" in page.text


def test_a_wrong_address_stays_and_nothing_goes(enter, ana, url, mailing, served):
    first = mailing.deliveries.order_by("pk").first()
    answer = enter(ana).post(
        url, {"to": "jefe@valle", "delivery": first.pk}, headers={"HX-Request": "true", "HX-Target": "trial"}
    )
    assert answer.status_code == 422
    assert 'value="jefe@valle"' in answer.text
    assert "<html" not in answer.text
    assert not served.mails


def test_another_companys_mail_cannot_be_tried(enter, carla, ana, url, mailing):
    assert enter(carla).get(url).status_code == 404
    answer = enter(ana).post(url, {"to": "jefe@example.com", "delivery": "999999"})
    assert answer.status_code == 422


def test_a_reader_may_not(enter, company, url):
    assert enter(make_user(company, Role.READER)).get(url).status_code == 403


def test_it_names_its_sending(enter, ana, url, mailing, served):
    part = enter(ana).get(url, headers={"HX-Request": "true", "HX-Target": "dialog"})
    assert f"Envío {mailing.number} · Cuotas de julio" in part.text
