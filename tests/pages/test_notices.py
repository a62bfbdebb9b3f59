"""Mis avisos, and the link in each mail that stops its kind without a login."""

import pytest
from django.test import Client

from cartero.companies import noticing
from cartero.companies.models import NoticeKind

pytestmark = pytest.mark.django_db
K = NoticeKind


def link(people, user, kind=K.BOUNCED):
    return noticing.link_to_stop(people.company, user, kind).partition("://")[2].partition("/")[2].join(("/", ""))


def test_she_chooses_her_own(client, people):
    client.force_login(people.bruno)
    assert client.get("/mis-avisos/").text.count("checked") == 4
    page = client.post("/mis-avisos/", {"kinds": ["finished", "refused"]}, follow=True).text
    assert "Sus avisos quedaron guardados." in page
    assert page.count("checked") == 2
    assert noticing.wanted(people.company, people.bruno) == [K.FINISHED, K.REFUSED]
    assert noticing.wanted(people.company, people.ana) == [*K]
    assert client.post("/mis-avisos/", {"kinds": ["todo"]}).status_code == 422


def test_the_link_shows_one_button_and_the_button_does_it(people):
    client = Client(enforce_csrf_checks=True)  # she has not signed in
    path = link(people, people.bruno)
    assert "No quiero recibirlo más" in client.get(path).text
    assert noticing.wanted(people.company, people.bruno) == [*K]
    assert "ya no le llega" in client.post(path).text
    assert noticing.wanted(people.company, people.bruno) == [K.FINISHED, K.REFUSED, K.BATCH]
    assert client.post(path).status_code == 200  # twice is once


def test_a_mail_program_presses_it_by_itself(people):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(link(people, people.carla), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 404  # she is not of that company
    answer = client.post(link(people, people.ana, K.REFUSED), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert noticing.wanted(people.company, people.ana) == [K.FINISHED, K.BOUNCED, K.BATCH]


@pytest.mark.parametrize("change", [lambda path: path[:-3] + "xx/", lambda _: "/avisos/nada/"])
def test_a_link_that_was_changed_says_so(people, change):
    answer = Client().post(change(link(people, people.ana)))
    assert answer.status_code == 404
    assert "Este enlace no sirve" in answer.text
    assert noticing.wanted(people.company, people.ana) == [*K]
