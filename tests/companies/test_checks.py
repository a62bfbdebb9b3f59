import pytest
from django.core import checks

from cartero.companies.models import Company
from tests.factories import make_company

pytestmark = pytest.mark.django_db
CASES = [
    ("", "no sabe con qué dirección"),
    ("http://127.0.0.1:8000", "solo se abren en el equipo"),
    ("https://localhost", "solo se abren en el equipo"),
    ("https://[::1]:8000", "solo se abren en el equipo"),
    ("http://facturas.example.co", "van por http"),
    ("https://facturas.example.co", ""),
]


def warned():
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    return " ".join(str(each.msg) for each in found if each.id == "cartero.W001")


@pytest.mark.parametrize(("address", "words"), CASES)
def test_where_links_lead_is_said_while_a_company_wants_them(settings, client, address, words):
    make_company()
    settings.LINKS_URL = address
    assert words in warned()
    assert bool(warned()) is bool(words)
    Company.objects.update(has_links=False)
    assert warned() == ""


def test_a_demonstration_is_its_own_outside(settings):
    make_company()
    settings.LINKS_URL, settings.MAILBOX_PORT = "http://127.0.0.1:8000", 2525
    assert warned() == ""
