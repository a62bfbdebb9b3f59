from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from cartero.importing.models import Import, ImportStatus, Outcome
from tests.importing.ubl_documents import delivery, zipped

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "progress"}


@pytest.fixture
def source(receive):
    """One document that came in, one file that did not."""
    return receive({"uno.zip": zipped(delivery("FE10")), "<img src=x onerror=alert(1)>.xml": "<nada/>"})


def test_each_refusal_says_where_what_and_how_to_mend_it(client, people, source):
    client.force_login(people.bruno)
    answer = client.get(f"/importar/{source.pk}/")
    page = answer.content.decode()
    assert {share.outcome: share.count for share in answer.context["shares"]} == {
        Outcome.REFUSE: 1,
        Outcome.IMPORT: 1,
    }
    (said,) = source.lines.get(outcome=Outcome.REFUSE).messages
    assert f"{said['what'][0].upper()}{said['what'][1:]}." in page, "it is a sentence"
    assert said["mend"] in page
    assert "<img src=x" not in page


def test_one_outcome_can_be_looked_at_alone(client, people, source):
    client.force_login(people.bruno)
    answer = client.get(f"/importar/{source.pk}/?resultado=refuse")
    assert [row.line.outcome for row in answer.context["rows"]] == ["refuse"]
    assert len(client.get(f"/importar/{source.pk}/?resultado=zzz").context["rows"]) == 2


def test_pages_cost_the_same_whatever_the_import(client, people, source, django_assert_max_num_queries):
    client.force_login(people.bruno)
    with django_assert_max_num_queries(11):
        client.get(f"/importar/{source.pk}/")


@pytest.mark.parametrize("status", [ImportStatus.RECEIVED, ImportStatus.READING])
def test_while_it_is_read_the_page_asks_again(client, people, source, status):
    Import.objects.update(status=status, read=300)
    client.force_login(people.bruno)
    whole, part = client.get(f"/importar/{source.pk}/"), client.get(f"/importar/{source.pk}/", headers=HTMX)
    assert 'http-equiv="refresh"' in whole.content.decode()
    assert part.content.decode().lstrip().startswith('<div class="stack" id="progress" hx-get=')


def test_when_it_is_done_the_part_asks_no_more(client, people, source):
    client.force_login(people.bruno)
    part = client.get(f"/importar/{source.pk}/", headers=HTMX).content.decode()
    assert "hx-trigger" not in part
    assert "FE10" in part


def test_one_that_could_not_be_read_says_so(client, people, source):
    Import.objects.update(status=ImportStatus.FAILED, error="Se dañó.")
    client.force_login(people.bruno)
    assert "Se dañó." in client.get(f"/importar/{source.pk}/").content.decode()


def test_the_refusals_can_be_taken_along(client, people, source):
    client.force_login(people.bruno)
    answer = client.get(f"/importar/{source.pk}/xlsx/")
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[0][0] == "Archivo"
    assert len(rows) == 2
    assert all(rows[1][column] for column in (0, 1, 4, 5))


def test_a_stranger_finds_nothing(client, people, source):
    client.force_login(people.carla)
    for path in ("", "xlsx/", "columnas/"):
        assert client.get(f"/importar/{source.pk}/{path}").status_code == 404
