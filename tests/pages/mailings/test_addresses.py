import pytest
from django.urls import reverse

from cartero.companies.roles import Role
from cartero.mailings import lifecycle
from cartero.parties.models import AddressState
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(mailing):
    return mailing.deliveries.get(to=["luz@example.com"])


@pytest.fixture
def url(mailing, delivery):
    return reverse("correct_address", args=[mailing.pk, delivery.pk])


def test_an_address_is_corrected_and_can_be_taken_back(enter, ana, delivery, url):
    client = enter(ana)
    page = client.post(f"{url}?estado=por-enviar", {"to": "luz.marina@example.com", "keep": "on"}, follow=True)
    delivery.refresh_from_db()
    assert delivery.to == ["luz.marina@example.com"]
    assert page.redirect_chain[-1][0].endswith("/terceros/?estado=por-enviar")  # her filters stay
    assert delivery.party.addresses.get(email="luz@example.com").state == AddressState.REPLACED
    undo = page.text.split('action="')[-1].split('"')[0].replace("&amp;", "&")
    assert "correo/deshacer" in undo
    assert client.post(undo).url.endswith("/terceros/?estado=por-enviar")
    delivery.refresh_from_db()
    assert delivery.to == ["luz@example.com"]


def test_without_keeping_the_tercero_is_left_alone(enter, ana, delivery, url):
    enter(ana).post(url, {"to": "otra@example.com"})
    assert [address.email for address in delivery.party.addresses.all()] == ["luz@example.com"]


def test_a_wrong_address_stays_in_its_field(enter, ana, delivery, url):
    answer = enter(ana).post(url, {"to": "luz@example"})
    assert answer.status_code == 422
    assert 'value="luz@example"' in answer.text
    assert answer.text.count("no es un correo válido") == 1
    delivery.refresh_from_db()
    assert delivery.to == ["luz@example.com"]


def test_a_likely_slip_is_proposed_refused_or_not(enter, ana, delivery, url):
    answer = enter(ana).post(url, {"to": "luz@gmail"})
    assert '<button class="btn btn--small" type="submit" name="to" value="luz@gmail.com">' in answer.text
    kept = enter(ana).post(url, {"to": "luz@gmial.com", "keep": "on"}, follow=True)
    assert "corregido. ¿Quiso decir luz@gmail.com?" in kept.text
    assert delivery.party.addresses.get(email="luz@gmial.com").state == AddressState.DOUBTFUL


def test_who_had_none_goes_after_all(enter, ana, mailing):
    lacking = mailing.deliveries.get(reason="no_address")
    enter(ana).post(reverse("correct_address", args=[mailing.pk, lacking.pk]), {"to": "ya@example.com"})
    lacking.refresh_from_db()
    assert lacking.status == "pending"


@pytest.mark.django_db(transaction=True)  # the workers' threads see committed rows alone
def test_what_has_left_cannot_be_changed(enter, ana, mailing, delivery, url, account, smtp_server, send_all):
    account.port = smtp_server.port
    account.save(update_fields=["port"])
    lifecycle.start(mailing, ana)
    send_all(mailing)
    assert "ya salió" in enter(ana).post(url, {"to": "tarde@example.com"}).text


def test_htmx_gets_the_list_again(enter, ana, mailing, url):
    address = reverse("recipients", args=[mailing.pk])
    headers = {"HX-Request": "true", "HX-Target": "list", "HX-Current-URL": f"http://testserver{address}"}
    answer = enter(ana).post(url, {"to": "nueva@example.com"}, headers=headers)
    assert address in answer.headers["HX-Location"]


def test_roles_and_strangers(enter, company, carla, url):
    assert enter(make_user(company, Role.READER)).post(url, {"to": "x@example.com"}).status_code == 403
    assert enter(carla).post(url, {"to": "x@example.com"}).status_code == 404
