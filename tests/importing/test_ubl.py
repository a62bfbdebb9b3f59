"""Each trap of real DIAN files, as a table: what is read of it, or the words it is refused with."""

from base64 import b64encode
from datetime import date, time
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartero.importing.parcels import ReadEvent, ReadInvoice
from cartero.importing.readers import ubl
from cartero.importing.refusals import Level, Refusal
from cartero.invoices.data import AuthorizationData, PaymentData, TaxData
from tests.importing.ubl_documents import (
    BUYER,
    COMPANY,
    DECLARATION,
    LINE,
    TOTALS,
    UBL,
    container,
    document,
    party,
    response,
    seller,
    uuid_of,
)


def read(content: str | bytes, company: str | None = COMPANY) -> ReadInvoice | ReadEvent | Refusal:
    return ubl.read(content.encode() if isinstance(content, str) else content, "carpeta/FE10.xml", company)


def imported(content: str | bytes) -> ReadInvoice:
    found = read(content)
    assert isinstance(found, ReadInvoice), found
    return found


def refused(content: str | bytes, company: str | None = COMPANY) -> Refusal:
    found = read(content, company)
    assert isinstance(found, Refusal), found
    return found


def warnings(found: ReadInvoice) -> str:
    return " | ".join(remark.text for remark in found.remarks if remark.level is Level.WARNING)


def test_a_container_is_read_whole():
    found = imported(container(document()))
    data = found.data
    assert (data.kind, data.type_code, data.number, data.prefix, data.sequence) == ("invoice", "01", "FE10", "FE", 10)
    assert (data.issue_date, data.issue_time, data.due_date) == (date(2026, 11, 3), time(19, 30), date(2026, 12, 3))
    assert (data.supplier.tax_id, data.supplier.check_digit, data.supplier.id_type) == (COMPANY, "3", "31")
    assert (data.customer.tax_id, data.customer.emails) == (BUYER, ("pagos@elroble.example.co",))
    assert data.customer.tax_qualities == ("O-13", "O-15")
    assert data.customer.address.city == "Medellín"
    assert data.totals.payable == Decimal("119000.00")
    assert data.taxes == (
        TaxData(code="01", name="IVA", amount=Decimal(19000), base=Decimal(100000), percent=Decimal(19)),
    )
    assert [(line.description, line.quantity, line.unit) for line in data.lines] == [
        ("Cuota de administración", 2, "94")
    ]
    assert data.authorization == AuthorizationData(
        number="18764000000001",
        start=date(2026, 1, 1),
        end=date(2027, 12, 31),
        prefix="FE",
        range_from="1",
        range_to="5000",
    )
    assert data.payment == PaymentData(form="2", means="42", due_date=date(2026, 12, 3))
    assert (data.uuid, data.uuid_scheme, data.environment) == (uuid_of("FE10"), "CUFE-SHA384", "1")
    assert data.qr.splitlines()[0] == "NumFac: FE10"
    assert data.validation
    assert (data.validation.code, data.validation.validation_date) == ("02", date(2026, 11, 3))
    assert found.remarks == ()
    assert [(file.role, file.name) for file in found.files] == [("container", "FE10.xml")]


def test_the_bytes_are_kept_as_they_came():
    content = b"\xef\xbb\xbf" + document().encode()
    assert imported(content).files[0].content == content


EMBEDDED = [
    ("CDATA", None, document()),
    ("escaped", escape(document()), ""),
    ("escaped twice", escape(escape(document())), ""),
    ("escaped three times", escape(escape(escape(document()))), ""),
    ("neither in CDATA nor escaped", document(declaration=""), ""),
    ("base64", b64encode(document().encode()).decode(), ""),
    (
        "base64 in lines",
        "\n".join(b64encode(document().encode()).decode()[at : at + 76] for at in range(0, 9000, 76)),
        "",
    ),
    ("byte order mark and spaces", None, "\ufeff \n " + document()),
    ("inner declaration of another encoding", None, document(declaration='<?xml version="1.0" encoding="UTF-16"?>')),
    ("]]> inside, in two sections", None, document(extra="<cbc:Note><![CDATA[uno ]]>dos</cbc:Note>")),
]


@pytest.mark.parametrize(("wrapped", "inside"), [case[1:] for case in EMBEDDED], ids=[case[0] for case in EMBEDDED])
def test_an_embedded_document_is_found(wrapped, inside):
    found = imported(container(inside, wrapped=wrapped))
    assert (found.data.number, found.data.customer.address.city) == ("FE10", "Medellín")
    assert not found.has_warnings


KINDS = [
    ({"type_code": "01"}, "invoice", "01"),
    ({"type_code": "02"}, "invoice", "02"),  # export
    ({"type_code": "03"}, "invoice", "03"),  # contingency of the issuer
    ({"type_code": "04"}, "invoice", "04"),  # contingency of DIAN
    ({"type_code": "20"}, "equivalent", "20"),  # POS ticket
    ({"type_code": "60"}, "equivalent", "60"),  # public utilities
    ({"root": "CreditNote", "type_code": "91"}, "credit_note", "91"),
    ({"root": "CreditNote", "type_code": "94"}, "credit_note", "94"),  # of an equivalent document
    ({"root": "CreditNote", "kind": ""}, "credit_note", "91"),
    ({"root": "DebitNote"}, "debit_note", "92"),  # has no type code of its own
]


@pytest.mark.parametrize(("parts", "kind", "type_code"), KINDS)
def test_each_kind_alone_and_in_a_container(parts, kind, type_code):
    for content in (document(**parts), container(document(**parts))):
        found = imported(content)
        assert (found.data.kind, found.data.type_code, len(found.data.lines)) == (kind, type_code, 1)
        assert not found.has_warnings


@pytest.mark.parametrize("root", ["Invoice", "CreditNote", "DebitNote"])
def test_a_negative_total_is_warned_about(root):
    found = imported(document(root=root, totals=TOTALS.replace(">119000.00</cbc:Pay", ">-500.00</cbc:Pay")))
    assert found.data.totals.payable == -500
    assert "El total es negativo." in warnings(found)


LATIN = '<?xml version="1.0" encoding="ISO-8859-1"?>'
ENCODINGS = [
    ("UTF-8 with a byte order mark", b"\xef\xbb\xbf" + document().encode(), ""),
    (
        "UTF-16 with a byte order mark",
        document(declaration='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"),
        "",
    ),
    ("UTF-16 without", document(declaration="").encode("utf-16-le"), ""),
    ("declares utf-16, is UTF-8", document(declaration='<?xml version="1.0" encoding="utf-16"?>').encode(), ""),
    ("Latin-1 as declared", document(declaration=LATIN).encode("latin-1"), ""),
    ("declares Latin-1, is UTF-8", document(declaration=LATIN).encode(), "está en UTF-8"),
    ("declares UTF-8, is Windows-1252", document().encode("cp1252"), "está en Windows-1252"),
    ("no declaration, Windows-1252", document(declaration="").encode("cp1252"), "está en Windows-1252"),
    ("unknown encoding, UTF-8", document(declaration='<?xml version="1.0" encoding="x-none"?>').encode(), ""),
    ("leading spaces", b" \r\n\n" + document().encode(), ""),
    ("text before the declaration", b"Content: text\r\n\r\n" + document().encode(), "texto antes del XML"),
]


@pytest.mark.parametrize(("content", "warning"), [case[1:] for case in ENCODINGS], ids=[case[0] for case in ENCODINGS])
def test_encodings_that_lie(content, warning):
    found = imported(content)
    assert found.data.customer.address.city == "Medellín"
    assert found.has_warnings == bool(warning)
    assert warning in warnings(found)


IDS = [
    # written, @schemeID, @schemeName, -> id, DV, id type, warning
    (BUYER, "2", "31", BUYER, "2", "31", ""),
    ("\n  800555432\n ", "2", "31", BUYER, "2", "31", ""),
    ("800555432-2", "", "31", BUYER, "2", "31", ""),
    ("800.555.432-2", "", "31", BUYER, "2", "31", ""),
    ("800 555 432 - 2", "2", "31", BUYER, "2", "31", ""),
    (BUYER, "7", "31", BUYER, "7", "31", "debería ser 2"),  # kept as it came
    (BUYER, "", "31", BUYER, "", "31", ""),
    (BUYER, "31", "", BUYER, "", "31", ""),  # the type where the DV goes
    ("8005554322", "2", "31", BUYER, "2", "31", ""),  # glued on without hyphen
    ("8005554322", "", "31", BUYER, "2", "31", ""),
    ("9001234568", "8", "31", "900123456", "8", "31", ""),  # 8 is the digit of both; ids of ten digits begin with 1
    ("0800555432", "2", "31", BUYER, "2", "31", ""),
    ("1.020.304.050", "", "13", "1020304050", "", "13", ""),
    ("1020304050-1", "1", "13", "1020304050", "", "13", ""),  # a person's NIT under the type of a cédula
    ("222222222222", "", "13", "222222222222", "", "13", ""),
    ("2222222222", "", "13", "2222222222", "", "13", "doce veces"),
    ("AB 123456", "", "41", "AB123456", "", "41", ""),  # passport
]


@pytest.mark.parametrize(("written", "digit", "id_type", "tax_id", "check_digit", "read_type", "warning"), IDS)
def test_ids_as_they_are_written(written, digit, id_type, tax_id, check_digit, read_type, warning):
    found = imported(document(customer=party(written, digit=digit, id_type=id_type)))
    customer = found.data.customer
    assert (customer.tax_id, customer.check_digit, customer.id_type) == (tax_id, check_digit, read_type)
    assert found.has_warnings == bool(warning)
    assert warning in warnings(found)


EMAILS = [
    (("a@x.example.co",), ("a@x.example.co",)),
    (("a@x.example.co;b@x.example.co",), ("a@x.example.co", "b@x.example.co")),
    (("a@x.example.co, b@x.example.co",), ("a@x.example.co", "b@x.example.co")),
    (("a@x.example.co / b@x.example.co c@x.example.co",), ("a@x.example.co", "b@x.example.co", "c@x.example.co")),
    (("a@x.example.co", "b@x.example.co"), ("a@x.example.co", "b@x.example.co")),
    (("A@X.example.co", "a@x.example.co"), ("A@X.example.co",)),  # the same mailbox
    ((" a@x.example.co. \n",), ("a@x.example.co",)),
    (("Ana <a@x.example.co>",), ("a@x.example.co",)),
    (("añil@x.example.co",), ("añil@x.example.co",)),  # whether it can be used is judged with addresses
    ((".",), ()),
    (("no tiene",), ()),
    (("N/A",), ()),
    (("xxxx@xxxx",), ()),
    ((), ()),
]


@pytest.mark.parametrize(("stated", "emails"), EMAILS)
def test_emails_as_they_are_written(stated, emails):
    found = imported(document(customer=party(emails=stated)))
    assert found.data.customer.emails == emails
    assert found.has_warnings == (not emails)


BROKEN = [
    ("ana@@x", "tiene más de una arroba"),
    ("ana..p@x.example.co", "dos puntos seguidos"),
    ("ana.example.co", "le falta la arroba"),
]


@pytest.mark.parametrize(("broken", "why"), BROKEN)
def test_an_email_that_no_server_takes_is_left_out_and_named(broken, why):
    found = imported(document(customer=party(emails=(broken, "b@x.example.co"))))
    assert found.data.customer.emails == ("b@x.example.co",)
    assert f"«{broken}» no es un correo válido: {why}" in warnings(found)


def test_at_most_ten_emails_are_taken_and_the_rest_is_said():
    found = imported(document(customer=party(emails=tuple(f"a{n}@x.example.co" for n in range(12)))))
    assert len(found.data.customer.emails) == 10
    assert "Tiene 12 correos" in warnings(found)


def test_the_final_consumer_needs_no_email():
    anyone = party("222222222222", "Consumidor final", digit="", id_type="13", emails=())
    assert not imported(document(type_code="20", customer=anyone)).has_warnings


def means(*dates: tuple[str, str]) -> str:
    return "".join(
        f"<cac:PaymentMeans><cbc:ID>{form}</cbc:ID><cbc:PaymentDueDate>{day}</cbc:PaymentDueDate></cac:PaymentMeans>"
        for form, day in dates
    )


HEADER = "<cbc:DueDate>2026-12-03</cbc:DueDate>"
DUE_DATES = [
    (HEADER, means(("2", "2026-12-03")), date(2026, 12, 3), ""),
    ("", means(("2", "2026-12-10")), date(2026, 12, 10), ""),
    ("", means(("1", "2026-11-03"), ("2", "2026-12-10")), date(2026, 12, 10), ""),  # the credit part
    ("", means(("1", "2026-11-04"), ("1", "2026-12-10")), date(2026, 11, 4), ""),
    (HEADER, means(("2", "2026-12-10")), date(2026, 12, 3), "El encabezado dice 03/12/2026"),
    ("<cbc:DueDate>2026-10-01</cbc:DueDate>", "", date(2026, 10, 1), "antes de la fecha de emisión"),
    ("<cbc:DueDate>03/12/2026</cbc:DueDate>", "", None, "no es una fecha"),
    ("<cbc:DueDate>\n 2026-12-03-05:00 </cbc:DueDate>", "", date(2026, 12, 3), ""),
    ("", "", None, ""),
]


@pytest.mark.parametrize(("header", "payment", "due_date", "warning"), DUE_DATES)
def test_due_dates(header, payment, due_date, warning):
    found = imported(document(due=header, payment=payment))
    assert found.data.due_date == due_date
    assert found.has_warnings == bool(warning)
    assert warning in warnings(found)


NUMBERS = [
    ("FE10", "FE", "FE", 10),
    ("  FE10\n", "FE", "FE", 10),
    ("FE1500", "FE1", "FE1", 500),  # the authorization knows where the prefix ends
    ("A01E5687", "", "A01E", 5687),
    ("10", "", "", 10),
    ("FE-10", "", "FE", 10),
    ("FEX", "FE", "", None),
]


@pytest.mark.parametrize(("number", "stated", "prefix", "sequence"), NUMBERS)
def test_prefix_and_sequence(number, stated, prefix, sequence):
    data = imported(document(id=number, prefix=stated)).data
    assert (data.number, data.prefix, data.sequence) == (number.strip(), prefix, sequence)


def total(payable: str, extra: str = "", currency: str = "COP") -> str:
    return f'{extra}<cbc:PayableAmount currencyID="{currency}">{payable}</cbc:PayableAmount>'


PREPAID = '<cbc:PrepaidAmount currencyID="COP">1000.00</cbc:PrepaidAmount>'
PER_UNIT = """<cac:TaxTotal><cbc:TaxAmount currencyID="COP">60</cbc:TaxAmount><cac:TaxSubtotal>
  <cbc:TaxAmount currencyID="COP">60</cbc:TaxAmount><cbc:PerUnitAmount currencyID="COP">60</cbc:PerUnitAmount>
  <cac:TaxCategory><cac:TaxScheme><cbc:ID>34</cbc:ID><cbc:Name>IBUA</cbc:Name></cac:TaxScheme></cac:TaxCategory>
  </cac:TaxSubtotal></cac:TaxTotal>"""


def test_the_amount_to_pay_stands_whatever_was_prepaid():
    totals = imported(document(totals=total("119000.00", PREPAID))).data.totals
    assert (totals.payable, totals.prepaid) == (Decimal("119000.00"), Decimal("1000.00"))


def test_a_tax_by_the_unit_has_neither_rate_nor_base():
    assert imported(document(taxes=PER_UNIT)).data.taxes == (TaxData(code="34", name="IBUA", amount=Decimal(60)),)


REMARKS = [
    ({"totals": total("10", currency="USD")}, "sus totales dicen USD"),
    ({"currency": ""}, "No dice la moneda; se leyó COP"),
    ({"lines": ""}, "No trae ninguna línea"),
    ({"uuid": "<cbc:UUID/>"}, "No trae CUFE"),
    ({"uuid": "<cbc:UUID>abc</cbc:UUID>"}, "El CUFE no tiene la forma"),
    ({"type_code": "POS"}, "«POS» no está en las tablas"),
    ({"type_code": "1"}, "se leyó como 01"),
    ({"lines": LINE.format(kind="Invoice", quantity="Invoiced").replace(">50000.00<", ">cincuenta<")}, "«cincuenta»"),
    ({"customer": party(name="")}, "No trae nombre"),
]


@pytest.mark.parametrize(("parts", "warning"), REMARKS)
def test_odd_but_readable(parts, warning):
    found = imported(document(**parts))
    assert found.data.number == "FE10"
    assert warning in warnings(found)


ANSWERS = [
    ("02", "01", "02", ""),
    ("002", "01", "02", ""),  # some providers write three digits
    ("Documento validado por la DIAN", "01", "02", ""),
    ("04", "01", "04", "La DIAN respondió 04"),
    (None, "01", None, "No trae la respuesta"),
    (None, "04", None, ""),  # contingency of DIAN: the container goes without answer
]


@pytest.mark.parametrize(("answer", "type_code", "code", "warning"), ANSWERS)
def test_the_answer_of_dian_in_a_container(answer, type_code, code, warning):
    found = imported(container(document(type_code=type_code), answer=answer))
    assert (found.data.validation.code if found.data.validation else None) == code
    assert found.has_warnings == bool(warning)
    assert warning in warnings(found)


SAME = [("FE10", ""), ("10", ""), ("FE-10", ""), ("FE11", "El contenedor dice ser de FE11 y trae FE10")]


@pytest.mark.parametrize(("outside", "warning"), SAME)
def test_the_number_of_the_container(outside, warning):
    found = imported(container(document(), number=outside))
    assert found.data.number == "FE10"
    assert warnings(found).startswith(warning) if warning else not found.has_warnings


def test_the_answer_is_read_from_itself_where_the_container_does_not_report_it():
    content = container(document()).replace("<cbc:ValidationResultCode>02</cbc:ValidationResultCode>", "")
    validation = imported(content).data.validation
    assert validation
    assert (validation.code, validation.validation_time) == ("02", "08:15:00-05:00")


def test_an_event_of_the_buyer_in_a_container_is_no_answer_of_dian():
    event = container(document(), answer="030")
    reference = event[event.index("<cac:ParentDocumentLineReference>") : event.index("</AttachedDocument>")]
    both = imported(
        container(document()).replace(
            "<cac:ParentDocumentLineReference>", reference + "<cac:ParentDocumentLineReference>", 1
        )
    )
    assert both.data.validation
    assert (both.data.validation.code, both.has_warnings) == ("02", False)
    assert "No trae la respuesta de la DIAN." in warnings(imported(event))


def test_an_invoice_alone_and_a_test_document_are_noted_without_warning():
    found = imported(document(environment="2"))
    assert [remark.level for remark in found.remarks] == [Level.NOTE, Level.NOTE]
    assert found.data.environment == "2"


def test_prefixes_of_namespaces_mean_nothing():
    content = document().replace("cbc:", "x1:").replace("xmlns:cbc", "xmlns:x1").replace('"', "'")
    content = content.replace("<Invoice xmlns=", "<fe:Invoice xmlns:fe=").replace("</Invoice>", "</fe:Invoice>")
    assert imported(content).data.totals.payable == Decimal(119000)


def test_a_note_says_what_it_corrects():
    reference = (
        "<cac:DiscrepancyResponse><cbc:ResponseCode>2</cbc:ResponseCode><cbc:Description>Anulación</cbc:Description>"
        "</cac:DiscrepancyResponse><cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>FE9</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
    )
    correction = imported(document("NC1", root="CreditNote", type_code="91", extra=reference)).data.correction
    assert correction
    assert (correction.number, correction.code, correction.reason) == ("FE9", "2", "Anulación")


PERU = document(supplier=party("20347100316").replace(">CO<", ">PE<"), uuid="").replace("DIAN 2.1", "SUNAT")
PERU = PERU.replace("sts:DianExtensions", "sts:Additional")
REFUSED = [
    ("a purchase", document(supplier=party(), customer=seller()), "es una compra"),
    ("a purchase in a container", container(document(supplier=party(), customer=seller())), "es una compra"),
    ("another company's", document(supplier=party("830111222", digit="")), "la emitió otra empresa"),
    ("documento soporte", document(type_code="05"), "documento soporte"),
    ("note to a documento soporte", document(root="CreditNote", type_code="95"), "documento soporte"),
    ("import document", document(type_code="101"), "documento de importación"),
    ("type in no table", document(type_code="380"), "«380» no es un tipo"),
    ("no type", document(kind=""), "no es un tipo"),
    ("another country", PERU, "de otro país"),
    ("payroll", "<NominaIndividual xmlns='dian:gov:co:facturaelectronica:NominaIndividual'/>", "nómina electrónica"),
    (
        "format of 2016",
        "<fe:Invoice xmlns:fe='http://www.dian.gov.co/contratos/facturaelectronica/v1'/>",
        "de 2016 a 2019",
    ),
    ("a provider's own", "<FACTURA><ENC/></FACTURA>", "empieza con «FACTURA»"),
    ("a page", "<!-- x --><html><body>Error 502</body></html>", "página web"),
    ("a page of HTML 5", "<!DOCTYPE html><html><body>Su sesión venció<br></body></html>", "página web"),
    ("no XML", b"%PDF-1.7\n", "no es XML"),
    ("nothing", b"", "está vacío"),
    ("cut", document()[:2000], "dañado o incompleto"),
    ("neither UTF-8 nor Windows-1252", document().encode().replace("í".encode(), b"\x81"), "no se pueden leer"),
    ("half UTF-16", b"\xff\xfe<\x00a", "UTF-16"),
    ("no number", document(id=""), "no trae número"),
    ("long number", document(id="F" * 61), "más de 60 letras"),
    ("no date", document(dates=""), "no trae fecha"),
    ("30 February", document(dates="<cbc:IssueDate>2026-02-30</cbc:IssueDate>"), "no es una fecha"),
    ("no total", document(totals=""), "no trae el total"),
    ("total of 7 decimals", document(totals=total("1.1234567")), "más de 6 decimales"),
    ("total with commas", document(totals=total("119.000,00")), "«119.000,00» no es un valor"),
    ("infinite total", document(totals=total("INF")), "no es un valor"),
    ("total of 16 digits", document(totals=total("1" * 16)), "no es un valor"),
    ("no such currency", document(currency="pesos"), "no es una moneda"),
    ("buyer without id", document(customer=party("")), "no trae NIT"),
    ("empty container", container("", wrapped=""), "no trae ninguna factura"),
    ("container in a container", container(container(document())), "otro contenedor"),
    ("broken inside", container(document()[:3000]), "dañado o incompleto"),
    ("base64 of a PDF", container("", wrapped=b64encode(b"%PDF-1.7").decode()), "no es XML"),
    ("DTD", "<!DOCTYPE Invoice [<!ENTITY a 'b'>]>" + document(declaration=""), "declaración DTD"),
    ("DTD behind comments", f"{DECLARATION}<!-- a --> <?b?><!doctype Invoice>" + document(declaration=""), "DTD"),
    ("DTD inside", container("<!DOCTYPE Invoice SYSTEM 'file:///etc/passwd'>" + document(declaration="")), "DTD"),
    ("too deep", document(extra="<a>" * 64 + "</a>" * 64), "niveles"),
    ("far too deep", document(extra="<a>" * 100_000 + "</a>" * 100_000), "dañado"),
    (
        "attributes",
        document(extra="<a " + " ".join(f"b{n}='1'" for n in range(65)) + "/>"),
        "más elementos o atributos",
    ),
    ("elements", document(extra="<a/>" * 500_001), "más elementos o atributos"),
    ("11 MB", document(extra="<!--" + "x" * 11_000_000 + "-->"), "pesa 11 MB"),
]


@pytest.mark.parametrize(("content", "what"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused_in_words(content, what):
    refusal = refused(content)
    assert what in refusal.what
    assert refusal.file == "carpeta/FE10.xml"
    assert refusal.where
    assert refusal.mend


def test_a_cut_file_names_the_line():
    assert refused("<a>\n<b>\n</a>").where == "línea 3"


def test_a_refusal_knows_the_number():
    assert refused(document("FE77", type_code="05")).number == "FE77"


def test_spaces_before_a_root_take_no_time():
    assert "DTD" not in refused(" \n" * 200_000 + "<a>" + "<!-- " * 50_000).what


EVENTS = [
    ("030", {}, True),
    ("031", {}, True),
    ("033", {}, True),
    ("034", {"sender": seller(), "receiver": party()}, True),  # tacit: the issuer states it
    ("030", {"sender": seller(), "receiver": party()}, True),  # about a purchase of ours: kept, shown nowhere
    ("030", {"sender": party(), "receiver": party("830111222")}, False),  # between others
    ("037", {}, False),  # endorsement
]


@pytest.mark.parametrize(("code", "parties", "is_kept"), EVENTS)
def test_events(code, parties, is_kept):
    for content in (response(code, "FE10", **parties), container(response(code, "FE10", **parties), number="AR1")):
        found = read(content)
        if is_kept:
            assert isinstance(found, ReadEvent)
            assert (found.code, found.number, found.reference) == (code, "AR1", "FE10")
            assert (found.reference_uuid, found.issue_date) == (uuid_of("FE10"), date(2026, 11, 4))
            assert found.file.role == "event"
        else:
            assert isinstance(found, Refusal)


def test_the_answer_of_dian_alone_is_an_event_with_its_result():
    dian = "<cac:PartyTaxScheme><cbc:RegistrationName>DIAN</cbc:RegistrationName></cac:PartyTaxScheme>"
    found = read(response("02", "FE10", sender=dian))
    assert isinstance(found, ReadEvent)
    assert found.answer
    assert (found.answer.code, found.file.role) == ("02", "validation")


def test_without_a_company_any_supplier_passes():
    assert isinstance(read(document(supplier=party("830111222", digit="")), None), ReadInvoice)


SOURCE = container(document()).encode()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SOURCE) - 1), st.binary(max_size=6), st.integers(0, 40))
def test_no_damage_crashes_the_reader(at, inserted, removed):
    found = read(SOURCE[:at] + inserted + SOURCE[at + removed :])
    assert isinstance(found, ReadInvoice | ReadEvent | Refusal)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["id", "dates", "due", "currency", "customer", "totals", "lines", "uuid"]))
def test_no_text_in_a_field_crashes_the_reader(text, part):
    default = {
        "id": "{}",
        "dates": "<cbc:IssueDate>{}</cbc:IssueDate><cbc:IssueTime>{}</cbc:IssueTime>",
        "due": "<cbc:DueDate>{}</cbc:DueDate>",
        "currency": "{}",
        "customer": party("CUSTOMER").replace("CUSTOMER", "{}").replace('"2"', '"{}"'),
        "totals": TOTALS.replace("119000.00", "{}"),
        "lines": LINE.format(kind="Invoice", quantity="Invoiced").replace("50000.00", "{}"),
        "uuid": "<cbc:UUID>{}</cbc:UUID>",
    }
    quoted = escape(text, {'"': "&quot;"})
    content = document(**{part: default[part].replace("{}", quoted)})
    found = read(content.encode("utf-8", "surrogatepass"))
    assert isinstance(found, ReadInvoice | Refusal)


def test_the_namespace_of_the_root_is_what_counts():
    assert "empieza con «Invoice»" in refused(document().replace(f'xmlns="{UBL}Invoice-2"', 'xmlns="urn:other"')).what
