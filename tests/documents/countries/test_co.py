from dataclasses import replace
from datetime import date

import pytest

from cartero.documents import countries
from cartero.documents.countries import co
from cartero.invoices.data import AuthorizationData, PartyData, PaymentData, ValidationData
from tests.documents.samples import CUSTOMER, INVOICE, QR, SUPPLIER, invoice

TITLES = [
    (invoice(), "Factura electrónica de venta"),
    (invoice(type_code="02"), "Factura electrónica de venta"),
    (invoice(kind="credit_note"), "Nota crédito electrónica"),
    (invoice(kind="debit_note"), "Nota débito electrónica"),
    (invoice(kind="equivalent", type_code="20"), "Documento equivalente electrónico"),
    (invoice(uuid=""), "Factura"),  # not electronic, and does not say so
    (invoice(kind="credit_note", uuid=""), "Nota crédito"),
    (invoice(kind="equivalent", uuid=""), "Documento"),
]


@pytest.mark.parametrize(("data", "title"), TITLES)
def test_title(data, title):
    assert co.paper(data).title == title


def test_the_rules_of_its_mails():
    country = countries.of("co")
    assert not country.grouping
    assert country.size_limit == 2_097_152
    assert country.subject(INVOICE, "").startswith("900377216;")
    with pytest.raises(KeyError):
        countries.of("atlantis")


def test_a_document_without_cufe_has_neither_code_nor_authorization():
    paper = co.paper(invoice(uuid=""))
    assert (paper.qr, paper.fiscal, paper.uuid_label, paper.subtitle) == ("", (), "", ())
    assert co.paper(INVOICE).qr == QR


LABELS = [
    (invoice(), "CUFE"),
    (invoice(uuid_scheme="CUDE-SHA384"), "CUDE"),
    (invoice(uuid_scheme=""), "CUFE"),
    (invoice(uuid_scheme="", kind="credit_note"), "CUDE"),  # notes, equivalents and contingency have a CUDE
    (invoice(uuid_scheme="", type_code="03"), "CUDE"),
    (invoice(uuid_scheme="sha384"), "CUFE"),
]


@pytest.mark.parametrize(("data", "label"), LABELS)
def test_the_code_s_name(data, label):
    assert co.paper(data).uuid_label == label


IDENTITIES = [
    (SUPPLIER, "NIT 900.377.216-7 · Autorretenedor · Responsable de IVA"),
    (CUSTOMER, "NIT 901.458.237-3"),
    (PartyData(tax_id="1020304050", name="", id_type="13"), "Cédula de ciudadanía 1.020.304.050"),
    (PartyData(tax_id="AB123", name="", id_type="41"), "Pasaporte AB123"),
    (PartyData(tax_id="222222222222", name="", id_type="13"), "Consumidor final · 222222222222"),
    (PartyData(tax_id="900", name="", id_type="99"), "Identificación 900"),  # a code we do not know
    (PartyData(tax_id="900", name="", check_digit="1"), "NIT 900-1"),  # only a NIT has a check digit
    (PartyData(tax_id="", name=""), ""),
    (PartyData(tax_id="900", name="", id_type="31", tax_qualities=("R-99-PN",)), "NIT 900"),
]


@pytest.mark.parametrize(("party", "shown"), IDENTITIES)
def test_identity(party, shown):
    assert co.identity(party) == shown


PAYMENTS = [
    (PaymentData(form="1", means="10"), ("Contado", "Efectivo")),
    (PaymentData(form="2", means="47"), ("Crédito, 14 días", "Transferencia débito bancaria")),
    (PaymentData(form="02", means="41"), ("Crédito, 14 días", "Código 41")),  # one we do not know
    (PaymentData(), ("", "")),
]


@pytest.mark.parametrize(("payment", "shown"), PAYMENTS)
def test_payment(payment, shown):
    facts = dict(co.paper(invoice(payment=payment)).facts)
    assert (facts.get("Forma de pago", ""), facts.get("Medio de pago", "")) == shown


def test_credit_without_a_term():
    facts = dict(co.paper(invoice(due_date=None)).facts)
    assert facts["Forma de pago"] == "Crédito"
    assert dict(co.paper(invoice(due_date=date(2026, 7, 2))).facts)["Forma de pago"] == "Crédito, 1 día"


VALIDATIONS = [
    (ValidationData(code="02", validation_date=date(2026, 7, 1), validation_time="07:42:13-05:00"), ", 7:42:13 a. m."),
    (ValidationData(code="02", validation_date=date(2026, 7, 1), validation_time="mañana"), ""),
    (ValidationData(code="02", validation_date=date(2026, 7, 1)), ""),
]


@pytest.mark.parametrize(("validation", "hour"), VALIDATIONS)
def test_when_it_was_validated(validation, hour):
    facts = dict(co.paper(invoice(validation=validation)).facts)
    assert facts["Validada por la DIAN"] == f"1 de julio de 2026{hour}"


def test_an_authorization_says_what_it_has():
    paper = co.paper(replace(INVOICE, authorization=AuthorizationData(number="187640")))
    assert paper.fiscal[0] == "Autorización de numeración de la DIAN n.º 187640."


def test_units_as_people_write_them():
    assert [co.unit(code) for code in ("94", "HUR", "MON", "kgm", "XPP", "")] == ["und", "h", "mes", "kg", "XPP", ""]


@pytest.mark.parametrize(
    ("id_type", "tax_id", "digit"),
    [("31", "800197268", "4"), ("31", "899999068", "1"), ("13", "800197268", ""), ("31", "AB123", "")],
)
def test_only_a_nit_has_a_check_digit(id_type, tax_id, digit):
    assert co.COLOMBIA.check_digit(id_type, tax_id) == digit
