import pytest
from django.db import connection

from cartero.platform import schema

pytestmark = pytest.mark.django_db


def test_tables_that_are_up_to_date():
    assert (schema.missing(), schema.unknown()) == (set(), set())
    assert not schema.is_apart()


def test_a_program_that_is_newer_and_one_that_is_older():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE (app, name) = ('companies', '0001_initial')")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES"
            " ('companies', '9999_later', now()), ('elsewhere', '0001_initial', now())"
        )
    assert schema.missing() == {("companies", "0001_initial")}
    assert schema.is_apart()
    assert schema.unknown() == {("companies", "9999_later")}  # what other applications left there is theirs
