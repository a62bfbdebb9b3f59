import pytest

from cartero.parties import search
from cartero.parties.models import Party
from tests.factories import make_company, make_party

CASES = [
    ("cerezos", True),
    ("CEREZOS inmobiliaria", True),  # any order
    ("ñañez", False),
    ("Güiza", True),  # without accents too
    ("guiza", True),
    ("901.458.237-3", True),  # as it is printed
    ("901458237-3", True),
    ("901.458", True),
    ("901-458", True),  # a hyphen that is not there
    ("%", False),  # no wildcard
    ("_", False),
    ("   ", True),
]


def test_key():
    assert search.key("Ñáñez  Gómez", "901") == "nanez gomez 901"


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "is_found"), CASES)
def test_found(typed, is_found):
    name = "Inmobiliaria Los Cerezos de Güiza"
    make_party(make_company(), name=name, search_key=search.key(name, "901458237"))
    assert Party.objects.filter(search.found(typed)).exists() is is_found
