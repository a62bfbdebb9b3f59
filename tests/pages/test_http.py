import pytest

from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db


def test_home(client):
    company = make_company()
    client.force_login(make_user(company))
    answer = client.get("/")
    assert answer.status_code == 200
    assert client.get("/nada/").status_code == 404
