from dataclasses import replace
from datetime import date

import pytest

from cartero.documents import dian
from tests.documents.samples import CUFE, INVOICE, LINK, QR, SUPPLIER, invoice


def test_the_subject_has_its_six_fields():
    expected = "900377216;Administraciones Valle Verde S.A.S.;FE18342;01;Valle Verde"
    assert dian.subject(INVOICE) == expected
    assert dian.subject(INVOICE, "Arriendos") == f"{expected};Arriendos"


SUBJECTS = [
    (invoice(supplier=replace(SUPPLIER, tax_id="900.377.216")), "", 0, "900377216"),  # digits only, no check digit
    (invoice(supplier=replace(SUPPLIER, name="Uno; Dos;Tres")), "", 1, "Uno Dos Tres"),  # the separator is not ours
    (invoice(supplier=replace(SUPPLIER, name="A\r\nBcc: x@example.com")), "", 1, "A Bcc: x@example.com"),  # no header
    (invoice(supplier=replace(SUPPLIER, name="\x00Año\x1f\u2028 Nuevo ")), "", 1, "Año Nuevo"),
    (invoice(supplier=replace(SUPPLIER, name="L" * 450)), "", 1, "L" * 450),  # never cut
    (invoice(number=" FE18342\n"), "", 2, "FE18342"),
    (invoice(type_code="04"), "", 3, "04"),
    (invoice(kind="credit_note", type_code=""), "", 3, "91"),  # table 13.1.3
    (invoice(kind="debit_note", type_code=""), "", 3, "92"),  # a DebitNote has no code in its XML
    (invoice(supplier=replace(SUPPLIER, trade_name="")), "", 4, SUPPLIER.name),
    (invoice(supplier=replace(SUPPLIER, trade_name=" ;\n")), "", 4, SUPPLIER.name),
    (INVOICE, " Zona ; Norte ", 5, "Zona Norte"),
]


@pytest.mark.parametrize(("data", "business_line", "field", "value"), SUBJECTS)
def test_a_field_of_the_subject(data, business_line, field, value):
    fields = dian.subject(data, business_line).split(";")
    assert fields[field] == value
    assert len(fields) == (6 if business_line else 5)


def test_an_empty_business_line_goes_with_its_separator():
    assert dian.subject(INVOICE, " ;\t").count(";") == 4


def test_a_container_without_name_gets_one_by_the_annex():
    name = dian.container_name(invoice(sequence=500, issue_date=date(2026, 7, 1)))
    assert name == "ad0900377216" + "000" + "26" + "000001f4" + ".xml"
    assert len(name.removesuffix(".xml")) == 25  # 6.5.7


def test_a_number_without_consecutive_still_has_a_name_of_its_own():
    names = {dian.container_name(invoice(sequence=None, number=number)) for number in ("A", "B")}
    assert len(names) == 2


ZIPS = [
    ("ad08001972680001900000001.xml", "z08001972680001900000001.zip"),  # the same without its kind
    ("AD08001972680001900000001.XML", "z08001972680001900000001.zip"),  # the annex's own examples mix case
    ("FE18342.xml", "z090037721600026000047a6.zip"),  # named otherwise: made
    ("", "z090037721600026000047a6.zip"),
]


@pytest.mark.parametrize(("container", "name"), ZIPS)
def test_zip_name(container, name):
    assert dian.zip_name(INVOICE, container) == name
    assert len(name.removesuffix(".zip")) == 24  # 6.5.8


QRS = [
    (INVOICE, QR),  # complete: as it stands
    (invoice(qr=f"\n  {LINK}\n"), LINK),
    (invoice(qr=QR.upper()), QR.upper()),
    (invoice(qr="NumFac: FE18342"), LINK),  # does not name the document
    (invoice(qr=""), LINK),
    (invoice(qr=QR + "0" * 2331), LINK),  # more than a QR code holds
    (invoice(qr="", uuid=""), ""),  # nothing to ask DIAN about
]


@pytest.mark.parametrize(("data", "text"), QRS)
def test_qr_text(data, text):
    assert dian.qr_text(data) == text


def test_a_test_document_asks_the_test_catalogue():
    assert dian.qr_text(invoice(qr="", environment="2")).startswith("https://catalogo-vpfe-hab.dian.gov.co/")
    assert dian.qr_text(invoice(qr="", environment="2")).endswith(CUFE)
