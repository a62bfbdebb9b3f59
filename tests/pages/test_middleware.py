import pytest
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cartero.pages.access import public
from cartero.platform.errors import CarteroError
from tests.factories import make_company, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class TooLate(CarteroError):
    """It cannot be stopped any more."""

    text = _("El envío %(number)s ya terminó.")


@public
def late(request):
    raise TooLate(number=47)


@public
def broken(request):
    raise ZeroDivisionError


@public
def clock(request):
    return HttpResponse(timezone.get_current_timezone_name())


urlpatterns = [
    path("tarde/", late),
    path("roto/", broken),
    path("reloj/", clock),
    path("", include("cartero.pages.urls")),
]
handler404 = "cartero.pages.errors.not_found"
handler500 = "cartero.pages.errors.broken"


@pytest.fixture
def ana(client):
    ana = make_user(make_company(timezone="America/Lima"))
    client.force_login(ana)
    return ana


def test_an_error_we_can_tell_returns_her_to_where_she_was(client, ana):
    answer = client.post("/tarde/", headers={"Referer": "http://testserver/buscar/?q=x"}, follow=True)
    assert answer.redirect_chain == [("/buscar/?q=x", 302)]
    assert "El envío 47 ya terminó." in answer.content.decode()


def test_it_never_returns_her_to_another_site(client, ana):
    answer = client.post("/tarde/", headers={"Referer": "https://elsewhere.example.com/"})
    assert answer.status_code == 409
    assert "El envío 47 ya terminó." in answer.content.decode()
    assert "elsewhere" not in answer.content.decode()


def test_with_htmx_it_is_a_fragment(client, ana):
    answer = client.post("/tarde/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "El envío 47 ya terminó." in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_what_nobody_foresaw_has_a_number_and_no_detail(client, ana, caplog):
    client.raise_request_exception = False
    answer = client.get("/roto/")
    page = answer.content.decode()
    assert answer.status_code == 500
    number = page.split("cite el número ")[1].split(".")[0]
    assert f"number={number}" in caplog.text
    assert "ZeroDivisionError" not in page


def test_the_clocks_are_those_of_the_company(client, ana):
    assert client.get("/reloj/").content.decode() == "America/Lima"


def test_nothing_and_what_is_not_hers_look_the_same(client, ana):
    def shown(address):
        answer = client.get(address)
        return answer.status_code, answer.content.decode().split("cite el número")[0].split("<main")[1]

    assert shown("/nada/") == shown("/otra/nada/")
