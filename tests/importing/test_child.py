"""A file that kills its reader costs itself only."""

import pytest

from cartero.importing import child
from cartero.importing.parcels import ReadInvoice
from cartero.importing.refusals import Refusal
from tests.importing.ubl_documents import COMPANY, delivery, zipped


def shown(found: object) -> str:
    return f"refused {found.file}" if isinstance(found, Refusal) else str(found)


def test_documents_are_read_in_another_process(tmp_path):
    path = tmp_path / "mes.zip"
    path.write_bytes(zipped(delivery("FE1")))
    found = list(
        child.run("cartero.importing.readers.bundle:read_files", {"mes.zip": str(path)}, COMPANY, file="mes.zip")
    )
    assert [type(each) for each in found] == [ReadInvoice]


@pytest.mark.parametrize("how", ["abort", "kill", "memory", "error"])
def test_the_file_that_kills_is_refused_and_the_rest_goes_on(how):
    found = child.run("tests.importing.deadly:dies", how, "b", file="todo")
    assert [shown(each) for each in found] == ["a", "refused b", "c", "d"]


def test_a_reader_that_dies_before_it_reads_refuses_the_whole():
    (found,) = child.run("tests.importing.deadly:dies_at_once", file="libro.xlsx")
    assert isinstance(found, Refusal)
    assert found.file == "libro.xlsx"
    assert "no se pudo leer" in found.what


def test_it_gives_up_after_many_deaths(monkeypatch):
    monkeypatch.setattr(child, "MOST_DEATHS", 2)
    found = [shown(each) for each in child.run("tests.importing.deadly:dies", "kill", "all", file="todo")]
    assert found == ["refused a", "refused b", "refused todo"]


def test_none_of_our_secrets_is_there(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "no se mira")
    found = list(child.run("tests.importing.deadly:environment", file="x"))
    assert "SECRET_KEY" not in found
    assert "DATABASE_URL" not in found


def test_who_stops_listening_stops_the_reader():
    steps = child.run("tests.importing.deadly:many", 1_000_000, file="x")
    assert next(steps) == 0
    steps.close()
