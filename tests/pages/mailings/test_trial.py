import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cartero.companies.roles import Role
from cartero.pages import quota
from cartero.transport.models import MailAccount
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


def test_it_counts_towards_the_limits_of_its_account(enter, ana, url, mailing, account, served):
    first = mailing.deliveries.order_by("pk").first()
    enter(ana).post(url, {"to": "jefe@example.com, ana@example.com", "delivery": first.pk})
    assert quota.used(MailAccount.objects.get(pk=account.pk), timezone.now()) == 2


def test_beyond_a_limit_it_says_from_when_it_may_go(enter, ana, url, mailing, account, served):
    MailAccount.objects.filter(pk=account.pk).update(per_hour=1)
    first = mailing.deliveries.order_by("pk").first()
    assert "fue aceptada" in enter(ana).post(url, {"to": "jefe@example.com", "delivery": first.pk}).text
    page = enter(ana).post(url, {"to": "jefe@example.com", "delivery": first.pk})
    assert "no salió" in page.text
    assert "La cuenta ya envió todo lo que sus límites permiten por ahora." in page.text
    assert re.search(r"Puede enviarla de nuevo <time[^>]*>(hoy|mañana) a las? \d+:\d\d\s[ap]\.\sm\.</time>", page.text)
    assert served.count_by_recipient() == {"jefe@example.com": 1}


def test_what_reaches_no_server_counts_for_nothing(enter, ana, url, mailing, account, served):
    served.stop()
    first = mailing.deliveries.order_by("pk").first()
    assert "no salió" in enter(ana).post(url, {"to": "jefe@example.com", "delivery": first.pk}).text
    assert quota.used(MailAccount.objects.get(pk=account.pk), timezone.now()) == 0


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
