import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cartero.accounts.passwords import LongestPassword, OwnWords
from tests.factories import make_company, make_user

OWN = [
    ("Cartero12345", True),
    ("C.a.r.t.e.r.o-2026", True),
    ("ValleVerde2026!", True),  # her company's
    ("Administración2026", True),  # whatever the accents
    ("cartero toca dos veces", False),  # a sentence in which the word happens to be
    ("el caballo morado canta", False),
    ("Cerezos2026abc", False),  # of another company
]


@pytest.mark.django_db
@pytest.mark.parametrize(("password", "is_refused"), OWN)
def test_own_words(password, is_refused):
    make_company(name="Inmobiliaria Los Cerezos")
    user = make_user(make_company(name="Administracion Valle Verde S.A.S."))
    if not is_refused:
        validate_password(password, user)
        return
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    assert "password_own_words" in [error.code for error in refused.value.error_list]


def test_without_a_user_our_own_name_is_refused():
    with pytest.raises(ValidationError):
        OwnWords().validate("cartero-cartero-1")


def test_the_longest():
    LongestPassword().validate("x" * 128)
    with pytest.raises(ValidationError):
        LongestPassword().validate("x" * 129)
