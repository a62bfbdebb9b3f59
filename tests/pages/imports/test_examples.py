from io import BytesIO

import pytest

from cartero.importing.models import ImportStatus, Outcome

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["facturas", "terceros"])
def test_an_example_is_imported_as_it_is(client, people, receive, name):
    client.force_login(people.bruno)
    content = b"".join(client.get(f"/importar/ejemplos/{name}.xlsx").streaming_content)
    source = receive({f"{name}.xlsx": BytesIO(content).getvalue()})
    assert source.status == ImportStatus.FINISHED, source.question
    assert [line.outcome for line in source.lines.all()] == [Outcome.IMPORT] * 2


def test_there_are_no_others(client, people):
    client.force_login(people.bruno)
    assert client.get("/importar/ejemplos/otra.xlsx").status_code == 404
