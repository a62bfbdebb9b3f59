"""Avisos del proveedor: an address to copy, its key, and what has come."""

import re

import pytest
from django.utils import timezone

from cartero.companies.models import AuditEntry
from cartero.tracking import webhooks
from cartero.tracking.models import Receipt, Webhook
from cartero.transport.ways import BY_API, Way
from tests.factories import make_account
from tests.tracking import calls

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(people):
    return make_account(people.company, name="Facturación", way=Way.POSTMARK, host="api.postmarkapp.com", port=443)


@pytest.fixture
def path(account):
    return f"/configuracion/cuentas/{account.pk}/avisos/"


def opened(client, path):
    client.post(f"{path}direccion/")
    return client.get(path).text


def test_an_address_is_made_to_be_copied(client, people, path, settings):
    settings.PUBLIC_URL = "https://cartero.example.co"
    client.force_login(people.ana)
    assert "Crear la dirección" in client.get(path).text
    address = re.search(
        r"https://cartero:([\w-]{22})@cartero\.example\.co/proveedor/([\w-]{22})/", opened(client, path)
    )
    assert webhooks.of_key(address[2]).secret == address[1]
    assert "Avisos del proveedor" in client.get("/configuracion/cuentas/").text


@pytest.mark.parametrize(("host", "status"), [("smtp.sendgrid.net", 200), ("smtp.gmail.com", 404)])
def test_an_account_by_smtp_has_one_where_its_server_is_a_provider_s(client, people, account, path, host, status):
    account.way, account.host = Way.PASSWORD, host
    account.save(update_fields=["way", "host"])
    client.force_login(people.ana)
    answer = client.get(path)
    assert answer.status_code == status
    assert ("SendGrid (SMTP)" in answer.text) == (status == 200)
    assert (f'href="{path}"' in client.get("/configuracion/cuentas/").text) == (status == 200)
    if status == 200:
        assert "Verification Key" in opened(client, path)
        assert Webhook.objects.get().way == Way.SENDGRID


def test_another_one_takes_its_place(client, people, path):
    client.force_login(people.ana)
    first = re.search(r"/proveedor/([\w-]+)/", opened(client, path))[1]
    second = re.search(r"/proveedor/([\w-]+)/", opened(client, path))[1]
    assert webhooks.of_key(first) is None
    assert webhooks.of_key(second) is not None
    verbs = AuditEntry.objects.values_list("verb", flat=True)
    assert sorted(verbs) == ["open_webhook", "renew_webhook"]


@pytest.mark.parametrize("way", sorted(BY_API))
def test_each_provider_has_its_steps(client, people, account, path, way):
    account.way = way
    account.save()
    client.force_login(people.ana)
    page = opened(client, path)
    assert page.count("<li>") >= 2
    assert ('type="password"' in page) == (way in webhooks.SIGNING)


def test_the_key_of_a_provider_that_signs_is_kept_and_not_shown(client, people, account, path):
    account.way = Way.SENDGRID
    account.save()
    client.force_login(people.ana)
    opened(client, path)
    assert client.post(path, {"secret": "no es una clave"}).status_code == 422
    page = client.post(path, {"secret": calls.PUBLIC_KEY}, follow=True).text
    assert "La clave quedó guardada." in page
    assert calls.PUBLIC_KEY not in page
    assert Webhook.objects.get().secret == calls.PUBLIC_KEY
    assert "Sin ella no se cree" not in opened(client, path)  # another address, the same key
    assert not any(calls.PUBLIC_KEY in str(entry.facts) for entry in AuditEntry.objects.all())


def test_what_came_and_what_was_refused_is_said(client, people, account, path):
    client.force_login(people.ana)
    assert "Todavía no ha llegado ningún aviso" in opened(client, path)
    Webhook.objects.update(heard_at=timezone.now(), refused_at=timezone.now())
    kept = {"company": account.company, "account": account, "kind": "bounced", "at": timezone.now()}
    Receipt.objects.create(**kept, key="1", address="ajeno@example.com", words="550 <b>no</b>")
    page = client.get(path).text
    for words in (
        "Último aviso recibido",
        "no se le creyó",
        "1 aviso en 90 días",
        "ajeno",
        "550 &lt;b&gt;no&lt;/b&gt;",
    ):
        assert words in page


def test_an_account_by_smtp_has_none(client, people):
    client.force_login(people.ana)
    account = make_account(people.company)
    assert client.get(f"/configuracion/cuentas/{account.pk}/avisos/").status_code == 404
    assert "Avisos del proveedor" not in client.get("/configuracion/cuentas/").text


def test_of_another_company_it_is_nowhere(client, people, path):
    client.force_login(people.carla)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}direccion/").status_code == 404
    assert not Webhook.objects.exists()
