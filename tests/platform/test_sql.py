import pytest
from django.db import connection

from cartero.platform import sql

pytestmark = pytest.mark.django_db


def test_what_runs_often_is_read_by_the_database_once():
    for _ in range(3):
        sql.run_prepared("cartero.transport", "now")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s", ["%clock%"]
        )
        assert cursor.fetchall() == [(3,)]


def test_reading_once_leaves_the_plans_of_other_statements_alone():
    """A page whose functions were planned for no list in particular took a second, not 30 ms."""
    sql.run_prepared("cartero.transport", "now")
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)
