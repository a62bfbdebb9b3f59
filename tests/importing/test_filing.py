"""Certificates and the like: each PDF goes to the tercero whom its name means, and to nobody else."""

import pikepdf
import pytest

from cartero.importing import intake
from cartero.importing.collecting import PDF_KIND
from cartero.importing.models import ImportLine, Outcome
from cartero.invoices.models import Invoice
from cartero.invoices.states import FileRole, InvoiceKind
from tests.factories import make_company, make_invoice, make_party
from tests.importing.ubl_documents import COMPANY, pdf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company():
    company = make_company(tax_id=COMPANY, name="Conjunto Los Cedros SAS")
    ana = make_party(company, tax_id="900123456", name="Ana Pérez")
    make_invoice(ana, number="FE10")
    return company


@pytest.fixture
def bring(company, tmp_path):
    def run(*names: str, content: bytes | None = None) -> list[tuple[str, str]]:
        for name in names:
            (tmp_path / name).write_bytes(content or pdf())
        paths = {name: tmp_path / name for name in names}
        source = intake.import_paths(company, None, paths, {PDF_KIND: InvoiceKind.CERTIFICATE.value})
        return list(ImportLine.objects.filter(source=source).order_by("position").values_list("file", "outcome"))

    return run


NAMES = [
    "Certificado 900123456.pdf",
    "Certificado de retención 900.123.456-8.pdf",
    "900123456-8 2026.pdf",
    "retencion_9001234568.pdf",  # the check digit glued to it
    "Certificado FE-10.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_pdf_becomes_a_document_of_its_tercero(bring, company, name):
    assert bring(name) == [(name, Outcome.IMPORT)]
    filed = Invoice.objects.of(company).get(kind=InvoiceKind.CERTIFICATE)
    assert (filed.party.tax_id, filed.number, filed.owed) == ("900123456", name.removesuffix(".pdf"), 0)
    assert filed.files.get().role == FileRole.PDF
    assert not Invoice.objects.get(number="FE10").files.exists()


def test_the_same_again_changes_nothing_and_another_content_is_refused(bring):
    name, content = "Certificado 900123456.pdf", pdf()
    bring(name, content=content)
    assert bring(name, content=content) == [(name, Outcome.UNCHANGED)]
    assert bring(name, content=pdf(Lang=pikepdf.String("es-CO"))) == [(name, Outcome.REFUSE)]


def test_one_that_names_nobody_says_how_to_mend_it(bring):
    assert bring("Certificado 800999888.pdf", "Certificado.pdf", "Certificado 90012345.pdf") == [
        ("Certificado 800999888.pdf", Outcome.REFUSE),
        ("Certificado.pdf", Outcome.REFUSE),
        ("Certificado 90012345.pdf", Outcome.REFUSE),
    ]
    assert "NIT" in ImportLine.objects.filter(outcome=Outcome.REFUSE).first().messages[0]["mend"]
    assert not Invoice.objects.filter(kind=InvoiceKind.CERTIFICATE).exists()
