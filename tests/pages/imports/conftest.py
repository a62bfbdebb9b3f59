"""Imports of a company, made by the code that makes them: files on disk, read by the job's own function."""

import pytest

from cartero.companies.roles import Role
from cartero.importing import intake
from cartero.importing.models import Conflict
from tests.factories import make_user
from tests.importing.ubl_documents import COMPANY, delivery, zipped
from tests.pages.people import make_people


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")


@pytest.fixture
def people():
    """Their company is the one that issues the DIAN documents of the tests."""
    people = make_people()
    people.company.tax_id, people.company.check_digit = COMPANY, "3"
    people.company.save(update_fields=["tax_id", "check_digit"])
    return people


@pytest.fixture
def preparer(people):
    return make_user(people.company, Role.PREPARER, name="Diana Díaz")


@pytest.fixture
def receive(people, tmp_path):
    """Takes files in, as the page does, and reads them, as the worker does."""

    def run(files, company=people.company, by=people.ana, **options):
        paths = {}
        for position, (name, content) in enumerate(files.items()):
            paths[name] = tmp_path / f"subido-{position}"
            paths[name].write_bytes(content if isinstance(content, bytes) else content.encode())
        source = intake.receive(company, by, paths, options)
        intake.run(source.pk)
        source.refresh_from_db()
        return source

    return run


@pytest.fixture
def conflict(receive):
    """FE10 came twice; the second time its total is another."""
    receive({"uno.zip": zipped(delivery("FE10"))})
    other = delivery("FE10", totals=_totals("120000.00"))
    receive({"dos.zip": zipped(other)})
    return Conflict.objects.select_related("invoice").get()


def _totals(total):
    return f'<cbc:PayableAmount currencyID="COP">{total}</cbc:PayableAmount>'
