from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from cartero.invoices.states import MailStatus
from cartero.mailings import breakdowns
from tests.factories import make_invoice, make_party
from tests.mailings.test_breakdowns import sent
from tests.pages import browsing
from tests.pages.people import make_people

pytestmark = pytest.mark.django_db
JULY, JUNE = date(2026, 7, 1), date(2026, 6, 1)


@pytest.fixture
def people():
    people = make_people()
    party = make_party(people.company)
    for status, many in ((MailStatus.DELIVERED, 3), (MailStatus.BOUNCED, 1), (MailStatus.UNSENT, 2)):
        for _n in range(many):
            make_invoice(party, period=JULY, mail_status=status)
    make_invoice(party, period=JUNE, mail_status=MailStatus.FAILED)
    make_invoice(make_party(people.carla.memberships.get().company), period=JULY, mail_status=MailStatus.ACCEPTED)
    return people


def counts(month):
    return {status.value: n for status, n in month.states if n}


def test_the_newest_month_is_counted_and_the_year_up_to_it(client, people):
    client.force_login(people.bruno)
    answer = client.get("/informes/")
    assert [month.period for month in answer.context["months"]] == [JULY, JUNE]
    assert counts(answer.context["month"]) == {"delivered": 3, "bounced": 1, "unsent": 2}
    assert counts(answer.context["months"][1]) == {"failed": 1}
    assert "50 % enviado y no devuelto" in answer.content.decode()


def test_another_month_can_be_asked_for(client, people):
    client.force_login(people.bruno)
    assert client.get("/informes/?periodo=2026-06").context["month"].period == JUNE
    assert client.get("/informes/?periodo=zzz").context["month"].period == JULY


def test_each_number_leads_to_its_documents(client, people):
    client.force_login(people.bruno)
    page = client.get("/informes/").content.decode()
    assert 'href="/facturas/?periodo=2026-07&amp;estado=bounced">1</a>' in page


def test_each_bar_has_its_name_and_number_beside_it(client, people):
    client.force_login(people.bruno)
    answer = client.get("/informes/")
    bars = {bar.status.value: (bar.count, bar.width, bar.share) for bar in answer.context["bars"]}
    assert list(bars) == MailStatus.values
    assert (bars["delivered"], bars["queued"]) == ((3, 100, 50), (0, 0, 0))
    assert bars["unsent"] == (2, 66.67, Decimal("33.3"))
    assert all(str(label) in answer.content.decode() for label in MailStatus.labels)


def test_it_costs_the_same_whatever_there_is(client, people, django_assert_max_num_queries):
    client.force_login(people.bruno)
    with django_assert_max_num_queries(12):
        client.get("/informes/")


def test_the_table_can_be_taken_along(client, people):
    client.force_login(people.bruno)
    content = b"".join(client.get("/informes/xlsx/").streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["Período", "Sin enviar", "En cola", "Enviada"]
    assert (rows[1][0], rows[1][1], rows[1][4], rows[1][9], rows[1][11]) == (JULY, 2, 3, 6, 6 * 119_000)


def test_before_the_first_document_it_says_so(client):
    people = make_people()
    client.force_login(people.bruno)
    assert "Todavía no hay documentos" in client.get("/informes/").content.decode()
    assert client.get("/informes/xlsx/").status_code == 200


def test_a_stranger_counts_her_own(client, people):
    client.force_login(people.carla)
    assert counts(client.get("/informes/").context["month"]) == {"accepted": 1}


def test_the_reports_are_whole(server, chromium, signed_in, people):
    sent(people.company)
    breakdowns.refresh()
    paths = [
        "/informes/",
        "/informes/envios/",
        *(f"/informes/{each}/" for each in ("motivos", "dominios", "vistos", "terceros", "sin-llegar")),
    ]
    with browsing.window(chromium, signed_in(people.bruno, server)) as window:
        page = window.new_page()
        for path in paths:
            browsing.check(page, server + path)
