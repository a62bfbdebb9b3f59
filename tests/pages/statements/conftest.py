"""Two who owe, one who has paid. Ana administers their company, Bruno reads in it, Carla is of another."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from cartero.mailings import statements
from cartero.mailings.statements import Wanted
from tests.factories import make_invoice, make_party


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")


@pytest.fixture
def parties(people):
    made = [
        make_party(people.company, f"{name}@example.com", name=name.title(), search_key=name)
        for name in ("luz", "omar", "pagada")
    ]
    for party, balance in zip(made, ("70000", None, "0"), strict=True):
        make_invoice(party, balance=balance and Decimal(balance))
    return made


@pytest.fixture
def begun(people, parties):
    wanted = Wanted(until=date(2026, 7, 31), since=date(2026, 7, 1), pay_to="Banco de Prueba")
    return statements.begin(people.company, wanted, by=people.ana, now=timezone.now())


@pytest.fixture
def run(begun):
    """Made to its end."""
    while statements.make_some(begun.pk):
        pass
    begun.refresh_from_db()
    return begun
