from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from cartero.invoices.states import MailStatus
from tests.factories import make_company, make_invoice, make_party
from tests.pages.people import make_people

pytestmark = pytest.mark.django_db
JULY, JUNE = date(2026, 7, 1), date(2026, 6, 1)
PATH = "/informes/sin-llegar/"


@pytest.fixture
def people():
    """One document in each state, two that bounced, one of another month and one of a stranger."""
    people = make_people()
    party = make_party(people.company, name="Los Cerezos")
    for status in MailStatus:
        make_invoice(party, period=JULY, mail_status=status)
    make_invoice(party, period=JULY, mail_status=MailStatus.BOUNCED, mail_reason="no_mailbox")
    make_invoice(party, period=JUNE, mail_status=MailStatus.FAILED)
    make_invoice(make_party(make_company()), period=JULY, mail_status=MailStatus.BOUNCED)
    return people


def rows(answer):
    content = BytesIO(b"".join(answer.streaming_content))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()[1:]


def test_what_is_missing_is_all_that_did_not_arrive(client, people, django_assert_max_num_queries):
    client.force_login(people.bruno)
    with django_assert_max_num_queries(12):
        answer = client.get(PATH)
    assert {bar.status.value: bar.count for bar in answer.context["bars"]} == {
        "bounced": 2,
        "failed": 1,
        "in_doubt": 1,
        "unsent": 1,
        "queued": 1,
    }
    assert answer.context["missing"] == 6
    assert [str(why) for _invoice, why in answer.context["rows"]] == ["", "El buzón no existe."]
    assert "Faltan 6 de 9 documentos" in answer.content.decode()


def test_a_state_and_a_month_are_chosen(client, people):
    client.force_login(people.bruno)
    assert len(client.get(PATH, {"estado": "failed"}).context["rows"]) == 1
    june = client.get(PATH, {"periodo": "2026-06"})
    assert [invoice.mail_status for invoice, _why in june.context["rows"]] == ["failed"]


def test_all_of_it_can_be_taken_along(client, people):
    client.force_login(people.bruno)
    found = rows(client.get(f"{PATH}xlsx/"))
    assert sorted(row[7] for row in found) == ["En cola", "En duda", "Fallida", "Rebotada", "Rebotada", "Sin enviar"]
    assert {row[3] for row in found} == {"Los Cerezos"}


def test_where_all_arrived_it_says_so(client):
    people = make_people()
    client.force_login(people.bruno)
    assert "Todavía no hay documentos" in client.get(PATH).content.decode()
    assert rows(client.get(f"{PATH}xlsx/")) == []
    make_invoice(make_party(people.company), mail_status=MailStatus.VIEWED)
    assert "Todo llegó" in client.get(PATH).content.decode()


def test_a_stranger_misses_her_own(client, people):
    client.force_login(people.carla)
    assert client.get(PATH).context["period"] is None
