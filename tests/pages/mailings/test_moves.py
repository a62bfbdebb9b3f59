from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cartero.companies.roles import Role
from cartero.mailings import lifecycle
from cartero.mailings.states import MailingStatus
from tests.factories import make_user

pytestmark = pytest.mark.django_db
S = MailingStatus
VERBS = ["start", "stop", "resume", "retry", "cancel", "unschedule", "schedule"]


def url(verb, mailing):
    return reverse(f"{verb}_mailing", args=[mailing.pk])


def test_starting_asks_with_its_figures_and_sends_nothing(enter, ana, mailing):
    page = enter(ana).get(url("start", mailing))
    mailing.refresh_from_db()
    assert mailing.status == S.REGISTERED
    for words in (
        "2 correos",
        "2 terceros",
        "$\N{NO-BREAK SPACE}238.000,00",
        "facturacion@",
        "1 documento queda por fuera",
    ):
        assert words in page.text
    assert '<h2 id="dialog-title" tabindex="-1">' in page.text  # where the focus starts


def test_starting_leads_to_the_running_page(enter, ana, mailing):
    answer = enter(ana).post(url("start", mailing))
    mailing.refresh_from_db()
    assert mailing.status == S.SENDING
    assert answer.url == reverse("mailing", args=[mailing.pk])


def test_pressed_twice_it_says_so_and_sends_once(enter, ana, mailing):
    client = enter(ana)
    client.post(url("start", mailing))
    page = client.post(url("start", mailing), headers={"Referer": "http://testserver/envios/"}, follow=True)
    assert "ya cambió de estado" in page.text


def test_the_dialog_alone_comes_for_htmx(enter, ana, mailing):
    answer = enter(ana).get(url("cancel", mailing), headers={"HX-Request": "true", "HX-Target": "dialog"})
    assert answer.text.lstrip().startswith("<dialog")
    assert "<html" not in answer.text


def test_stop_resume_and_cancel_do_it_at_once(enter, ana, mailing):
    client = enter(ana)
    for verb, status in [("start", S.SENDING), ("stop", S.STOPPED), ("resume", S.SENDING), ("cancel", S.CANCELLED)]:
        client.post(url(verb, mailing))
        mailing.refresh_from_db()
        assert mailing.status == status


def test_scheduling_and_taking_it_back(enter, ana, mailing):
    client = enter(ana)
    day = timezone.localtime() + timedelta(days=2)
    client.post(url("schedule", mailing), {"day": f"{day:%Y-%m-%d}", "hour": "08:00"})
    mailing.refresh_from_db()
    assert mailing.status == S.SCHEDULED
    assert timezone.localtime(mailing.scheduled_for).hour == 8
    client.post(url("unschedule", mailing))
    mailing.refresh_from_db()
    assert mailing.status == S.REGISTERED


def test_a_past_hour_keeps_what_was_typed(enter, ana, mailing):
    answer = enter(ana).post(url("schedule", mailing), {"day": "2020-01-01", "hour": "08:00"})
    assert answer.status_code == 422
    assert "ya pasaron" in answer.text
    assert 'value="2020-01-01"' in answer.text


@pytest.mark.parametrize("verb", VERBS)
def test_only_who_sends_moves_it(enter, company, mailing, verb):
    assert enter(make_user(company, Role.PREPARER)).post(url(verb, mailing)).status_code == 403
    assert enter(make_user(company, Role.SENDER)).post(url(verb, mailing)).status_code in {302, 409, 422}


@pytest.mark.parametrize("verb", VERBS)
def test_a_stranger_gets_a_404(enter, carla, mailing, verb):
    assert enter(carla).post(url(verb, mailing)).status_code == 404


@pytest.mark.parametrize("verb", ["stop", "resume", "retry", "unschedule"])
def test_nothing_moves_by_a_link(enter, ana, mailing, verb):
    assert enter(ana).get(url(verb, mailing)).status_code == 405


def test_retrying_without_failures_says_so(enter, ana, mailing):
    lifecycle.start(mailing, ana)
    lifecycle.stop(mailing, ana)
    assert "No hay fallidos que reintentar" in enter(ana).post(url("retry", mailing)).text
