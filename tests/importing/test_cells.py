import pytest

from cartero.importing.readers import cells
from cartero.importing.refusals import UnreadableError
from cartero.invoices.states import InvoiceKind

NUMBERS = [
    (("FE1234",), ("FE1234", "FE", 1234)),
    (("FE-1234",), ("FE1234", "FE", 1234)),
    (("FE 1234",), ("FE1234", "FE", 1234)),
    (("fe - 1234",), ("FE1234", "FE", 1234)),
    ((1234.0,), ("1234", "", 1234)),  # typed as a number
    ((1234, "FE"), ("FE1234", "FE", 1234)),
    (("1234.0", "FE-"), ("FE1234", "FE", 1234)),
    (("FE1234", "FE"), ("FE1234", "FE", 1234)),  # the prefix is in it already
    (("21234", "2"), ("221234", "2", 21234)),  # but digits may just begin alike
    (("1234", "N/A"), ("1234", "", 1234)),
    (("FV-2-1234",), ("FV21234", "FV2", 1234)),  # Siigo: document, kind of it, number
    (("FE0001234",), ("FE0001234", "FE", 1234)),
    (("No. FE 12",), ("FE12", "FE", 12)),
    (("# 12",), ("12", "", 12)),
    (("N123",), ("N123", "N", 123)),
    (("SETT-990000001",), ("SETT990000001", "SETT", 990000001)),
    (("FE12A",), ("FE12A", "", None)),
    (("'0012",), ("0012", "", 12)),  # the mark of a text, as programs write it into a CSV
]

IDS = [
    ((900123456.0,), ("900123456", "", "", "")),  # no digit is lost
    ((9001234567,), ("9001234567", "", "", "")),  # 7 is not its digit
    ((9001234568,), ("900123456", "", "8", "")),  # no id of ten digits begins with 8 or 9: its digit is glued to it
    (("900123456 8", "NIT"), ("900123456", "31", "8", "")),
    (("9001234568", "Pasaporte"), ("9001234568", "41", "", "")),
    (("'900123456",), ("900123456", "", "", "")),
    (("900.123.456",), ("900123456", "", "", "")),
    (("900,123,456",), ("900123456", "", "", "")),
    (("900 123 456",), ("900123456", "", "", "")),
    (("900.123.456-8",), ("900123456", "", "8", "")),
    (("900123456 - 8",), ("900123456", "", "8", "")),
    (("900123456-7",), ("900123456", "", "7", "8")),  # wrong, kept
    (("NIT 900.123.456-8",), ("900123456", "31", "8", "")),
    (("C.C. 12.345.678",), ("12345678", "13", "", "")),
    (("900123456", "NIT", 8.0), ("900123456", "31", "8", "")),
    (("900123456", "NIT", 7), ("900123456", "31", "7", "8")),
    (("12345678-9", "CC"), ("12345678", "13", "", "")),  # a cédula has none
    (("900123456.0",), ("900123456", "", "", "")),
    (("0900123456",), ("900123456", "", "", "")),
    (("ab 123456", "Pasaporte"), ("AB123456", "41", "", "")),
    (("222222222222",), ("222222222222", "", "", "")),
]


@pytest.mark.parametrize(("typed", "read"), NUMBERS)
def test_numbers_of_documents(typed, read):
    assert cells.number(*typed) == read


@pytest.mark.parametrize("typed", ["", None, "abc", "FE-", "1,2E+11", "#N/A", "FE" + "1" * 60, "ñ12"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(UnreadableError):
        cells.number(typed)


@pytest.mark.parametrize(("typed", "read"), IDS)
def test_ids(typed, read):
    assert cells.identity(*typed)[:4] == read


@pytest.mark.parametrize(
    "typed", ["", "x", "no tiene", "9.00E+08", "9,00123E+11", "000000", "#REF!", "Ana Pérez", "12"]
)
def test_what_is_no_id_is_refused(typed):
    with pytest.raises(UnreadableError):
        cells.identity(typed)


def test_lost_digits_are_told_apart():
    with pytest.raises(UnreadableError) as refused:
        cells.identity("9,00123E+08")
    assert "científica" in refused.value.what


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("Factura", InvoiceKind.INVOICE),
        ("Factura de venta electrónica", InvoiceKind.INVOICE),
        ("FV-1", InvoiceKind.INVOICE),
        ("01", InvoiceKind.INVOICE),
        ("Nota crédito", InvoiceKind.CREDIT_NOTE),
        ("NOTA DE CREDITO", InvoiceKind.CREDIT_NOTE),
        ("NC", InvoiceKind.CREDIT_NOTE),
        ("91", InvoiceKind.CREDIT_NOTE),
        ("Nota débito", InvoiceKind.DEBIT_NOTE),
        ("Documento equivalente POS", InvoiceKind.EQUIVALENT),
        ("Recibo de caja", InvoiceKind.RECEIPT),
        ("RC", InvoiceKind.RECEIPT),
    ],
)
def test_kinds(typed, kind):
    assert cells.kind(typed) is kind


@pytest.mark.parametrize("typed", ["Certificado", "Contado", "Cotización", "Factura de compra"])
def test_other_documents_are_refused(typed):
    with pytest.raises(UnreadableError):
        cells.kind(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(("", "COP"), ("COP", "COP"), ("$", "COP"), ("Pesos", "COP"), ("usd", "USD"), ("US$", "USD")),
        *(("Dólares", "USD"), ("Peso colombiano (COP)", "COP"), ("USD - Dólar", "USD")),
    ],
)
def test_currencies(typed, code):
    assert cells.currency(typed) == code


@pytest.mark.parametrize("typed", ["moneda local", "12"])
def test_what_is_no_currency_is_refused(typed):
    with pytest.raises(UnreadableError):
        cells.currency(typed)


@pytest.mark.parametrize(
    ("typed", "form"), [("", ""), ("PDF", "pdf"), ("Solo PDF", "pdf"), ("XML y PDF", "container"), ("ZIP", "container")]
)
def test_delivery_forms(typed, form):
    assert cells.delivery_form(typed) == form


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Ana\n  Pérez\u200b ", "Ana Pérez"),
        ("=1+1", "=1+1"),  # a formula that was typed as text is text
        (900123456.0, "900123456"),
        (1.5, "1.5"),
        (None, ""),
    ],
)
def test_texts(cell, text):
    assert cells.text(cell) == text


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(UnreadableError, match="letras"):
        cells.text("x" * 32_769)
