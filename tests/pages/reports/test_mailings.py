from io import BytesIO

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from cartero.mailings import registering
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import MailingKind
from tests.factories import make_account, make_invoice, make_party

pytestmark = pytest.mark.django_db
PATH = "/informes/envios/"


@pytest.fixture
def mailing(people):
    """Two documents that wait, one whose tercero has no address."""
    make_invoice(make_party(people.company))
    make_invoice(make_party(people.company))
    make_invoice(make_party(people.company, email=None))
    draft = Draft(name="=Julio <b>", account=make_account(people.company), subject="Hola", message_html="<p>Hola</p>")
    chosen = Selection(kind=MailingKind.COPY)
    return registering.register(people.company, chosen, draft, by=people.ana, now=timezone.now())


def test_what_became_of_each_document_adds_up(client, people, mailing, django_assert_max_num_queries):
    client.force_login(people.bruno)
    with django_assert_max_num_queries(11):
        answer = client.get(PATH)
    (line,) = answer.context["lines"]
    parts = (line.accepted, line.returned, line.failed, line.in_doubt, line.waiting, line.left_out)
    assert parts == (0, 0, 0, 0, 2, 1)
    assert line.documents == sum(parts) == 3
    assert "Julio <b>" not in answer.content.decode()


def test_the_table_can_be_taken_along(client, people, mailing):
    client.force_login(people.bruno)
    content = b"".join(client.get(f"{PATH}xlsx/").streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][1] == "=Julio <b>"
    assert rows[1][6:] == [3, 0, 0, 0, 0, 2, 1]


def test_a_stranger_sees_her_own(client, people, mailing):
    client.force_login(people.carla)
    assert client.get(PATH).context["lines"] == []
