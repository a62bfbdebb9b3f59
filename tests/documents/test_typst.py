import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from cartero.documents.errors import NotDrawn
from cartero.documents.glyphs import drawable
from cartero.documents.look import Look
from cartero.documents.typst import ONE_PAGE, WHERE, render
from cartero.invoices.data import (
    AllowanceChargeData,
    CorrectionData,
    Document,
    PartyData,
    TaxData,
    TotalsData,
    ValidationData,
)
from tests.documents.samples import CUFE, INVOICE, LINK, LOOK, QR, invoice, iva, line, with_lines

LETTER = (612, 792)
MILLIMETRE = 72 / 25.4


def test_the_page_of_the_mock_up():
    reader = PdfReader(BytesIO(render(INVOICE, LOOK)))
    assert len(reader.pages) == 1
    assert tuple(map(round, reader.pages[0].mediabox.upper_right)) == LETTER
    assert reader.metadata.title == "Factura electrónica de venta FE18342"
    assert "/StructTreeRoot" in reader.trailer["/Root"]  # tagged


def test_it_says_that_it_is_pdf_a_3b():
    xmp = render(INVOICE, LOOK)
    assert b"<pdfaid:part>3</pdfaid:part>" in xmp
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in xmp


LAW = [  # Resolución 000227/2025, art. 1.5.1.2.2.1
    "Factura electrónica de venta",
    "Administraciones Valle Verde S.A.S.",  # issuer
    "NIT 900.377.216-7",
    "Inmobiliaria Los Cerezos S.A.S.",  # buyer
    "NIT 901.458.237-3",
    "FE18342",
    "n.º 18764055501420 del 12 de enero de 2026",  # authorization
    "prefijo FE, del 15001 al 30000, vigente hasta el 12 de enero de 2028",
    "1 de julio de 2026, 7:42:10 a. m.",  # issue
    "1 de julio de 2026, 7:42:13 a. m.",  # validation
    "15 de julio de 2026",
    "SAL-001",  # lines
    "Uso del salón comunal",
    "2 h",
    "$ 8.823,53",
    "$ 17.647,06",
    "19 %",
    "Excluido de IVA",
    "IVA 19 %",  # taxes
    "$ 43.268,91",
    "$ 1.250.000,00",  # total
    "Crédito, 14 días",  # payment
    "Transferencia débito bancaria",
    "Autorretenedor",  # tax quality
    CUFE,
    "Software: Andina Facturas",
    "Fabricante del software: NIT 901.779.034",
    "Proveedor tecnológico: NIT 901.779.034",
    "Página 1 de 1",
]


@pytest.mark.parametrize("item", LAW)
def test_what_the_law_lists_is_there(pages, item):
    (text,) = pages(INVOICE)
    assert item in text


QUALITIES = [
    ("O-13", "Gran contribuyente"),
    ("O-15", "Autorretenedor"),
    ("O-23", "Agente de retención de IVA"),
    ("O-47", "Régimen simple de tributación (SIMPLE)"),
]


@pytest.mark.parametrize(("code", "shown"), QUALITIES)
def test_the_issuer_s_tax_quality_is_shown(pages, code, shown):
    supplier = replace(INVOICE.supplier, tax_qualities=(code,))
    assert shown in pages(invoice(supplier=supplier))[0]


def _rasterised(pdf: bytes, folder, dpi: int = 150) -> list[Image.Image]:
    (folder / "page.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", folder / "page.pdf", folder / "page"], check=True)
    return [Image.open(path) for path in sorted(folder.glob("page-*.png"))]


def test_the_qr_is_read_back_from_every_page(tmp_path):
    images = _rasterised(render(with_lines(40), LOOK), tmp_path)
    assert len(images) == 3
    for image in images:
        (code,) = zxingcpp.read_barcodes(image)
        assert code.text == QR
        side = code.position.top_right.x - code.position.top_left.x
        assert 34 <= side / 150 * 25.4 <= 37  # the law asks for 20 mm


QRS = [
    (invoice(qr=LINK), LINK),  # real files hold the address alone
    (invoice(qr=""), LINK),  # none at all: DIAN's own link
    (invoice(qr="NumFac: FE18342"), LINK),  # cut off before the CUFE
    (invoice(qr="", environment="2"), LINK.replace("catalogo-vpfe", "catalogo-vpfe-hab")),
]


@pytest.mark.parametrize(("data", "text"), QRS)
def test_what_the_qr_says(tmp_path, data, text):
    (image,) = _rasterised(render(data, LOOK), tmp_path)
    assert zxingcpp.read_barcode(image).text == text


SPREADSHEET = invoice(
    number="1045",
    type_code="",
    uuid="",
    environment="",
    qr="",
    authorization=None,
    validation=None,
    software_name="",
    software_nit="",
    provider_nit="",
    issue_time=None,
)


def test_a_document_without_cufe_does_not_pretend_to_be_electronic(pages, tmp_path):
    (text,) = pages(SPREADSHEET)
    assert "Factura 1045" in text
    assert not [word for word in ("electrónica", "CUFE", "DIAN", "Representación gráfica", "QR") if word in text]
    (image,) = _rasterised(render(SPREADSHEET, LOOK), tmp_path)
    assert zxingcpp.read_barcodes(image) == []


def test_a_document_of_totals_alone(pages):
    (text,) = pages(replace(SPREADSHEET, lines=(), taxes=(), totals=TotalsData(payable=Decimal(5000))))
    assert "Total a pagar $ 5.000,00" in text
    assert "Descripción" not in text


def test_many_lines_carry_their_total_from_page_to_page(pages):
    first, second, third = pages(with_lines(40))
    assert "Viene" not in first
    assert "Página 1 de 3" in first
    assert "Pasa a la página 2: $ 1" in first
    carried = first.split("Pasa a la página 2: ")[1].split(" Página")[0][:12].split(" CUFE")[0]
    assert f"Viene de la página 1: {carried}" in second
    assert "Código Descripción" in second
    assert "Código Descripción" in third
    assert "Página 3 de 3" in third
    assert "Pasa" not in third
    assert "Total a pagar" in third


def test_few_lines_on_two_pages_are_counted_and_carried_too(pages):
    notes = tuple(f"Observación número {n}." for n in range(60))
    first, second = pages(invoice(notes=notes))
    assert "Página 1 de 2" in first
    assert "Pasa a la página 2" not in first  # all lines stand on it
    assert "Página 2 de 2" in second
    assert "Factura electrónica de venta" in second


def test_whether_it_has_one_page_stands_where_it_is_looked_for():
    assert ONE_PAGE in render(INVOICE, LOOK)[:WHERE]


def test_the_carried_total_is_the_sum_so_far(pages):
    first = pages(with_lines(40))[0]
    last = max(n for n in range(1, 41) if f"Concepto {n} " in first)
    total = f"$ {last * (last + 1) // 2}.000,00"
    assert f"Pasa a la página 2: {total}" in first


def test_five_hundred_lines(pages):
    texts = pages(with_lines(500))
    assert f"Página {len(texts)} de {len(texts)}" in texts[-1]
    assert "Concepto 500 " in texts[-1]
    assert all(CUFE in text for text in texts)


def test_a_note_says_what_it_corrects(pages):
    correction = CorrectionData(number="FE18000", uuid="ab" * 48, code="2", reason="Se facturó dos veces")
    note = invoice(kind="credit_note", number="NC12", type_code="91", uuid_scheme="CUDE-SHA384", correction=correction)
    (text,) = pages(note)
    for said in ("Nota crédito electrónica", "NC12", "FE18000", "Anulación de la factura", "CUDE"):
        assert said in text
    assert "Se facturó dos veces" in text
    assert "Total de la nota $ 1.250.000,00" in text
    assert "ab" * 48 in text.replace(" ", "")
    assert "Nota débito electrónica" in pages(replace(note, kind="debit_note"))[0]


def test_the_longest_hour_stays_on_its_line():
    late = invoice(issue_date=date(2026, 9, 24), issue_time=time(22, 58, 48), due_date=None)
    reader = PdfReader(BytesIO(render(late, LOOK)))
    assert "24 de septiembre de 2026, 10:58:48 p. m." in reader.pages[0].extract_text()


def test_an_export_is_in_its_currency_with_the_rate(pages):
    totals = TotalsData(payable=Decimal("14024.07"), line_extension=Decimal("14024.07"))
    (text,) = pages(
        invoice(type_code="02", currency="USD", totals=totals, exchange_rate=Decimal("4012.35"), taxes=(), lines=())
    )
    assert "Exportación" in text
    assert "Total a pagar USD 14.024,07" in text
    assert "1 USD = $ 4.012,35" in text


def test_withholdings_are_told_and_change_no_total(pages):
    held = TaxData(code="05", name="ReteIVA", amount=Decimal("6490.34"), base=Decimal("43268.91"), percent=Decimal(15))
    (text,) = pages(invoice(withholdings=(held,)))
    assert "Total a pagar $ 1.250.000,00" in text
    assert "Retención informada: ReteIVA 15 % $ 6.490,34" in text


def test_discounts_charges_and_tips(pages):
    allowances = (
        AllowanceChargeData(is_charge=False, amount=Decimal(1000), reason="Pronto pago", percent=Decimal("2.5")),
        AllowanceChargeData(is_charge=True, amount=Decimal(2000), reason="Flete"),
        AllowanceChargeData(is_charge=True, amount=Decimal(3000), reason_code="03"),
    )
    (text,) = pages(invoice(allowances=allowances))
    for said in ("Descuento 2,5 %: Pronto pago -$ 1.000,00", "Cargo: Flete $ 2.000,00", "Propina $ 3.000,00"):
        assert said in text


def test_a_tax_by_the_unit_has_no_rate(pages):
    sugar = TaxData(code="34", name="IBUA", amount=Decimal("1710.00"))
    data = invoice(lines=(line("Gaseosa 1,5 l", "9000", sugar, iva("9000", "1710")),), taxes=(sugar,))
    (text,) = pages(data)
    assert "IBUA $ 1.710,00" in text
    assert "None" not in text


def test_a_test_document_and_a_rejected_one_say_so(pages):
    assert "Documento de prueba, sin validez fiscal" in pages(invoice(environment="2"))[0]
    rejected = pages(invoice(validation=ValidationData(code="04")))[0]
    assert "Rechazado por la DIAN" in rejected
    assert "Validada" not in rejected


XML = '<?xml version="1.0" encoding="UTF-8"?>\r\n<Invoice>ñandú ]]&gt;</Invoice>\n'


@pytest.mark.parametrize("content", [XML.encode(), b"\xef\xbb\xbf" + XML.encode(), XML.encode("latin-1"), b""])
def test_the_xml_goes_inside_byte_for_byte(content):
    pdf = render(INVOICE, LOOK, (Document(name="fv0900.xml", media_type="application/xml", content=content),))
    with pikepdf.open(BytesIO(pdf)) as opened:
        attached = opened.attachments["fv0900.xml"]
        assert attached.get_file().read_bytes() == content
        assert opened.Root.AF[0].AFRelationship == "/Alternative"


def test_same_input_same_bytes_in_another_process(tmp_path):
    program = (
        "import sys; from cartero.documents.typst import render; from tests.documents.samples import *;"
        "sys.stdout.buffer.write(render(with_lines(30), LOOK))"
    )
    others = [subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout for _ in range(2)]
    render(INVOICE, LOOK)  # what was drawn before leaves no trace
    assert [render(with_lines(30), LOOK)] * 2 == others


def test_threads_draw_what_one_draws():
    documents = [invoice(number=f"FE{n}", qr="") for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda data: render(data, LOOK), documents)) == [render(data, LOOK) for data in documents]


FONTS = {"Lato-Regular", "Lato-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold", "NewCM10-Regular", "NewCM10-Bold"}


def _fonts(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        names = [
            str(each.BaseFont)
            for each in opened.objects
            if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        ]
    return {name.split("+")[-1].removesuffix("-Identity-H") for name in names}


def test_every_font_is_one_that_was_asked_for():
    assert _fonts(render(INVOICE, LOOK)) == {"Lato-Regular", "Lato-Bold", "DejaVuSansMono"}


def test_signs_that_lato_lacks_come_from_the_fallback():
    data = invoice(notes=("₡ 5.000 № 3 ✓ → שלום مرحبا Ω я",))
    text = " ".join(PdfReader(BytesIO(render(data, LOOK))).pages[0].extract_text().split())
    assert "₡ 5.000 № 3 ✓" in text
    assert _fonts(render(data, LOOK)) <= FONTS


def test_all_that_counts_as_drawable_is():
    """PDF/A refuses a sign that no font has, so drawing them all proves the list."""
    signs = [chr(point) for point in range(0x20, 0x10000) if drawable(chr(point)) == chr(point)]
    assert len(signs) > 3800
    assert render(invoice(notes=(" ".join(signs),)), LOOK)


HOSTILE = [
    '#read("/etc/passwd")',
    "$x^2$ *b* _i_ `c` @label <label> = Título",
    "\\ // /* */ #{ } [ ] ~ -- --- ...",
    "{{ tercero.nombre }} {% if %}",
    '"; DROP TABLE --',
    "&lt;b&gt; <script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_it_is(pages, text):
    customer = replace(INVOICE.customer, name=text)
    data = invoice(customer=customer, lines=(line(text, "1", code=text[:12]),), notes=(text,))
    (page,) = pages(data)
    assert page.count(" ".join(text.split())) >= 2


ODD = [
    "Tienda 😀 中文 ไทย",  # no font has these
    "a\x00b\x07c\x1b\ud7ff",  # control characters
    "שלום עולם",  # from right to left
    "مرحبا\u202e\u200f",
    "e\u0301\u0327\u0489 \u05b0 \u0651",  # marks alone and in piles
    "W" * 3000,
    "x\u200d\ufe0f\u2028\u2029y",
    " ",
    "",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_text_stops_no_document(text):
    party = PartyData(tax_id=text[:20], name=text, trade_name=text, phone=text[:100])
    data = invoice(
        number=text[:60] or "1",
        customer=party,
        supplier=replace(party, tax_id="9"),
        lines=(line(text, "1", code=text[:60], unit=text[:5]),),
        notes=(text,),
        software_name=text,
        order_reference=text[:80],
    )
    assert render(data, LOOK).startswith(b"%PDF-")


def test_a_long_word_wraps_inside_its_column(tmp_path):
    data = invoice(lines=(line("W" * 300, "1000", code="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),), notes=("M" * 300,))
    (image,) = _rasterised(render(data, LOOK), tmp_path, dpi=72)
    width, height = image.size
    margin = round(13 * MILLIMETRE)
    assert image.convert("L").crop((width - margin, 0, width, height)).getextrema() == (255, 255)


def test_huge_amounts_fit(pages):
    amount = Decimal("123456789012345678.12")
    totals = TotalsData(payable=amount, line_extension=amount)
    (text,) = pages(invoice(currency="USD", totals=totals, lines=(line("Oro", str(amount)),)))
    assert "USD 123.456.789.012.345.678,12" in text


def test_a_logo_takes_the_place_of_the_initial(tmp_path):
    logo = BytesIO()
    Image.new("RGB", (300, 100), (200, 30, 30)).save(logo, "PNG")
    (image,) = _rasterised(render(INVOICE, replace(LOOK, logo=logo.getvalue())), tmp_path)
    reds = [color for _count, color in image.convert("RGB").getcolors(1 << 20) if color == (200, 30, 30)]
    assert reds


def test_what_cannot_be_drawn_names_its_document():
    """Nothing that we know stops Typst, but a second file of one name."""
    twice = (Document(name="a.xml", media_type="application/xml", content=b"<a/>"),) * 2
    with pytest.raises(NotDrawn) as caught:
        render(INVOICE, LOOK, twice)
    assert "FE18342" in caught.value.user_text


def test_a_generic_country_has_no_word_of_colombia(pages):
    look = Look(legal_name="Importaciones del Sur", tax_id="J-123", country="generic")
    reader = PdfReader(BytesIO(render(SPREADSHEET, look)))
    text = reader.pages[0].extract_text()
    assert "Cliente" in text
    assert not [word for word in ("NIT", "DIAN", "Adquiriente", "CUFE") if word in text]
