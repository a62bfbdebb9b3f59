from decimal import Decimal

import pytest

from cartero.importing.models import Decision
from cartero.invoices.states import FileRole, MailStatus

pytestmark = pytest.mark.django_db


def test_both_are_shown_and_what_differs_is_marked(client, people, conflict):
    client.force_login(people.bruno)
    page = client.get(f"/importar/conflictos/{conflict.pk}/").content.decode()
    assert "<mark>$ 119.000,00</mark>" in page
    assert "<mark>$ 120.000,00</mark>" in page
    assert "Distinto" in page
    assert "<mark>Comercial El Roble SAS</mark>" not in page


def test_the_list_holds_those_to_decide(client, people, conflict):
    client.force_login(people.bruno)
    assert "FE10" in client.get("/importar/conflictos/").content.decode()
    assert "FE10" not in client.get("/importar/conflictos/?vista=decididos").content.decode()


def test_the_import_leads_to_its_conflict(client, people, conflict):
    client.force_login(people.bruno)
    page = client.get(f"/importar/{conflict.source_id}/").content.decode()
    assert f"/importar/conflictos/{conflict.pk}/" in page


@pytest.mark.parametrize(("choice", "decision", "total"), [("nuevo", "replaced", 120_000), ("este", "kept", 119_000)])
def test_she_decides_which_one_stays(client, preparer, conflict, choice, decision, total):
    client.force_login(preparer)
    answer = client.post(f"/importar/conflictos/{conflict.pk}/decidir/", {"queda": choice})
    assert answer.url == "/importar/conflictos/"
    conflict.refresh_from_db()
    conflict.invoice.refresh_from_db()
    assert (conflict.decision, conflict.invoice.payable_amount) == (decision, Decimal(total))


def test_a_queued_document_is_not_replaced_and_she_reads_why(client, preparer, conflict):
    type(conflict.invoice).objects.update(mail_status=MailStatus.QUEUED)
    client.force_login(preparer)
    path = f"/importar/conflictos/{conflict.pk}/decidir/"
    answer = client.post(path, {"queda": "nuevo"}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "no ha terminado" in answer.content.decode()
    conflict.refresh_from_db()
    assert conflict.decision == Decision.OPEN


def test_the_files_of_both_can_be_read(client, people, conflict):
    client.force_login(people.bruno)
    for path, role in _files(conflict):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        expected = "application/pdf" if role == FileRole.PDF else "text/plain; charset=utf-8"
        assert answer["Content-Type"] == expected


def _files(conflict):
    base = f"/importar/conflictos/{conflict.pk}"
    here = [(f"{base}/aqui/{file.pk}/", file.role) for file in conflict.invoice.files.all()]
    came = [(f"{base}/archivos/{at}/", file["role"]) for at, file in enumerate(conflict.files)]
    assert here
    assert came
    return here + came


def test_a_file_that_is_not_there_is_not_found(client, people, conflict):
    client.force_login(people.bruno)
    assert client.get(f"/importar/conflictos/{conflict.pk}/archivos/99/").status_code == 404


def test_a_stranger_finds_and_decides_nothing(client, people, conflict):
    client.force_login(people.carla)
    assert "FE10" not in client.get("/importar/conflictos/").content.decode()
    assert client.get(f"/importar/conflictos/{conflict.pk}/").status_code == 404
    for path, _role in _files(conflict):
        assert client.get(path).status_code == 404
    assert client.post(f"/importar/conflictos/{conflict.pk}/decidir/", {"queda": "nuevo"}).status_code == 404
    conflict.refresh_from_db()
    assert conflict.decision == Decision.OPEN


def test_who_only_reads_does_not_decide(client, people, conflict):
    client.force_login(people.bruno)
    assert client.post(f"/importar/conflictos/{conflict.pk}/decidir/", {"queda": "nuevo"}).status_code == 403
    assert "Tomar el que llegó" not in client.get(f"/importar/conflictos/{conflict.pk}/").content.decode()
