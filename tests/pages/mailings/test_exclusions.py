import pytest
from django.db import connection
from django.urls import reverse

from cartero.companies.roles import Role
from cartero.mailings import lifecycle
from cartero.mailings.states import DeliveryStatus, MailingStatus
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(mailing):
    return mailing.deliveries.get(to=["luz@example.com"])


@pytest.fixture
def doubt(mailing, delivery, ana):
    """A mail whose worker died with it in the air, as the rows tell it."""
    lifecycle.start(mailing, ana)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mailings_delivery SET status = 'in_doubt' WHERE id = %s", [delivery.pk])
        cursor.execute("UPDATE mailings_mailing SET status = 'finished' WHERE id = %s", [mailing.pk])
    return delivery


def test_a_mail_is_left_out_and_taken_back(enter, ana, mailing, delivery):
    client = enter(ana)
    page = client.post(reverse("exclude_delivery", args=[mailing.pk, delivery.pk]), follow=True)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SKIPPED
    undo = reverse("include_delivery", args=[mailing.pk, delivery.pk])
    assert f'action="{undo}"' in page.text
    client.post(undo)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.PENDING


def test_a_sending_that_had_ended_goes_on_with_what_is_taken_back(enter, ana, mailing, delivery):
    client = enter(ana)
    client.post(reverse("exclude_delivery", args=[mailing.pk, delivery.pk]))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mailings_mailing SET status = 'finished' WHERE id = %s", [mailing.pk])
    client.post(reverse("include_delivery", args=[mailing.pk, delivery.pk]))
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.SENDING


def test_a_doubt_is_shown_with_both_ways(enter, ana, mailing, doubt):
    page = enter(ana).get(reverse("recipients", args=[mailing.pk]), {"estado": "en-duda"})
    for name in ("delivery_arrived", "resend_delivery"):
        assert reverse(name, args=[mailing.pk, doubt.pk]) in page.text


def test_it_arrived(enter, ana, mailing, doubt):
    enter(ana).post(reverse("delivery_arrived", args=[mailing.pk, doubt.pk]))
    doubt.refresh_from_db()
    mailing.refresh_from_db()
    assert (doubt.status, mailing.status) == (DeliveryStatus.ACCEPTED, MailingStatus.FINISHED)


def test_it_goes_again_and_its_sending_goes_on(enter, ana, mailing, doubt):
    enter(ana).post(reverse("resend_delivery", args=[mailing.pk, doubt.pk]))
    doubt.refresh_from_db()
    mailing.refresh_from_db()
    assert (doubt.status, mailing.status) == (DeliveryStatus.PENDING, MailingStatus.SENDING)


ROLES = [
    ("exclude_delivery", Role.READER),
    ("include_delivery", Role.READER),
    ("delivery_arrived", Role.PREPARER),
    ("resend_delivery", Role.PREPARER),
]


@pytest.mark.parametrize(("name", "too_low"), ROLES)
def test_roles_and_strangers(enter, company, carla, mailing, delivery, name, too_low):
    url = reverse(name, args=[mailing.pk, delivery.pk])
    assert enter(make_user(company, too_low)).post(url).status_code == 403
    assert enter(carla).post(url).status_code == 404
