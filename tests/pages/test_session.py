import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone

from cartero.accounts import sessions
from cartero.accounts.models import Session
from cartero.companies.models import Membership
from cartero.companies.roles import Role
from cartero.pages import session
from tests.factories import PASSWORD, make_company, make_user

pytestmark = pytest.mark.django_db

AGES = [
    (timedelta(hours=7), timedelta(hours=7), True),  # idle, but not for long
    (timedelta(hours=9), timedelta(hours=9), False),  # idle for more than 8 hours
    (timedelta(days=6), timedelta(hours=1), True),  # used every day
    (timedelta(days=8), timedelta(hours=1), False),  # never older than 7 days
]


@pytest.fixture
def ana():
    return make_user(make_company(name="Valle Verde S.A.S."), email="ana@valle.example.co")


def sign_in(client, password):
    return client.post("/entrar/", {"login": "ana@valle.example.co", "password": password})


def test_she_signs_in_and_gets_a_new_session(client, ana):
    client.get("/entrar/")
    before = client.session.session_key
    assert sign_in(client, PASSWORD).url == "/"
    assert client.session.session_key != before
    assert client.get("/").status_code == 200


def test_wrong_password_and_unknown_user_read_alike(client, ana):
    wrong = sign_in(client, "no es esta clave")
    unknown = client.post("/entrar/", {"login": "nadie@valle.example.co", "password": "no es esta clave"})
    assert "El correo o la contraseña no coinciden." in wrong.content.decode()
    assert "El correo o la contraseña no coinciden." in unknown.content.decode()


def test_the_sixth_wrong_password_has_to_wait(client, ana):
    for _time in range(5):
        sign_in(client, "no es esta clave")
    assert "Demasiados intentos" in sign_in(client, PASSWORD).content.decode()


def test_next_leads_nowhere_else(client, ana):
    answer = client.post("/entrar/?next=https://elsewhere.example.com/", {"login": ana.email, "password": PASSWORD})
    assert answer.url == "/"


@pytest.mark.parametrize(("began", "seen", "stays"), AGES)
def test_how_long_a_session_lasts(client, ana, began, seen, stays):
    client.force_login(ana)
    now = timezone.now()
    kept = client.session
    kept["began"], kept["seen"] = (now - began).isoformat(), (now - seen).isoformat()
    kept.save()
    assert (client.get("/").status_code == 200) is stays


def test_leaving_takes_a_post(client, ana):
    client.force_login(ana)
    assert client.get("/salir/").status_code == 200
    assert client.get("/").status_code == 200
    assert client.post("/salir/").url == "/entrar/"
    assert client.get("/").status_code == 302


def test_who_works_for_two_companies_changes_between_them(client, ana):
    other = make_company(name="Otra S.A.S.")
    Membership.objects.create(company=other, user=ana, role=Role.READER)
    client.force_login(ana)
    assert "Otra S.A.S." in client.get("/empresa/").content.decode()
    assert client.post(f"/empresa/{other.pk}/").url == "/"
    assert client.get("/").wsgi_request.company == other


def test_nobody_enters_a_company_that_is_not_hers(client, ana):
    client.force_login(ana)
    assert client.post(f"/empresa/{make_company().pk}/").status_code == 404


def test_a_membership_that_ended_ends_at_once(client, ana):
    client.force_login(ana)
    client.get("/")
    Membership.objects.filter(user=ana).delete()
    assert client.get("/").url == "/empresa/"


def test_a_changed_password_ends_the_other_sessions(client, ana):
    client.force_login(ana)
    elsewhere = type(client)()
    elsewhere.force_login(ana)
    fresh = "otra clave larga y propia"
    answer = client.post("/cuenta/clave/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
MINE = "/cuenta/sesiones/"


@pytest.fixture
def desk(ana):
    client = Client(headers={"User-Agent": CHROME}, REMOTE_ADDR="190.24.57.18")
    sign_in(client, PASSWORD)
    return client


@pytest.fixture
def phone(ana):
    client = Client(headers={"User-Agent": PHONE}, REMOTE_ADDR="2800:e2:1180:2c00::18")
    sign_in(client, PASSWORD)
    return client


def ends(page):
    return re.findall(r'action="(/cuenta/sesiones/\w+/cerrar/)"', page)


def test_she_sees_where_she_is_in_and_ends_one(desk, phone):
    page = phone.get(MINE).content.decode()
    assert page.index("Safari, iPhone") < page.index("Esta") < page.index("Chrome, Windows")
    assert "190.24.57.…" in page
    assert "190.24.57.18" not in page
    (end,) = ends(page)
    assert desk.session.session_key not in page
    assert phone.post(end).url == MINE
    assert desk.get("/").url.startswith("/entrar/")
    assert "Chrome, Windows" not in phone.get(MINE).content.decode()
    assert phone.post(end).status_code == 404


def test_she_ends_all_but_the_one_she_is_in(desk, phone, client, people):
    client.force_login(people.carla)
    assert phone.post(f"{MINE}cerrar/").url == MINE
    assert [each.get("/").status_code for each in (phone, desk, client)] == [200, 302, 200]


def test_one_that_a_new_password_has_shut_is_not_listed(desk, phone):
    fresh = "otra clave larga y propia"
    phone.post("/cuenta/clave/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert ends(phone.get(MINE).content.decode()) == []


@pytest.mark.django_db(transaction=True)  # it is told when the factor is committed
def test_a_new_second_factor_ends_what_came_in_without_it(desk, phone, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # half a minute may end between two lines
    activate = "/cuenta/segundo-factor/activar/"
    page = phone.post(f"/entrar/otra-vez/?next={activate}", {"password": PASSWORD}, follow=True)
    key, secret = phone.session.session_key, page.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert phone.post(activate, {"code": code}).status_code == 302
    assert secret not in str(Authenticator.objects.values_list("data"))
    assert phone.get("/").status_code == 200
    assert phone.session.session_key != key
    assert desk.get("/").status_code == 302


def test_who_proves_again_who_she_is_gets_a_new_session(desk):
    key = desk.session.session_key
    assert desk.post("/entrar/otra-vez/?next=/facturas/", {"password": PASSWORD}).url == "/facturas/"
    assert desk.session.session_key != key


def test_rows_of_sessions_that_ran_out_are_dropped(desk, phone):
    Session.objects.filter(session_key=desk.session.session_key).update(expire_date=timezone.now())
    sessions.forget()
    assert Session.objects.get().session_key == phone.session.session_key


def test_a_forgotten_password_is_mailed_in_spanish_once(client, ana, desk, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    client.post("/clave/", {"email": ana.email})
    client.post("/clave/", {"email": "nadie@valle.example.co"})
    (message,) = mail.outbox
    assert message.to == [ana.email]
    assert message.subject == "Cartero: cambie su contraseña"
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    fresh = "otra clave larga y propia"
    answer = client.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert answer.url == "/clave/lista/"
    assert "ya no sirve" in client.get(link.removeprefix("http://testserver"), follow=True).content.decode()
    assert desk.get("/").status_code == 302  # whoever was in with the old one
    assert sign_in(type(client)(), fresh).url == "/"


def test_nobody_signs_up(client, ana):
    page = client.get("/entrar/cerrado/").content.decode()
    assert "con invitación" in page


def test_membership_of_an_anonymous_person():
    request = RequestFactory().get("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    assert session.membership_of(request) is None
