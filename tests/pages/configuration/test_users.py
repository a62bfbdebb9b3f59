import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from cartero.accounts.models import User
from cartero.companies.models import Membership
from cartero.companies.roles import Role

pytestmark = pytest.mark.django_db
PATH = "/configuracion/usuarios/"
NEW = {"email": "Nueva@valle.example.co", "name": "Nora <b>Niño</b>", "role": "preparer"}
GOOD = "una frase que solo yo diría"


@pytest.fixture
def by_mail(settings):
    settings.EMAIL_HOST = "mail.example.co"  # the test's mailbox takes what would go there


def link_in(text):
    return re.search(r"/configuracion/usuarios/invitacion/[^/\s]+/", text)[0]


def test_without_a_mail_server_the_link_is_shown_to_be_passed_on(client, people):
    client.force_login(people.ana)
    page = client.post(f"{PATH}invitar/", NEW).content.decode()
    link = link_in(page)
    assert "<b>Niño" not in client.get(PATH).content.decode()
    nora = Client()
    assert "Valle Verde" in nora.get(link).content.decode()
    assert nora.post(link, {"password": GOOD}, follow=True).redirect_chain[-1][0] == "/"
    member = Membership.objects.get(user__email="nueva@valle.example.co")
    assert (member.company, member.role) == (people.company, Role.PREPARER)
    assert member.user.check_password(GOOD)
    assert nora.get("/facturas/").status_code == 200


def test_with_one_the_link_goes_by_mail_and_is_not_shown(client, people, by_mail):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}invitar/", NEW, follow=True)
    assert "invitacion/" not in answer.content.decode()
    (sent,) = mail.outbox
    assert sent.to == ["nueva@valle.example.co"]
    assert Client().get(link_in(sent.body)).status_code == 200


def test_a_weak_password_is_refused_and_the_link_stays(client, people):
    client.force_login(people.ana)
    link = link_in(client.post(f"{PATH}invitar/", NEW).content.decode())
    nora = Client()
    answer = nora.post(link, {"password": "corta"})
    assert answer.status_code == 422
    assert nora.get(link).context["form"]


@pytest.mark.parametrize("token", ["x", "x" * 2000, "a:b:c"])
def test_a_link_that_is_none_of_ours_opens_nothing(token):
    answer = Client().get(f"{PATH}invitacion/{token}/")
    assert answer.status_code == 409
    assert "ya se usó o venció" in answer.content.decode()


def test_someone_who_is_here_is_not_invited_twice(client, people):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}invitar/", NEW | {"email": people.bruno.email})
    assert answer.status_code == 422
    assert "ya es usuario" in answer.content.decode()


WRONG = [({"email": "no"}, "arroba"), ({"role": "root"}, "root"), ({"email": ""}, "obligatorio")]


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_what_is_wrong_is_said_and_what_she_wrote_stays(client, people, changed, words):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}invitar/", NEW | changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Nora &lt;b&gt;" in page
    assert not User.objects.filter(email__startswith="nueva").exists()


def test_a_role_is_changed(client, people):
    client.force_login(people.ana)
    member = Membership.objects.get(user=people.bruno)
    client.post(f"{PATH}{member.pk}/rol/", {"role": "sender"})
    member.refresh_from_db()
    assert member.role == Role.SENDER


def test_the_last_administrator_stays_one(client, people):
    client.force_login(people.ana)
    mine = Membership.objects.get(user=people.ana)
    for path, posted in (("rol/", {"role": "reader"}), ("quitar/", {})):
        answer = client.post(f"{PATH}{mine.pk}/{path}", posted, headers={"HX-Request": "true"})
        assert answer.status_code == 409
        assert "única persona que administra" in answer.content.decode()
    assert Membership.objects.get(user=people.ana).role == Role.ADMIN


def test_removing_asks_first(client, people):
    client.force_login(people.ana)
    member = Membership.objects.get(user=people.bruno)
    part = client.get(f"{PATH}{member.pk}/quitar/", headers={"HX-Request": "true", "HX-Target": "dialog"})
    assert part.content.decode().lstrip().startswith("<dialog")
    assert Membership.objects.filter(pk=member.pk).exists()
    client.post(f"{PATH}{member.pk}/quitar/")
    assert not Membership.objects.filter(pk=member.pk).exists()
    client.force_login(people.bruno)
    assert client.get("/facturas/").status_code == 302


def test_a_lost_second_factor_is_taken_off(client, people):
    Authenticator.objects.create(user=people.bruno, type="totp", data={})
    client.force_login(people.ana)
    member = Membership.objects.get(user=people.bruno)
    assert "con segundo factor" in client.get(PATH).content.decode()
    assert client.get(f"{PATH}{member.pk}/segundo-factor/").status_code == 200
    client.post(f"{PATH}{member.pk}/segundo-factor/")
    assert not Authenticator.objects.exists()


def test_an_administrator_ends_the_sessions_of_a_member(client, people):
    bruno = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"})
    bruno.force_login(people.bruno)
    bruno.get("/")
    client.force_login(people.ana)
    path = f"{PATH}{Membership.objects.get(user=people.bruno).pk}/sesiones/"
    assert "Firefox, Linux" in client.get(path).content.decode()
    assert bruno.get("/").status_code == 200
    assert client.post(path).url == PATH
    assert bruno.get("/").status_code == 302
    assert "Cerró las sesiones de Bruno Botero." in client.get("/configuracion/actividad/").content.decode()


def test_not_those_of_one_who_works_for_others_too(client, people):
    other = Membership.objects.get(user=people.carla).company
    Membership.objects.create(company=other, user=people.bruno, role=Role.READER)
    bruno = Client()
    bruno.force_login(people.bruno)
    client.force_login(people.ana)
    path = f"{PATH}{Membership.objects.get(user=people.bruno, company=people.company).pk}/sesiones/"
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 409
        assert "también trabaja en una empresa que usted no administra" in answer.content.decode()
    assert bruno.get("/empresa/").status_code == 200


def test_a_stranger_reaches_nobody(client, people):
    client.force_login(people.carla)
    assert "Bruno" not in client.get(PATH).content.decode()
    pk = Membership.objects.get(user=people.bruno).pk
    for path in ("rol/", "quitar/", "segundo-factor/", "sesiones/", "invitar/"):
        assert client.post(f"{PATH}{pk}/{path}", {"role": "admin"}).status_code == 404
    assert Membership.objects.get(pk=pk).role == Role.READER


def test_whoever_does_not_administer_is_kept_out(client, preparer):
    client.force_login(preparer)
    assert client.get(PATH).status_code == 403
    assert client.post(f"{PATH}invitar/", NEW).status_code == 403
