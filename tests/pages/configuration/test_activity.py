import pytest
from django.test import Client

from cartero.companies import audit, members
from cartero.companies.models import Membership
from cartero.companies.roles import Role
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
PATH = "/configuracion/actividad/"


def test_each_line_is_a_sentence_with_who_and_when(client, people):
    members.change_role(Membership.objects.get(user=people.bruno), Role.SENDER, by=people.ana)
    client.force_login(people.ana)
    page = client.get(PATH).content.decode()
    assert "Le dio a Bruno Botero el rol «Envía»." in page
    assert "Ana Arango" in page


def test_hostile_facts_stay_text(client, people):
    audit.record(people.company, "change", people.ana, was={}, now={"name": "<script>alert(1)</script>", "x<b>": ""})
    audit.record(people.company, "<img src=x>", None)
    client.force_login(people.ana)
    page = client.get(PATH).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "Cambió los datos de la empresa: razón social, x&lt;b&gt;." in page


def test_it_goes_in_pages_at_a_fixed_cost(client, people, django_assert_max_num_queries):
    for n in range(60):
        audit.record(people.company, "add_member", people.ana, user=people.bruno.pk, role="reader", n=n)
    client.force_login(people.ana)
    with django_assert_max_num_queries(10):
        first = client.get(PATH)
    assert len(first.context["lines"]) == 50
    second = client.get(PATH + first.context["slice"].next)
    assert len(second.context["lines"]) == 10


def test_a_stranger_reads_her_own(client, people):
    audit.record(people.company, "create", people.ana)
    client.force_login(people.carla)
    assert client.get(PATH).context["lines"] == []


def test_whoever_does_not_administer_is_kept_out(client, preparer):
    client.force_login(preparer)
    assert client.get(PATH).status_code == 403


def test_who_came_in_was_refused_and_took_a_list_is_there(client, people):
    bruno = Client(REMOTE_ADDR="190.24.57.18")
    bruno.post("/entrar/", {"login": people.bruno.email, "password": PASSWORD})
    assert bruno.get("/terceros/nuevo/").status_code == 403
    assert bruno.get("/informes/xlsx/").status_code == 200
    client.force_login(people.ana)
    page = client.get(PATH).content.decode()
    took, refused, came = (
        page.index(f"{words}") for words in ("Descargó informe-por-estado", "«Prepara»", "190.24.57.…")
    )
    assert took < refused < came
    assert page.count("Bruno Botero") == 3
    client.force_login(people.carla)
    assert "Bruno" not in client.get(PATH).content.decode()
