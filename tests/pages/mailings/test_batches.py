"""What the clerk sees of a sending in parts, and the press that lets the next go."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cartero.companies.roles import Role
from cartero.mailings import lifecycle, upkeep
from cartero.mailings.batches import Plan
from cartero.mailings.models import Batches
from cartero.mailings.states import BatchThen
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(register, invoices, ana):
    """Two mails in parts of one; the first has gone, bounced, and its wait goes on."""
    mailing = register(batches=Plan(size=1, wait_minutes=60, then=BatchThen.GO_ON))
    lifecycle.start(mailing, ana)
    mailing.deliveries.filter(status="pending", retry_at__isnull=False).update(status="bounced")
    upkeep.keep_going()
    return mailing


@pytest.fixture
def url(waiting):
    return reverse("mailing", args=[waiting.pk])


def test_before_it_starts_the_waits_are_told_and_counted(enter, ana, register, invoices):
    mailing = register(batches=Plan(size=1, wait_minutes=60, then=BatchThen.ASK))
    for name in ("mailing", "start_mailing"):
        page = enter(ana).get(reverse(name, args=[mailing.pk]))
        assert "2, de hasta 1 correos; entre una y otra espera 60 min, y su visto bueno" in page.text
        assert "más lo que tarden sus vistos buenos" in page.text
        assert page.context["seconds"] >= 3600


def test_it_waits_and_says_for_what(enter, ana, waiting, url):
    page = enter(ana).get(url)
    assert "La tanda 1 de 2 espera lo que rebote. Sigue " in page.text
    assert "volvió o falló 1" in page.text
    assert 3500 < page.context["seconds"] < 3700
    assert "Termina en " in page.text
    Batches.objects.update(then=BatchThen.ASK)
    assert "más lo que tarden sus vistos buenos" in enter(ana).get(url).text
    assert reverse("next_batch_mailing", args=[waiting.pk]) in page.text


def test_one_press_lets_the_next_go(enter, ana, waiting, url):
    seguir = reverse("next_batch_mailing", args=[waiting.pk])
    assert "Sale la tanda siguiente" in enter(ana).post(seguir, follow=True).text
    assert "Va la tanda 2, la última." in enter(ana).get(url).text
    assert "ya cambió de estado" in enter(ana).post(seguir, follow=True).text  # a second press changes nothing


def test_too_much_came_back_and_she_is_asked(enter, ana, waiting, url):
    Batches.objects.update(until=timezone.now() - timedelta(hours=1))
    upkeep.keep_going()
    page = enter(ana).get(url)
    assert "De la tanda volvió o falló más del 5 %" in page.text
    assert "Seguir con las demás" in page.text
    assert "Revisar la cuenta" not in page.text
    enter(ana).post(reverse("resume_mailing", args=[waiting.pk]))
    assert "Va la tanda 2, la última." in enter(ana).get(url).text


def test_who_may_not_send_sees_no_press(enter, waiting, url, company, carla):
    page = enter(make_user(company, Role.READER)).get(url)
    assert "Seguir ya" not in page.text
    assert enter(carla).post(reverse("next_batch_mailing", args=[waiting.pk])).status_code == 404
