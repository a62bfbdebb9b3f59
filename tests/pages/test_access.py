from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from cartero.companies.models import Membership
from cartero.companies.roles import Role
from cartero.pages.access import public, role, signed_in
from tests.factories import make_company
from tests.pages.people import make_people

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@role(Role.SENDER)
def send(request):
    return HttpResponse(f"{request.company}|{request.membership.role}")


urlpatterns = [
    path("enviar/", send),
    path("todos/", public(lambda request: HttpResponse("todos"))),
    path("yo/", signed_in(lambda request: HttpResponse("yo"))),
    path("", include("cartero.pages.urls")),
]
handler403 = "cartero.pages.errors.forbidden"
handler404 = "cartero.pages.errors.not_found"


def views(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        else:
            yield str(pattern.pattern), pattern.callback


def test_who_may_gets_in(client):
    people = make_people()
    client.force_login(people.ana)
    assert client.get("/enviar/").content.decode() == "Valle Verde S.A.S.|admin"


def test_a_stranger_is_led_to_the_login_and_back(client):
    make_people()
    assert client.get("/enviar/?a=1").url == "/entrar/?next=/enviar/%3Fa%3D1"
    assert client.get("/yo/").url == "/entrar/?next=/yo/"
    page = "http://testserver/facturas/?q=x"
    assert client.post("/enviar/", headers={"Referer": page}).url == "/entrar/?next=/facturas/%3Fq%3Dx"
    assert client.post("/enviar/", headers={"Referer": "https://elsewhere.example.com/"}).url == "/entrar/?next=/"
    assert client.get("/todos/").status_code == 200


def test_a_new_cartero_leads_to_its_first_page(client):
    assert client.get("/enviar/").url == "/empezar/"


def test_a_session_that_ended_leads_the_whole_page_to_the_login_not_the_fragment(client):
    make_people()
    answer = client.get("/enviar/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/facturas/?q=x"})
    assert answer.headers["HX-Redirect"] == "/entrar/?next=/facturas/%3Fq%3Dx"


def test_a_role_too_low_says_which_it_takes_and_whom_to_ask(client):
    people = make_people()
    client.force_login(people.bruno)
    answer = client.get("/enviar/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "«Envía»" in page
    assert "Ana Arango" in page
    assert "cite el número" in page


def test_without_a_company_she_chooses_one(client):
    people = make_people()
    Membership.objects.create(company=make_company(), user=people.carla, role=Role.READER)
    client.force_login(people.carla)
    assert client.get("/enviar/").url == "/empresa/"
    Membership.objects.filter(user=people.carla).delete()
    assert client.get("/enviar/").url == "/empresa/"


def test_over_the_network_who_sends_proves_it_twice(client):
    client.force_login(make_people().ana)
    with override_settings(UNDER_TLS=True):
        assert client.get("/enviar/").url == "/cuenta/segundo-factor/activar/"
        assert client.get("/buscar/").status_code == 200


def test_every_view_says_who_may_see_it():
    unguarded = [
        address
        for address, view in views(get_resolver("cartero.urls").url_patterns)
        if not hasattr(view, "required_role")
    ]
    assert unguarded == []


def test_a_form_without_its_token_is_refused_in_words():
    answer = Client(enforce_csrf_checks=True).post("/entrar/", {"login": "ana@example.co"})
    assert answer.status_code == 403
    assert "El formulario venció" in answer.content.decode()
