from datetime import date

import pytest

from cartero.invoices.states import MailStatus
from tests.factories import make_company, make_invoice, make_party
from tests.pages.reports.test_unarrived import rows

pytestmark = pytest.mark.django_db
JULY, JUNE = date(2026, 7, 1), date(2026, 6, 1)
PATH = "/informes/terceros/"


@pytest.fixture
def party(people):
    """Two that bounced and one that failed; another tercero has one that failed, a third none."""
    party = make_party(people.company, name="Los Cerezos")
    for status in (MailStatus.BOUNCED, MailStatus.BOUNCED, MailStatus.FAILED, MailStatus.VIEWED):
        make_invoice(party, period=JULY, mail_status=status)
    make_invoice(party, period=JUNE, mail_status=MailStatus.UNSENT)
    make_invoice(make_party(people.company, name="Tienda Luz"), period=JULY, mail_status=MailStatus.FAILED)
    make_invoice(make_party(people.company, name="La Sana"), period=JULY, mail_status=MailStatus.DELIVERED)
    make_invoice(make_party(make_company()), period=JULY, mail_status=MailStatus.BOUNCED)
    return party


def test_those_to_whom_most_came_back(client, people, party, django_assert_max_num_queries):
    client.force_login(people.bruno)
    with django_assert_max_num_queries(12):
        answer = client.get(PATH)
    lines = [(line.party.name, line.bounced, line.failed, line.width, line.second) for line in answer.context["lines"]]
    assert lines == [("Los Cerezos", 2, 1, 66.67, 33.33), ("Tienda Luz", 0, 1, 0.0, 33.33)]
    assert f"/informes/terceros/{party.pk}/" in answer.content.decode()


def test_all_of_one_month_by_month(client, people, party):
    client.force_login(people.bruno)
    answer = client.get(f"{PATH}{party.pk}/")
    counted = [(month.period, {state.value: n for state, n in month.states if n}) for month in answer.context["months"]]
    assert counted == [(JULY, {"viewed": 1, "bounced": 2, "failed": 1}), (JUNE, {"unsent": 1})]
    assert [row[-1] for row in rows(client.get(f"{PATH}{party.pk}/xlsx/"))] == [4, 1]


def test_every_tercero_of_the_month_can_be_taken_along(client, people, party):
    client.force_login(people.bruno)
    found = [(row[1], row[-1]) for row in rows(client.get(f"{PATH}xlsx/"))]
    assert found == [("Los Cerezos", 4), ("Tienda Luz", 1), ("La Sana", 1)]


def test_where_nothing_came_back_it_says_so(client, people):
    client.force_login(people.bruno)
    assert "Todavía no hay documentos" in client.get(PATH).content.decode()
    quiet = make_party(people.company)
    assert "Todavía no tiene documentos" in client.get(f"{PATH}{quiet.pk}/").content.decode()
    make_invoice(quiet, mail_status=MailStatus.DELIVERED)
    assert "A nadie se le devolvió nada" in client.get(PATH).content.decode()


def test_a_stranger_sees_none_of_it(client, people, party):
    client.force_login(people.carla)
    assert client.get(PATH).context["lines"] == []
    for path in (f"{PATH}{party.pk}/", f"{PATH}{party.pk}/xlsx/"):
        assert client.get(path).status_code == 404
