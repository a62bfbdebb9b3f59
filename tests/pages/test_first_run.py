import pytest

from cartero.accounts.models import User
from cartero.companies.models import Company, Membership
from cartero.companies.roles import Role
from cartero.platform import datafolder
from tests.factories import PASSWORD, make_company

pytestmark = pytest.mark.django_db

FIELDS = {
    "code": " abcd-efgh-jkmn ",
    "tax_id": "900.377.216",
    "company": "Administraciones Valle Verde S.A.S.",
    "name": "Yuliana Restrepo",
    "email": "Yuliana@valleverde.example.co",
    "password": PASSWORD,
}
REFUSED = [
    ({"code": "AAAA-BBBB-CCCC"}, "No es el código que mostró la terminal."),
    ({"tax_id": "900.377.216-1"}, "Revise el NIT"),
    ({"password": "corta"}, "12 caracteres"),
    ({"password": "yuliana@valleverde.example.co"}, "parecida"),
]


@pytest.fixture
def code(tmp_path, monkeypatch):
    monkeypatch.setenv("CARTERO_HOME", str(tmp_path))
    file = datafolder.home() / "first-run-code"
    file.write_text("ABCD-EFGH-JKMN\n")
    return file


def test_the_code_makes_the_first_company_and_who_administers_it(client, code, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/empezar/", FIELDS)
    assert answer.url == "/"
    membership = Membership.objects.get()
    assert (membership.company.tax_id, membership.role) == ("900377216", Role.ADMIN)
    assert (membership.user.email, membership.user.name) == ("yuliana@valleverde.example.co", "Yuliana Restrepo")
    assert client.get("/").status_code == 200, "she is in"
    assert not code.exists(), "the code works once"


@pytest.mark.parametrize(("changed", "said"), REFUSED)
def test_what_is_wrong_is_said_and_nothing_is_made(client, code, changed, said):
    answer = client.post("/empezar/", FIELDS | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Company.objects.exists()
    assert not User.objects.exists()


def test_without_a_code_nobody_gets_in(client, code):
    code.unlink()
    assert client.post("/empezar/", FIELDS | {"code": "\0"}).status_code == 422
    assert client.post("/empezar/", FIELDS | {"code": ""}).status_code == 422


def test_with_a_company_the_page_is_nowhere(client, code):
    make_company()
    assert client.get("/empezar/").status_code == 404
    assert client.post("/empezar/", FIELDS).status_code == 404


def test_an_empty_form_is_refused(client, code):
    assert client.post("/empezar/", {}).status_code == 422
