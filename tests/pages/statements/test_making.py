from datetime import date

import pytest

from cartero.invoices.models import PeriodTally
from cartero.mailings.models import StatementRun
from tests.factories import make_group

pytestmark = pytest.mark.django_db
PATH = "/facturas/estados-de-cuenta/hacer/"
ALL = {"until": "2026-07-31", "audience": "everyone"}
COUNT = {"HX-Request": "true", "HX-Target": "summary"}


@pytest.fixture
def ana(client, people, parties):
    client.force_login(people.ana)
    return client


def test_it_says_before_how_many_how_much_and_who_is_left_out(ana):
    shown = ana.get(PATH).text
    for said in ("$ 189.000,00", "1 documento no tiene saldo importado.", "No debe nada a esa fecha"):
        assert said in shown
    part = ana.post(PATH, ALL | {"accion": "contar", "until": "2026-06-30"}, headers=COUNT).text
    assert "<form" not in part
    assert "189.000" not in part
    assert not StatementRun.objects.exists()


def test_with_very_many_documents_the_page_comes_before_the_counts(ana, people):
    facts = {"kind": "invoice", "currency": "COP", "mail_status": "unsent", "amount": 0, "is_merged": True}
    PeriodTally.objects.create(company=people.company, period=date(2026, 7, 1), documents=20_001, **facts)
    shown = ana.get(PATH).text
    assert "189.000" not in shown
    assert "contarlos toma unos segundos" in shown
    assert 'hx-trigger="load, input' in shown
    assert "$ 189.000,00" in ana.post(PATH, ALL | {"accion": "contar"}, headers=COUNT).text


def test_it_makes_them_and_leads_to_how_far_they_are(ana, people):
    answer = ana.post(PATH, ALL | {"pay_to": "Banco de Prueba"})
    run = StatementRun.objects.get()
    assert answer.url == f"/facturas/estados-de-cuenta/{run.pk}/"
    assert (run.statements, run.left_out, run.pay_to, run.created_by) == (2, 1, "Banco de Prueba", people.ana)
    assert "Banco de Prueba" in ana.get(PATH).text  # it begins with what was said the last time


def test_only_a_group_or_who_was_ticked(ana, people, parties):
    group = make_group(people.company, parties[0])
    ana.post(PATH, ALL | {"audience": "group", "group": group.pk})
    ana.post(PATH, ALL | {"audience": "chosen", "parties": [parties[1].pk]})
    first, second = StatementRun.objects.order_by("pk")
    assert [row.party for row in (first.rows.get(), second.rows.get())] == parties[:2]


def test_it_begins_with_who_was_ticked_elsewhere(ana, parties):
    listed = ana.get("/terceros/").text
    assert f'name="tercero" value="{parties[0].pk}"' in listed
    assert f'<form action="{PATH}" method="get">' in listed
    assert f'href="{PATH}?tercero={parties[0].pk}"' in ana.get(f"/terceros/{parties[0].pk}/").text
    shown = ana.get(PATH, {"tercero": [parties[0].pk, parties[2].pk, "x", 10**30]})
    assert shown.context["summary"].terceros == 2
    assert shown.context["summary"].counts.statements == 1
    assert f'value="{parties[0].pk}" checked' in shown.text
    assert f'value="{parties[1].pk}"' not in shown.text


def test_terceros_are_found_and_stay_ticked(ana, parties):
    asked = {"audience": "chosen", "parties": [parties[0].pk], "accion": "buscar", "buscar_tercero": "omar"}
    shown = ana.post(PATH, ALL | asked).text
    assert f'value="{parties[0].pk}" checked' in shown
    assert f'value="{parties[1].pk}">' in shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"until": ""}, "Escriba el día."),
        ({"since": "2026-08-01"}, "Los movimientos no pueden comenzar después de la fecha de corte."),
        ({"audience": "zone"}, "Elija una zona."),
        ({"audience": "chosen"}, "Elija al menos un tercero."),
        ({"until": "2026-06-30"}, "Ninguno de los terceros que eligió debe algo al 30 de junio de 2026"),
    ],
)
def test_what_cannot_be_made_is_said(ana, asked, said):
    answer = ana.post(PATH, ALL | asked)
    assert answer.status_code == 422
    assert said in answer.text
    assert not StatementRun.objects.exists()


def test_nobody_of_another_company_counts(client, people, parties):
    client.force_login(people.carla)
    part = client.post(PATH, ALL | {"audience": "chosen", "parties": [parties[0].pk]}).text
    assert "Luz" not in part
    assert not StatementRun.objects.exists()
