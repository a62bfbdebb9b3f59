from dataclasses import replace

import pytest

from cartero.documents.checking import check_enclosed
from cartero.documents.enclosing import Enclosed, Papers, Trouble, enclose
from cartero.documents.typst import render
from cartero.invoices.data import Document
from cartero.invoices.states import FileRole
from tests.documents.samples import CUFE, INVOICE, LOOK, invoice
from tests.documents.test_enclosing import (
    ANNEX_FILE,
    CONTAINER,
    CONTAINER_FILE,
    PDF_FILE,
    XML_FILE,
    order,
    papers,
    stored,
)


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return render(INVOICE, LOOK)


RIGHT = [
    order(papers(CONTAINER_FILE, PDF_FILE, ANNEX_FILE)),
    order(papers(XML_FILE, PDF_FILE)),
    order(papers(PDF_FILE), legal=False),
    order(papers(CONTAINER_FILE, stored(FileRole.ANNEX, "planos.zip", b"PK not one of ours"))),
    order(papers(XML_FILE, PDF_FILE), country="generic"),
    order(papers(CONTAINER_FILE), party_tax_id="901.458.237"),  # the same id, written otherwise
]


@pytest.mark.parametrize("about", RIGHT)
def test_what_is_right_leaves(about):
    assert check_enclosed(about, enclose(about)) is None


def test_a_drawn_pdf_that_is_right_leaves(drawn):
    for about in (order(papers(CONTAINER_FILE, drawn=drawn)), order(papers(drawn=drawn), legal=False)):
        assert check_enclosed(about, enclose(about)) is None


def _trouble(about, enclosed=None):
    unfit = check_enclosed(about, enclosed or enclose(about))
    assert unfit is None or "%" not in unfit.user_text
    return unfit and unfit.trouble


OTHER = CONTAINER.replace(b"FE18342", b"FE183421")
WRONG = [
    (CONTAINER.replace(b"FE18342", b"FE18343"), Trouble.OTHER_NUMBER),
    (OTHER, Trouble.OTHER_NUMBER),  # FE18342 is not in FE183421
    (CONTAINER.replace(CUFE.encode(), b"0" * 96), Trouble.OTHER_UUID),
    (b"", Trouble.OTHER_NUMBER),
]


@pytest.mark.parametrize(("content", "trouble"), WRONG)
def test_a_container_of_another_document(content, trouble):
    assert _trouble(order(papers(stored(FileRole.CONTAINER, "ad.xml", content), PDF_FILE))) == trouble


ENCODINGS = [
    ("utf-16", CUFE),
    ("utf-8", CUFE.upper()),
]


@pytest.mark.parametrize(("encoding", "uuid"), ENCODINGS)
def test_a_container_in_another_encoding_or_case(encoding, uuid):
    content = CONTAINER.decode().replace(CUFE, uuid).encode(encoding)
    assert _trouble(order(papers(stored(FileRole.CONTAINER, "ad.xml", content)))) is None


def test_stored_bytes_that_changed():
    changed = replace(PDF_FILE, document=replace(PDF_FILE.document, content=b"%PDF-1.7 other %%EOF"))
    assert _trouble(order(papers(CONTAINER_FILE, changed))) == Trouble.CHANGED


def test_a_file_that_is_missing_or_does_not_belong():
    about = order(papers(PDF_FILE), legal=False)
    enclosed = enclose(about)
    extra = Document(name="otra.pdf", media_type="application/pdf", content=b"%PDF of another")
    assert _trouble(about, Enclosed(documents=())) == Trouble.MISSING
    assert _trouble(about, Enclosed(documents=(*enclosed.documents, extra))) == Trouble.UNEXPECTED


def test_a_zip_that_does_not_open():
    about = order(papers(CONTAINER_FILE, PDF_FILE))
    (archive,) = enclose(about).documents
    assert _trouble(about, Enclosed(documents=(replace(archive, content=archive.content[:-40]),))) == Trouble.BROKEN


def test_documents_of_another_tercero():
    assert _trouble(order(papers(CONTAINER_FILE), party_tax_id="800000001")) == Trouble.OTHER_PARTY
    both = (papers(PDF_FILE), papers(PDF_FILE, customer=replace(INVOICE.customer, tax_id="800000001")))
    assert _trouble(order(*both, legal=False)) == Trouble.OTHER_PARTY


def test_the_account_s_limit():
    about = order(papers(CONTAINER_FILE, PDF_FILE), most_bytes=100)
    unfit = check_enclosed(about, enclose(about))
    assert unfit.trouble == Trouble.TOO_LARGE
    assert "la cuenta de correo admite 100 bytes" in unfit.user_text


def test_a_drawn_pdf_of_another_document(drawn):
    swapped = Papers(data=invoice(number="FE18343"), drawn=drawn)
    assert _trouble(order(swapped, legal=False)) == Trouble.OTHER_NUMBER
    swapped = Papers(data=invoice(uuid="0" * 96), drawn=drawn)
    assert _trouble(order(swapped, legal=False)) == Trouble.OTHER_UUID


def test_a_drawn_pdf_that_is_cut(drawn):
    assert _trouble(order(papers(drawn=drawn[:-100]), legal=False)) == Trouble.BROKEN


def test_a_number_with_odd_signs_is_found_in_its_pdf():
    data = invoice(number='A&"<1>')
    about = order(Papers(data=data, drawn=render(data, LOOK)), legal=False)
    assert _trouble(about) is None
