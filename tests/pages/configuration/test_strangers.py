"""What came back and is of none of an account's mails: a page of its own, and a task until somebody has looked."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cartero.pages import matters
from cartero.pages.paging import SIZE
from cartero.tracking.models import Receipt
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(people):
    return make_account(people.company, name="Facturación")


@pytest.fixture
def path(account):
    return f"/configuracion/cuentas/{account.pk}/ajenos/"


@pytest.fixture
def came(account):
    """So many, a minute apart, the last one first."""

    def make(many):
        mine, now = {"company": account.company, "account": account, "kind": "bounced"}, timezone.now()
        for n in range(many):
            at = now - timedelta(minutes=n)
            Receipt.objects.create(**mine, key=f"{n}", address=f"nadie{n}@example.org", words="550 no", at=at)

    return make


def told(company):
    found = matters.of(company, date(2026, 7, 1), {}, 0)
    return [(each.title, each.place, each.pk) for each in found]


def test_all_are_listed_page_by_page(client, people, path, came):
    came(SIZE + 1)
    client.force_login(people.ana)
    first = client.get(path)
    assert "nadie0@" in first.text.replace("<wbr>", "")
    assert "nadie50@" not in first.text.replace("<wbr>", "")
    rest = client.get(path + first.context["slice"].next).text.replace("<wbr>", "")
    assert "nadie50@" in rest
    assert "nadie49@" not in rest


def test_inicio_asks_for_them_until_somebody_has_looked(client, people, account, path, came):
    assert told(people.company) == []
    came(2)
    assert told(people.company) == [("2 avisos de ningún correo suyo", "strangers", account.pk)]
    client.force_login(people.ana)
    assert "Marcar como revisados" in client.get(path).text
    page = client.post(f"{path}revisados/", follow=True).text
    assert "Quedan como revisados" in page
    assert "nadie0" in page
    assert "Marcar como revisados" not in page
    assert told(people.company) == []


def test_it_is_reached_from_the_reading_mailbox(client, people, account, path, came):
    came(1)
    client.force_login(people.ana)
    assert f'href="{path}"' in client.get(f"/configuracion/cuentas/{account.pk}/lectura/").text


def test_a_stranger_finds_none(client, people, path, came):
    came(1)
    client.force_login(people.carla)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}revisados/").status_code == 404
    assert Receipt.objects.get().is_reviewed is False
