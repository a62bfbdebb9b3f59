import zipfile
from io import BytesIO

import pytest

from cartero.invoices import storing
from cartero.invoices.models import InvoiceFile
from cartero.invoices.states import FileRole
from tests.factories import make_invoice, make_party

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 as it was received"
XML = "<Invoice>ñ</Invoice>".encode("iso-8859-1")


@pytest.fixture
def invoice(company):
    return make_invoice(make_party(company), "FE1")


@pytest.fixture
def keep(company, invoice):
    def run(role, name, content, media_type="text/html"):
        sha256 = storing.keep(company.pk, content)
        return InvoiceFile.objects.create(
            company=company,
            invoice=invoice,
            role=role,
            name=name,
            media_type=media_type,
            sha256=sha256,
            size=len(content),
        )

    return run


def test_the_pdf_as_received(enter, ana, invoice, keep):
    keep(FileRole.PDF, "vieja.pdf", b"%PDF-1.7 older")
    keep(FileRole.PDF, "factura.pdf", PDF)
    answer = enter(ana).get(f"/facturas/{invoice.pk}/pdf/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="FE1.pdf"'
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "sandbox" in answer["Content-Security-Policy"]
    saved = enter(ana).get(f"/facturas/{invoice.pk}/pdf/?bajar=1")
    assert saved["Content-Disposition"].startswith("attachment")


def test_without_one_it_is_drawn(enter, ana, invoice):
    answer = enter(ana).get(f"/facturas/{invoice.pk}/pdf/")
    assert answer.content.startswith(b"%PDF-")
    assert answer.content == enter(ana).get(f"/facturas/{invoice.pk}/pdf/").content


def test_a_stranger_s_file_comes_as_it_is_and_never_as_a_page(enter, ana, invoice, keep):
    file = keep(FileRole.CONTAINER, "año/<b>ad.xml", XML)
    answer = enter(ana).get(f"/facturas/{invoice.pk}/archivos/{file.pk}/")
    assert answer.content == XML
    assert answer["Content-Type"] == "application/xml"
    assert answer["Content-Disposition"] == 'attachment; filename="-b-ad.xml"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    annex = keep(FileRole.ANNEX, "plan año.html", b"<script>alert(1)</script>")
    answer = enter(ana).get(f"/facturas/{invoice.pk}/archivos/{annex.pk}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''plan%20a%C3%B1o.html"


def test_a_file_of_another_document_is_not_there(enter, ana, invoice, keep):
    file = keep(FileRole.XML, "a.xml", XML)
    other = make_invoice(invoice.party, "FE2")
    assert enter(ana).get(f"/facturas/{other.pk}/archivos/{file.pk}/").status_code == 404


def test_the_zip_that_would_go(enter, ana, invoice, keep):
    keep(FileRole.CONTAINER, "ad0900.xml", XML)
    keep(FileRole.PDF, "factura.pdf", PDF)
    answer = enter(ana).get(f"/facturas/{invoice.pk}/zip/")
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"ad0900.xml": XML, "FE1.pdf": PDF}
    assert answer["Content-Disposition"].startswith('attachment; filename="z')


def test_a_file_that_is_gone_is_said(enter, ana, company, invoice, keep):
    file = keep(FileRole.XML, "a.xml", b"<gone/>")
    storing.drop(company.pk, file.sha256)
    answer = enter(ana).get(f"/facturas/{invoice.pk}/archivos/{file.pk}/")
    assert answer.status_code == 409
    assert "Falta un archivo guardado" in answer.content.decode()
