import os
from pathlib import Path

import pytest
from django.conf import settings as here
from django.db import connection
from django.test import Client

from cartero.pages import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.FILES = str(tmp_path)
    health._last = (float("-inf"), {})


def register_worker():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def test_all_is_well():
    register_worker()
    answer = Client().get("/health")
    parts = {"ok": True, "web": True, "database": True, "migrations": True, "workers": True, "storage": True}
    assert (answer.status_code, answer.json()) == (200, parts)


def forget_a_migration():
    register_worker()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'companies'")


def put_a_file_where_the_folder_was():
    register_worker()
    folder = Path(here.FILES)
    folder.rmdir()
    folder.write_text("")


@pytest.mark.parametrize(
    ("harm", "part"),
    [(int, "workers"), (forget_a_migration, "migrations"), (put_a_file_where_the_folder_was, "storage")],
)
def test_what_is_wrong_is_named(harm, part):
    harm()
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert [name for name, is_well in answer.json().items() if not is_well] == ["ok", part]


def test_it_asks_little_and_not_twice_at_once(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(health, "FRESH", 60)
    with django_assert_num_queries(4):
        for _time in range(3):
            Client().get("/health")
    assert os.listdir(here.FILES) == []
