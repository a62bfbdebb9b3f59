from dataclasses import replace
from hashlib import sha256

import pytest

from cartero.documents import zipping
from cartero.documents.enclosing import (
    Concern,
    Enclosed,
    Enclosure,
    Papers,
    StoredFile,
    Trouble,
    Unfit,
    enclose,
    original,
)
from cartero.invoices.data import Document
from cartero.invoices.states import FileRole
from tests.documents.samples import CUFE, CUSTOMER, INVOICE, invoice

CONTAINER = f'<?xml version="1.0"?><AttachedDocument><ID>FE18342</ID><UUID>{CUFE}</UUID></AttachedDocument>'.encode()
PDF = b"%PDF-1.7\nreceived\n%%EOF\n"
DRAWN = b"%PDF-1.7\ndrawn\n%%EOF\n"


def stored(role: FileRole, name: str, content: bytes) -> StoredFile:
    document = Document(name=name, media_type="application/octet-stream", content=content)
    return StoredFile(role=role, document=document, sha256=sha256(content).hexdigest())


CONTAINER_FILE = stored(FileRole.CONTAINER, "ad09003772160002600000001.xml", CONTAINER)
PDF_FILE = stored(FileRole.PDF, "representacion.pdf", PDF)
ANNEX_FILE = stored(FileRole.ANNEX, "Remisión 12.pdf", b"%PDF annex")
XML_FILE = stored(FileRole.XML, "fv1.xml", CONTAINER)
ANSWER_FILE = stored(FileRole.VALIDATION, "ar1.xml", b"<ApplicationResponse/>")


def order(*papers: Papers, **fields) -> Enclosure:
    defaults = {"country": "co", "legal": True, "party_tax_id": CUSTOMER.tax_id}
    return Enclosure(papers=papers, **(defaults | fields))


def papers(*files: StoredFile, drawn: bytes = b"", **fields) -> Papers:
    return Papers(data=invoice(**fields), files=files, drawn=drawn)


def concerns(enclosed: Enclosed) -> list[Concern]:
    return [remark.concern for remark in enclosed.remarks]


def test_a_legal_delivery_is_one_zip_with_the_container_as_it_came():
    enclosed = enclose(order(papers(CONTAINER_FILE, PDF_FILE)))
    (archive,) = enclosed.documents
    assert (archive.name, archive.media_type) == ("z09003772160002600000001.zip", "application/zip")
    assert zipping.unzipped(archive.content) == {"ad09003772160002600000001.xml": CONTAINER, "FE18342.pdf": PDF}
    assert enclosed.remarks == ()


def test_annexes_go_in_one_zip_of_their_own():
    files = (CONTAINER_FILE, PDF_FILE, ANNEX_FILE, replace(ANNEX_FILE, document=ANNEX_FILE.document))
    entries = zipping.unzipped(enclose(order(papers(*files))).documents[0].content)
    assert list(entries) == ["ad09003772160002600000001.xml", "FE18342.pdf", "anexos.zip"]
    assert list(zipping.unzipped(entries["anexos.zip"])) == ["Remisión 12.pdf", "Remisión 12 (2).pdf"]


def test_annexes_can_be_left_out():
    entries = zipping.unzipped(
        enclose(order(papers(CONTAINER_FILE, ANNEX_FILE), with_annexes=False)).documents[0].content
    )
    assert list(entries) == ["ad09003772160002600000001.xml"]


def test_a_received_pdf_goes_before_a_drawn_one():
    entries = zipping.unzipped(enclose(order(papers(CONTAINER_FILE, PDF_FILE, drawn=DRAWN))).documents[0].content)
    assert entries["FE18342.pdf"] == PDF
    entries = zipping.unzipped(enclose(order(papers(CONTAINER_FILE, drawn=DRAWN))).documents[0].content)
    assert entries["FE18342.pdf"] == DRAWN


def test_of_several_the_newest_counts():
    newer = stored(FileRole.PDF, "corregida.pdf", b"%PDF newer")
    entries = zipping.unzipped(enclose(order(papers(CONTAINER_FILE, PDF_FILE, newer))).documents[0].content)
    assert entries["FE18342.pdf"] == b"%PDF newer"


def test_without_container_what_there_is_goes_and_says_so():
    enclosed = enclose(order(papers(XML_FILE, ANSWER_FILE, drawn=DRAWN)))
    assert list(zipping.unzipped(enclosed.documents[0].content)) == ["fv1.xml", "ar1.xml", "FE18342.pdf"]
    assert concerns(enclosed) == [Concern.NO_CONTAINER]
    assert enclosed.remarks[0].user_text == "FE18342 va sin contenedor electrónico: no venía entre sus archivos."


def test_the_container_stands_for_the_files_that_it_holds():
    enclosed = enclose(order(papers(XML_FILE, ANSWER_FILE, CONTAINER_FILE, PDF_FILE)))
    assert len(zipping.unzipped(enclosed.documents[0].content)) == 2


REMARKS = [
    (papers(CONTAINER_FILE), Concern.NO_PDF),
    (papers(CONTAINER_FILE, PDF_FILE, environment="2"), Concern.TRIAL),
]


@pytest.mark.parametrize(("about", "concern"), REMARKS)
def test_what_should_be_known(about, concern):
    assert concerns(enclose(order(about))) == [concern]


def test_over_the_two_megabytes_of_the_rule_it_goes_with_a_warning():
    noise = b"".join(sha256(n.to_bytes(4)).digest() for n in range(100_000))  # does not compress
    enclosed = enclose(order(papers(CONTAINER_FILE, PDF_FILE, stored(FileRole.ANNEX, "plano.dwg", noise))))
    (remark,) = enclosed.remarks
    assert remark.concern == Concern.OVER_RULE
    assert remark.user_text == "Los archivos pesan 3,1 MB y la norma admite 2 MB. Puede dejar fuera los anexos."


NAMELESS = [
    (FileRole.CONTAINER, "", "ad090037721600026000047a6.xml"),
    (FileRole.CONTAINER, "../../../etc/passwd", "ad090037721600026000047a6.xml"),
    (FileRole.CONTAINER, "carpeta/FES-18342.xml", "FES-18342.xml"),  # providers have names of their own
    (FileRole.XML, "", "FE18342.xml"),
]


@pytest.mark.parametrize(("role", "name", "shown"), NAMELESS)
def test_a_file_without_a_usable_name_gets_one(role, name, shown):
    enclosed = enclose(order(papers(stored(role, name, CONTAINER))))
    assert shown in zipping.unzipped(enclosed.documents[0].content)


def test_a_copy_is_a_pdf_for_each_document():
    enclosed = enclose(order(papers(CONTAINER_FILE, PDF_FILE), papers(drawn=DRAWN, number="FE18343"), legal=False))
    assert [(each.name, each.media_type) for each in enclosed.documents] == [
        ("FE18342.pdf", "application/octet-stream"),
        ("FE18343.pdf", "application/pdf"),
    ]
    assert enclosed.remarks == ()


def test_two_documents_of_one_number_keep_both_names():
    note = papers(drawn=DRAWN, kind="credit_note")
    enclosed = enclose(order(papers(drawn=DRAWN), note, legal=False))
    assert [each.name for each in enclosed.documents] == ["FE18342.pdf", "FE18342 (2).pdf"]


UNFIT = [
    (order(papers()), Trouble.NO_FILES),
    (order(papers(CONTAINER_FILE), legal=False), Trouble.NO_PDF),
    (order(papers(CONTAINER_FILE), papers(CONTAINER_FILE)), Trouble.SEVERAL),
]


@pytest.mark.parametrize(("about", "trouble"), UNFIT)
def test_what_cannot_go(about, trouble):
    unfit = enclose(about)
    assert isinstance(unfit, Unfit)
    assert unfit.trouble == trouble
    assert "%" not in unfit.user_text


def test_a_generic_country_groups_and_packs_nothing():
    both = (papers(XML_FILE, PDF_FILE), papers(XML_FILE, drawn=DRAWN, number="FE18343"))
    enclosed = enclose(order(*both, country="generic"))
    assert [each.name for each in enclosed.documents] == ["FE18342.pdf", "fv1.xml", "FE18343.pdf", "fv1 (2).xml"]
    assert enclosed.remarks == ()


def test_same_order_same_bytes():
    about = order(papers(CONTAINER_FILE, PDF_FILE, ANNEX_FILE))
    assert enclose(about) == enclose(about)


def test_a_drawn_pdf_carries_the_document_itself():
    assert original(papers(CONTAINER_FILE, XML_FILE)) == (XML_FILE.document,)
    assert original(papers(CONTAINER_FILE)) == (CONTAINER_FILE.document,)
    assert original(Papers(data=INVOICE)) == ()
