from datetime import date

import pytest
from django.utils import translation

from cartero.documents import countries, dates
from cartero.documents.sheet import sheet
from tests.documents.samples import LOOK, invoice


@pytest.mark.parametrize("language", ["es-co", "en"])
def test_documents_are_in_spanish_whatever_the_pages_are(language):
    data = invoice(issue_date=date(2026, 8, 1))
    country = countries.of("co")
    with translation.override(language):
        assert dates.short(date(2026, 1, 9)) == "9 ene 2026"
        assert "1 de agosto de 2026" in str(sheet(data, LOOK, country, country.paper(data)))
