from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from cartero.documents.typst import render
from cartero.invoices.data import InvoiceData
from tests.documents.samples import LOOK


@pytest.fixture
def pages() -> Callable[[InvoiceData], list[str]]:
    """The words of each page, as a reader finds them, in one line."""

    def read(data: InvoiceData) -> list[str]:
        reader = PdfReader(BytesIO(render(data, LOOK)))
        return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in reader.pages]

    return read
