import pytest
from django.urls import reverse

from cartero.companies.roles import Role
from cartero.mailings import lifecycle
from tests.factories import make_user

pytestmark = pytest.mark.django_db
URL = "/envios/"


def test_the_window_shows_a_sending_and_what_can_be_done(enter, ana, mailing):
    page = enter(ana).get(URL)
    assert page.status_code == 200
    assert f'value="{mailing.pk}"' in page.text
    assert reverse("start_mailing", args=[mailing.pk]) in page.text
    assert "Solo mientras esté enviando." in page.text


def test_a_radio_brings_the_options_of_its_sending(enter, ana, register, invoices):
    first, second = register(), register()
    headers = {"HX-Request": "true", "HX-Target": "options"}
    answer = enter(ana).get(URL, {"sel": first.pk}, headers=headers)
    assert f"Envío {first.number}" in answer.text
    assert f"Envío {second.number}" not in answer.text
    assert "<table" not in answer.text
    assert 'id="chosen-bar" hx-swap-oob' in answer.text


def test_a_stranger_sees_and_selects_nothing(enter, carla, mailing):
    page = enter(carla).get(URL, {"sel": mailing.pk})
    assert mailing.name not in page.text
    assert reverse("start_mailing", args=[mailing.pk]) not in page.text


def test_a_reader_is_told_why_she_may_not(enter, company, mailing):
    page = enter(make_user(company, Role.READER)).get(URL)
    assert "hace falta el rol «Envía»" in page.text
    assert f'href="{reverse("start_mailing", args=[mailing.pk])}"' not in page.text


FILTERS = [
    ({"q": "cuotas"}, True),
    ({"q": "1"}, True),  # its number
    ({"q": "Omár"}, True),  # a tercero it goes to, whatever the accents
    ({"q": "nadie así"}, False),
    ({"estado": "registered"}, True),
    ({"estado": "finished"}, False),
    ({"estado": "nonsense"}, True),  # what is not understood filters nothing
    ({"sel": "x", "desde": "x"}, True),
]


@pytest.mark.parametrize(("asked", "found"), FILTERS)
def test_filters(enter, ana, mailing, asked, found):
    assert (mailing.name in enter(ana).get(URL, asked).text) == found


def test_a_running_one_says_how_far_it_is(enter, ana, mailing):
    lifecycle.start(mailing, ana)
    assert "Enviando 0 %" in enter(ana).get(URL).text


def test_queries_do_not_grow_with_the_list(enter, ana, register, invoices, django_assert_max_num_queries):
    client = enter(ana)
    for _ in range(5):
        lifecycle.start(register(), ana)
    with django_assert_max_num_queries(16):
        client.get(URL)


STATES = {"HX-Request": "true", "HX-Target": "states"}


def test_what_is_under_way_moves(enter, ana, mailing, register):
    quiet = register()
    lifecycle.start(mailing, ana)
    client = enter(ana)
    assert 'hx-trigger="every 4s"' in client.get(URL).text
    seen = {"sel": mailing.pk, "visto": f"{mailing.pk} sending"}
    part = client.get(URL, seen, headers=STATES)
    assert part.text.lstrip().startswith('<span id="states" hidden hx-get')
    for sending in (mailing, quiet):
        assert f'<span id="state-{sending.pk}" hx-swap-oob="true">' in part.text
    assert 'id="chosen-state" hx-swap-oob' in part.text
    assert 'id="options"' not in part.text, "her focus stays in it"


def test_who_listens_hears_the_state_that_moves(enter, ana, mailing):
    lifecycle.start(mailing, ana)
    page = enter(ana).get(URL).text
    assert f'aria-labelledby="pick-{mailing.pk} state-{mailing.pk}"' in page
    assert f'id="pick-{mailing.pk}">Envío {mailing.number}, {mailing.name},</span>' in page


def test_what_ended_brings_its_options_and_asks_no_more(enter, ana, mailing):
    lifecycle.start(mailing, ana)
    lifecycle.stop(mailing, ana)
    part = enter(ana).get(URL, {"sel": mailing.pk, "visto": f"{mailing.pk} sending"}, headers=STATES)
    assert 'id="options" hx-swap-oob="true"' in part.text
    assert "hx-trigger" not in part.text.partition("<aside")[0]
    assert "Reanudar el envío" in part.text


def test_a_quiet_list_asks_nothing(enter, ana, mailing):
    assert "every 4s" not in enter(ana).get(URL).text
