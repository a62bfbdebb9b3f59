import json

import pytest
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import include, path

from cartero.pages import http
from cartero.pages.access import public
from tests.factories import make_company, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Note(forms.Form):
    text = forms.CharField()


@public
def form(request):
    note = Note(request.POST or None)
    if request.method == "POST" and note.is_valid():
        return http.done(request, "/nota/", "Guardado.", undo="/nota/deshacer/")
    return http.page(request, "search.html", {"form": note, "wanted": ""})


@public
def warn(request):
    messages.warning(request, "Cuidado.")
    return http.follow(request, "/buscar/")


@http.framable
@public
def pdf(request):
    return HttpResponse(b"%PDF", content_type="application/pdf")


urlpatterns = [path("nota/", form), path("aviso/", warn), path("pdf/", pdf), path("", include("cartero.pages.urls"))]


def htmx(target="", here="http://testserver/nota/"):
    return {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": here}


@pytest.fixture
def ana(client):
    ana = make_user(make_company())
    client.force_login(ana)
    return ana


def test_a_page_is_whole_and_says_what_it_varies_with(client, ana):
    answer = client.get("/buscar/")
    assert answer.status_code == 200
    assert "HX-Request" in answer.headers["Vary"]
    assert "HX-Target" in answer.headers["Vary"]


def test_a_refused_form_is_422(client, ana):
    assert client.post("/nota/", {"text": ""}).status_code == 422
    assert client.get("/nota/?text=").status_code == 200


def test_what_was_done_redirects_and_says_so_with_a_way_back(client, ana):
    answer = client.post("/nota/", {"text": "hola"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/nota/", 302)]
    assert "Guardado." in page
    assert 'action="/nota/deshacer/"' in page


def test_with_htmx_only_the_target_is_asked_for_again_and_her_filters_stay(client, ana):
    here = "http://testserver/nota/?pagina=3"
    answer = client.post("/nota/", {"text": "hola"}, headers=htmx("lista", here))
    assert json.loads(answer.headers["HX-Location"]) == {
        "path": "/nota/?pagina=3",
        "target": "#lista",
        "swap": "outerHTML",
        "push": "false",
    }


def test_with_htmx_another_page_is_a_redirect(client, ana):
    answer = client.post("/nota/", {"text": "hola"}, headers=htmx("lista", "http://testserver/buscar/"))
    assert answer.headers["HX-Redirect"] == "/nota/"


def test_a_partial_is_answered_alone_with_the_messages_out_of_band(client, ana):
    client.post("/nota/", {"text": "hola"})
    client.get("/aviso/")
    answer = client.get("/buscar/?q=hola", headers=htmx("results")).content.decode()
    assert answer.lstrip().startswith('<div class="stack" id="results"')
    toasts, trouble = answer.split('id="trouble"')
    assert 'id="toasts" hx-swap-oob="beforeend"' in toasts
    assert "Guardado." in toasts
    assert "Cuidado." in trouble


def test_a_target_that_the_view_does_not_allow_gets_the_page(client, ana):
    assert "<!doctype html>" in client.get("/buscar/", headers=htmx("ui")).content.decode()


def test_only_what_is_framable_may_be_framed(client, ana):
    assert "frame-ancestors 'self'" in client.get("/pdf/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/buscar/").headers["Content-Security-Policy"]


HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
]


@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_headers_of_a_page(client, ana, name, value):
    assert client.get("/buscar/").headers[name] == value


DIRECTIVES = [
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
]


@pytest.mark.parametrize("directive", DIRECTIVES)
@pytest.mark.parametrize("address", ["/", "/entrar/", "/nada/"])
def test_the_content_policy_of_a_page(client, ana, directive, address):
    assert directive in client.get(address).headers["Content-Security-Policy"].split("; ")
