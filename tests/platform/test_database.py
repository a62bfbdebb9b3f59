import pytest

from cartero.platform import database

POOLER, SERVER = "postgresql://pooler/cartero", "postgresql://server/cartero"
# DATABASE_URL, the direct one, whether this process is the pages: the address it uses, whether through the pooler.
CASES = [
    ("", "", False, "", False),  # embedded
    (SERVER, "", False, SERVER, False),
    (SERVER, "", True, SERVER, False),
    (POOLER, SERVER, False, SERVER, False),  # workers, migrations, commands
    (POOLER, SERVER, True, POOLER, True),
    ("", SERVER, True, SERVER, True),  # nothing to go through; it does no harm to be careful
]


@pytest.mark.parametrize(("usual", "direct", "serves", "address", "is_pooled"), CASES)
def test_pages_go_through_the_pooler_and_the_rest_around_it(monkeypatch, usual, direct, serves, address, is_pooled):
    monkeypatch.setenv("DATABASE_URL", usual)
    monkeypatch.setenv(database.DIRECT, direct)
    monkeypatch.setenv(database.PAGES, "")
    if serves:
        database.serve_pages()
    assert (database.url(), database.is_pooled()) == (address, is_pooled)
    assert database.is_named() == bool(usual or direct)


def test_two_connections_to_a_server_are_two_sessions(settings):
    assert not database.mixes_sessions(settings.DATABASE_URL)
