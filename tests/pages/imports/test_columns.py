import pytest

from cartero.importing import intake
from cartero.importing.models import ImportStatus, Outcome
from cartero.invoices.models import Invoice

pytestmark = pytest.mark.django_db
STRANGE = "Ref;Quién;Nombre;Plata;Día\nFE1;900511204;Los Cerezos;1250000,50;2026-07-01\n"
DOUBTFUL = "Factura;NIT;Cliente;Total;Fecha\nFE1;900511204;Los Cerezos;1.250;2026-07-01\n"


@pytest.fixture
def asked(receive):
    source = receive({"raro.csv": STRANGE})
    assert source.status == ImportStatus.NEEDS_MAPPING
    return source


def told(source, **fields):
    row = source.question["heading_row"] + 1
    answers = {"kind": "invoices", "sheet": source.question["sheet"], "heading_row": row}
    columns = ("number", "tax_id", "name", "total", "issue_date")
    return answers | {f"column_{index}": known for index, known in enumerate(columns)} | fields


def test_she_says_what_each_column_is_and_the_file_is_read(client, people, preparer, asked):
    client.force_login(preparer)
    page = client.get(f"/importar/{asked.pk}/columnas/").content.decode()
    assert "Plata" in page
    assert "1250000,50" in page
    answer = client.post(f"/importar/{asked.pk}/columnas/", told(asked))
    assert answer.url == f"/importar/{asked.pk}/"
    intake.run(asked.pk)
    asked.refresh_from_db()
    assert asked.status == ImportStatus.FINISHED
    assert Invoice.objects.get().number == "FE1"


def test_the_import_leads_to_the_question(client, people, preparer, asked):
    client.force_login(preparer)
    assert client.get(f"/importar/{asked.pk}/").url == f"/importar/{asked.pk}/columnas/"
    part = client.get(f"/importar/{asked.pk}/", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert part["HX-Redirect"] == f"/importar/{asked.pk}/columnas/"


WRONG = [
    ({"column_0": ""}, "Falta decir en qué columna está: Número de la factura"),
    ({"column_1": "number"}, "También dijo que la columna A es esto"),
    ({"column_2": "zona-inventada"}, "column_2"),
    ({"kind": "parties"}, "Eso no va en una hoja de terceros"),
    ({"kind": ""}, "obligatorio"),
]


@pytest.mark.parametrize(("fields", "words"), WRONG)
def test_what_is_not_enough_is_said_and_what_she_chose_stays(client, preparer, asked, fields, words):
    client.force_login(preparer)
    answer = client.post(f"/importar/{asked.pk}/columnas/", told(asked, **fields))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert '<option value="issue_date" selected>' in page
    asked.refresh_from_db()
    assert asked.status == ImportStatus.NEEDS_MAPPING


def test_another_row_of_headings_is_read_and_asked_about(client, preparer, asked):
    client.force_login(preparer)
    client.post(f"/importar/{asked.pk}/columnas/", told(asked, heading_row=2))
    intake.run(asked.pk)
    asked.refresh_from_db()
    assert asked.status == ImportStatus.NEEDS_MAPPING
    assert asked.question["headings"][0] == "FE1"


def test_the_decimal_separator_is_asked_where_the_file_does_not_tell(client, preparer, receive):
    source = receive({"duda.csv": DOUBTFUL})
    assert source.question["asks"] == "decimal"
    client.force_login(preparer)
    path = f"/importar/{source.pk}/columnas/"
    assert "1.250" in client.get(path).content.decode()
    assert client.post(path, {}).status_code == 422
    client.post(path, {"decimal": ","})
    intake.run(source.pk)
    assert Invoice.objects.get().payable_amount == 1250


def test_who_only_reads_is_told_to_wait(client, people, asked):
    client.force_login(people.bruno)
    assert "Falta decir qué es cada columna" in client.get(f"/importar/{asked.pk}/").content.decode()
    assert client.get(f"/importar/{asked.pk}/columnas/").status_code == 403


def test_where_nothing_is_asked_the_import_is_shown(client, preparer, receive):
    source = receive({"x.xml": "<nada/>"})
    client.force_login(preparer)
    assert client.get(f"/importar/{source.pk}/columnas/").url == f"/importar/{source.pk}/"
    assert source.lines.get().outcome == Outcome.REFUSE
