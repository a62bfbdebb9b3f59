import html
import re

import pytest

pytestmark = pytest.mark.django_db
PATH = "/facturas/estados-de-cuenta/"


@pytest.fixture
def ana(client, people):
    client.force_login(people.ana)
    return client


def test_the_list_tells_each_time(ana, run):
    shown = ana.get(PATH).text
    assert f"{PATH}{run.pk}/" in shown
    assert "Terminado" in shown
    assert PATH in ana.get("/facturas/").text


def test_while_it_is_made_it_says_how_far_it_is(ana, begun):
    part = ana.get(f"{PATH}{begun.pk}/", headers={"HX-Request": "true", "HX-Target": "progress"}).text
    assert "<h1" not in part
    assert "Hechos 0 de 2" in part
    assert "every 2s" in part
    assert "Registrar envío" not in part


def test_then_each_tercero_with_its_document_or_its_reason(ana, run):
    shown = ana.get(f"{PATH}{run.pk}/").text
    for said in ("2 estados de cuenta", "EC-2026-07-1", "Luz", "$ 70.000,00", "$ 189.000,00", "Banco de Prueba"):
        assert said in shown
    assert "Pagada" not in shown
    assert "every 2s" not in shown
    out = ana.get(f"{PATH}{run.pk}/", {"estado": "por-fuera"}).text
    assert "Pagada" in out
    assert "No debe nada a esa fecha" in out


def test_one_press_leads_to_a_copy_of_exactly_them(ana, run):
    shown = ana.get(f"{PATH}{run.pk}/").text
    link = html.unescape(re.search(r'href="([^"]*envios/registrar/[^"]*)"', shown)[1])
    form = ana.get(link).text
    assert 'value="copy" ' in form
    assert re.search(r'value="statement" selected', form)
    assert re.search(r'value="EC-2026-07-" selected', form)
    assert re.search(r'tally__sum">2<', form)


@pytest.mark.parametrize("path", [f"{PATH}{{pk}}/", f"{PATH}{{pk}}/?estado=nada&desde=%00"])
def test_a_stranger_finds_nothing(client, people, run, path):
    client.force_login(people.carla)
    assert client.get(path.format(pk=run.pk)).status_code == 404
    assert str(run.prefix) not in client.get(PATH).text


def test_who_only_reads_makes_none(client, people, run):
    client.force_login(people.bruno)
    shown = client.get(f"{PATH}{run.pk}/").text
    assert "Registrar envío" not in shown
    assert client.post(f"{PATH}hacer/", {"until": "2026-07-31", "audience": "everyone"}).status_code == 403
