"""Whole sheets, as accounting programs and people in Colombia write them."""

import io
from datetime import date
from decimal import Decimal

import pytest

from cartero.importing.columns import NeedsMapping, layout_from_json
from cartero.importing.headings import Field
from cartero.importing.parcels import Begun, ReadInvoice, Resume
from cartero.importing.party_rows import PartyRow
from cartero.importing.readers.decimals import NeedsDecimal
from cartero.importing.readers.rows import Options, read, read_sheet
from cartero.importing.refusals import Refusal, Remark
from cartero.invoices.data import InvoiceData, PartyData
from tests.importing.ubl_documents import document
from tests.importing.workbooks import xlsx

SUPPLIER = PartyData(tax_id="900373115", name="Empresa de Ejemplo SAS")
TODAY = date(2026, 7, 15)
HEADINGS = ["Factura", "NIT", "Cliente", "Correo", "Fecha", "Vence", "Total", "Saldo"]


def found(content: bytes | io.BytesIO, **told: object) -> list[object]:
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    return list(read(stream, Options(file="ventas", supplier=SUPPLIER, today=TODAY, **told)))


def csv(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def invoices(items: list[object]) -> list[InvoiceData]:
    return [item.data for item in items if isinstance(item, ReadInvoice)]


def refusals(items: list[object]) -> list[Refusal]:
    return [item for item in items if isinstance(item, Refusal)]


def notes(items: list[object]) -> list[str]:
    return [f"{item.where}: {item.text}" for item in items if isinstance(item, Remark)]


def test_a_row_is_an_invoice():
    row = [
        "FE-1",
        900123456,
        "Cliente SAS",
        "Pagos@Cliente.example.CO; b@x.co",
        date(2026, 7, 1),
        date(2026, 7, 31),
        1190000,
        0,
    ]
    (data,) = invoices(found(xlsx(("Facturas", [HEADINGS, row]))))
    assert data == InvoiceData(
        kind="invoice",
        number="FE1",
        prefix="FE",
        sequence=1,
        issue_date=date(2026, 7, 1),
        due_date=date(2026, 7, 31),
        supplier=SUPPLIER,
        customer=PartyData(tax_id="900123456", name="Cliente SAS", emails=("Pagos@cliente.example.co", "b@x.co")),
        balance=Decimal(0),
        totals=data.totals,
    )
    assert data.totals.payable == 1190000
    assert vars(data).keys() <= InvoiceData.__dataclass_fields__.keys()


def test_all_that_a_row_may_tell():
    items = found(
        csv(
            "Tipo;Prefijo;No.;Tipo id;NIT;DV;Cliente;Dirección;Ciudad;Teléfono;Fecha;Período;Moneda;Subtotal;"
            "Dcto. comercial;IVA;Total;Descripción;Código producto;Cantidad;Unidad;Valor unitario;Observaciones;CUFE",
            "Factura de venta;FE;1234;NIT;900.123.456;8;Cliente SAS;Calle 1 # 2-3;Cali;602 555 0000;24/06/2026;"
            "julio 2026;USD;1.000,00;0;190,00;1.190,00;Asesoría;S-1;2,00;hora;500,00;Gracias;AB12",
        )
    )
    (data,) = invoices(items)
    assert (data.number, data.prefix, data.sequence) == ("FE1234", "FE", 1234)
    assert (data.customer.id_type, data.customer.check_digit) == ("31", "8")
    assert (data.customer.address.street, data.customer.address.city) == ("Calle 1 # 2-3", "Cali")
    assert (data.customer.phone, data.currency, data.uuid) == ("602 555 0000", "USD", "ab12")
    assert (data.period_start, data.period_end) == (date(2026, 7, 1), date(2026, 7, 31))
    assert (data.totals.payable, data.totals.line_extension) == (Decimal("1190.00"), Decimal("1000.00"))
    assert [(tax.code, tax.amount) for tax in data.taxes] == [("01", Decimal("190.00"))]
    assert data.notes == ("Gracias",)
    (line,) = data.lines
    assert (line.description, line.code, line.unit) == ("Asesoría", "S-1", "hora")
    assert (line.quantity, line.price, line.amount) == (Decimal("2.00"), Decimal("500.00"), Decimal("1000.00"))
    assert "archivo: No se usaron estas columnas: Dcto. comercial." in notes(items)


def test_a_bad_row_is_refused_with_its_place_and_the_others_go_on():
    rows = [
        ["EMPRESA DE EJEMPLO SAS"],
        [],
        HEADINGS,
        ["FE1", 900123456, "Uno", "", "31/02/2026", "", 5, 5],
        ["FE2", "no sabe", "Dos", "", "1/7/2026", "", 5, 5],
        ["FE3", 900123456, "Tres", "", "1/7/2026", "", "cinco", 5],
        ["", 900123456, "Cuatro", "", "1/7/2026", "", 5, 5],
        ["FE5", 900123456, "Cinco", "", "", "", 5, 5],
        ["FE6", 900123456, "Seis", "", "1/7/2026", "", "", 5],
        ["FE7", 900123456, "Siete", "", "1/7/2026", "", 5, 5],
    ]
    items = found(xlsx(("Facturas", rows)))
    assert [data.number for data in invoices(items)] == ["FE7"]
    assert [(refusal.where, refusal.number) for refusal in refusals(items)] == [
        ("hoja Facturas, fila 4, columna Fecha", "FE1"),
        ("hoja Facturas, fila 5, columna NIT", "FE2"),
        ("hoja Facturas, fila 6, columna Total", "FE3"),
        ("hoja Facturas, fila 7, columna Factura", ""),
        ("hoja Facturas, fila 8, columna Fecha", "FE5"),
        ("hoja Facturas, fila 9, columna Total", "FE6"),
    ]
    assert all(refusal.what and refusal.mend and refusal.file == "ventas" for refusal in refusals(items))


def test_a_siigo_export_is_read_as_it_comes():
    rows = [
        ["EMPRESA DE EJEMPLO SAS"],
        ["NIT 900.373.115-3"],
        ["Movimiento detallado de facturas de venta"],
        ["De 01/07/2026 a 31/07/2026"],
        [],
        [
            "Comprobante",
            "Fecha elaboración",
            "Identificación",
            "Sucursal",
            "Nombre tercero",
            "Total bruto",
            "Subtotal",
            "Impuesto cargo",
            "Total",
        ],
        ["FV-2-1234", "01/07/2026", "900123456", "0", "Cliente SAS", 100, 100, 19, 119],
        ["Total Cliente SAS", "", "", "", "", 100, 100, 19, 119],
        ["FV-2-1235", "02/07/2026", "12345678", "0", "Ana Pérez", 200, 200, 38, 238],
        [
            "Comprobante",
            "Fecha elaboración",
            "Identificación",
            "Sucursal",
            "Nombre tercero",
            "Total bruto",
            "Subtotal",
            "Impuesto cargo",
            "Total",
        ],
        ["NC-1-7", "03/07/2026", "12345678", "0", "Ana Pérez", -200, -200, -38, -238],
        ["", "", "", "", "Total general", 300, 300, 57, 357],
        [],
        ["Procesado en: 2026/07/31 10:21:05"],
    ]
    items = found(xlsx(("Hoja1", rows)))
    assert refusals(items) == []
    assert [(data.kind, data.number, data.sequence, data.totals.payable) for data in invoices(items)] == [
        ("invoice", "FV21234", 1234, Decimal(119)),
        ("invoice", "FV21235", 1235, Decimal(238)),
        ("credit_note", "NC17", 7, Decimal(238)),
    ]
    assert notes(items)[-4:] == [
        "hoja Hoja1, fila 8: Es una fila de totales: «Total Cliente SAS».",
        "hoja Hoja1, fila 10: Repite los títulos.",
        "hoja Hoja1, fila 12: Es una fila de totales: «Total general».",
        "hoja Hoja1, fila 14: No es una fila de datos: solo dice «Procesado en: 2026/07/31 10:21:05».",
    ]


def test_the_report_of_dians_portal_is_read():
    headings = (
        "Tipo de documento;CUFE/CUDE;Folio;Prefijo;Divisa;Forma de Pago;Medio de Pago;Fecha Emisión;Fecha Recepción;"
    )
    headings += "NIT Emisor;Nombre Emisor;NIT Receptor;Nombre Receptor;IVA;ICA;IC;INC;Total;Estado;Grupo"
    ours = "900373115;Empresa de Ejemplo SAS;900123456;Cliente SAS;19,00;0,00;0,00;0,00"
    bought = "900373115;Empresa de Ejemplo SAS;19,00;0,00;0,00;0,00;119,00"
    items = found(
        csv(
            headings,
            f"Factura electrónica;AB12;15;FE;COP;2;47;01-07-2026;01-07-2026 10:20:30;{ours};119,00;Aprobado;Emitido",
            f"Factura electrónica;EF56;77;PX;COP;2;47;01-07-2026;01-07-2026;811222333;Uno;{bought};Aprobado;Recibido",
            f"Nota de crédito electrónica;CD34;3;NC;COP;;;02-07-2026;02-07-2026;{ours};119,00;Aprobado;Emitido",
            f"Application response;EF56;9;;COP;;;02-07-2026;02-07-2026;{ours};0,00;Aprobado;Recibido",
        )
    )
    assert [(data.kind, data.number, data.customer.tax_id, data.uuid) for data in invoices(items)] == [
        ("invoice", "FE15", "900123456", "ab12"),
        ("credit_note", "NC3", "900123456", "cd34"),
    ]
    assert [(refusal.where, refusal.number) for refusal in refusals(items)] == [
        ("fila 3, columna NIT Receptor", "PX77"),
        ("fila 5, columna Tipo de documento", "9"),
    ]


def test_a_report_of_alegra_is_read():
    items = found(
        csv(
            "Número,Cliente,Identificación,Creación,Vencimiento,"
            "Antes de impuestos,Impuestos,Después de impuestos,Por cobrar",
            'FE15,Cliente SAS,900123456,01/07/2026,31/07/2026,"$1,000.00","$190.00","$1,190.00","$500.00"',
        )
    )
    (data,) = invoices(items)
    assert (data.totals.payable, data.balance, data.due_date) == (1190, 500, date(2026, 7, 31))


def test_the_sheet_with_the_headings_is_found_and_named():
    items = found(
        xlsx(
            ("Instrucciones", [["Llene la hoja Facturas"]]),
            ("Facturas", [HEADINGS, ["FE1", 900123456, "Uno", "", date(2026, 7, 1), "", 5, 5]]),
        )
    )
    assert [data.number for data in invoices(items)] == ["FE1"]
    assert notes(items)[0].startswith("hoja Instrucciones: Esta hoja no se leyó")
    assert notes(items)[1].startswith("hoja Facturas: Se leyó con los títulos de la fila 1")


def test_invoices_and_terceros_in_one_workbook_are_both_read():
    items = found(
        xlsx(
            ("Terceros", [["NIT", "Nombre", "Correo"], [900123456, "Uno", "a@x.co"]]),
            ("Facturas", [HEADINGS, ["FE1", 900123456, "Uno", "", date(2026, 7, 1), "", 5, 5]]),
        )
    )
    assert [type(item) for item in items if not isinstance(item, Remark)] == [PartyRow, ReadInvoice]


def test_a_file_without_the_columns_needs_a_mapping_and_reads_with_it():
    content = csv("Doc;Quién;Cuándo;Plata", "FE1;900123456;1/7/2026;5", "FE2;900123456;2/7/2026;6")
    (asked,) = found(content)
    assert isinstance(asked, NeedsMapping)
    assert asked.sample[0] == ("FE1", "900123456", "1/7/2026", "5")
    columns = {"0": "number", "1": "tax_id", "2": "issue_date", "3": "total"}
    layout = layout_from_json({"kind": "invoices", "heading_row": 0, "columns": columns})
    items = found(content, layout=layout)
    assert [(data.number, data.totals.payable) for data in invoices(items)] == [("FE1", 5), ("FE2", 6)]


def test_a_file_without_headings_reads_with_a_mapping():
    columns = {"0": "number", "1": "tax_id", "2": "issue_date", "3": "total"}
    layout = layout_from_json({"kind": "invoices", "heading_row": -1, "columns": columns})
    items = found(csv("FE1;900123456;1/7/2026;5", "FE2;900123456;x;6"), layout=layout)
    assert [data.number for data in invoices(items)] == ["FE1"]
    assert [refusal.where for refusal in refusals(items)] == ["fila 2, columna C"]


def test_an_answer_that_lacks_a_column_is_asked_again():
    layout = layout_from_json({"kind": "invoices", "columns": {"0": "number"}})
    (asked,) = found(csv("a;b", "FE1;2"), layout=layout)
    assert isinstance(asked, NeedsMapping)
    assert Field.TAX_ID in asked.proposal.missing


def amounts(*totals: str) -> bytes:
    return csv("Factura;NIT;Fecha;Total", *(f"FE{n};900123456;1/7/2026;{total}" for n, total in enumerate(totals, 1)))


@pytest.mark.parametrize(
    ("totals", "read_as"),
    [
        (["1.234", "5.678,90"], ["1234", "5678.90"]),
        (["1.234", "5,678.90"], ["1.234", "5678.90"]),
        (["1.234", "12.345.678"], ["1234", "12345678"]),
        (["1,234", "12.5"], ["1234", "12.5"]),
        (["1,234", "12,5"], ["1.234", "12.5"]),
        (["1234", "5678"], ["1234", "5678"]),  # nothing to decide
        (["5.678,90", "5,678.90"], ["5678.90", "5678.90"]),  # contradict each other, but nothing hangs on it
    ],
)
def test_the_file_decides_how_it_writes_decimals(totals, read_as):
    assert [str(data.totals.payable) for data in invoices(found(amounts(*totals)))] == read_as


@pytest.mark.parametrize("totals", [["1.234", "5.678"], ["1.234", "500"], ["1.234", "5.678,90", "5,678.90"]])
def test_a_file_that_does_not_decide_is_asked_about_before_anything_is_read(totals):
    (asked,) = found(amounts(*totals))
    assert asked == NeedsDecimal(where="fila 2, columna Total", value="1.234")
    assert "decimales" in asked.as_refusal("ventas").mend
    assert str(invoices(found(amounts(*totals), decimal=","))[0].totals.payable) == "1234"
    assert str(invoices(found(amounts(*totals), decimal="."))[0].totals.payable) == "1.234"


def test_numbers_of_cells_ask_nothing():
    rows = [HEADINGS, ["FE1", 900123456, "Uno", "", date(2026, 7, 1), "", 1.234, 1.234]]
    assert invoices(found(xlsx(("F", rows))))[0].totals.payable == Decimal("1.234")


def test_what_was_understood_is_told():
    items = found(
        csv(
            "Factura;NIT;Cliente;Correo;Fecha;Vence;Período;Total",
            "NC-7;900.123.456-7;Uno;ana@gmial.com b@c;24-06-26;1/6/2026;julio;5",
        )
    )
    (parcel,) = (item for item in items if isinstance(item, ReadInvoice))
    assert [(remark.where, remark.text) for remark in parcel.remarks] == [
        (
            "fila 2, columna Factura",
            "NC7 se leyó como Nota crédito por su prefijo; si no lo es, agregue una columna «Tipo».",
        ),
        (
            "fila 2, columna NIT",
            "El NIT 900123456 trae el dígito de verificación 7 y debería ser 8; se dejó como vino.",
        ),
        (
            "fila 2, columna Correo",
            "«ana@gmial.com» puede estar mal escrito: ¿será ana@gmail.com? Se dejó como vino.",
        ),
        (
            "fila 2, columna Correo",
            "«b@c» no es un correo válido: al dominio le falta la terminación, como .com o .co",
        ),
        ("fila 2, columna Fecha", "«24-06-26» se leyó como 24 de junio de 2026."),
        ("fila 2, columna Vence", "Vence antes de la fecha de la factura."),
        ("fila 2, columna Período", "«julio» se leyó como julio de 2026."),
    ]
    assert parcel.data.customer.emails == ("ana@gmial.com",)


def test_what_is_sold_for_cash_is_due_at_once_and_nothing_is_said_of_it():
    items = found(csv("Factura;NIT;Cliente;Fecha;Vence;Total", "FE1;900123456;Uno;1/7/2026;De contado;5"))
    (parcel,) = (item for item in items if isinstance(item, ReadInvoice))
    assert parcel.data.due_date == date(2026, 7, 1)
    assert parcel.remarks == ()


def test_a_term_that_is_no_date_is_refused():
    (refusal,) = refusals(found(csv("Factura;NIT;Cliente;Fecha;Vence;Total", "FE1;900123456;Uno;1/7/2026;Crédito;5")))
    assert (refusal.where, refusal.what) == (
        "fila 2, columna Vence",
        "«Crédito» no es una fecha (se lee día, mes, año)",
    )


def test_placeholders_are_no_addresses():
    items = found(csv("Factura;NIT;Cliente;Correo;Fecha;Total", "FE1;900123456;Uno;no tiene;1/7/2026;5"))
    (parcel,) = (item for item in items if isinstance(item, ReadInvoice))
    assert parcel.data.customer.emails == ()
    assert not parcel.has_warnings


def test_a_row_without_a_name_has_its_id_and_says_so():
    (parcel,) = (item for item in found(amounts("5")) if isinstance(item, ReadInvoice))
    assert parcel.data.customer.name == "900123456"
    assert parcel.has_warnings


def test_terceros():
    items = found(
        csv(
            "NIT;DV;Razón social;Correo;Correo cartera;Celular;Municipio;Grupo;Zona;Forma de entrega",
            "900123456;8;Cliente SAS;a@x.co;b@x.co, a@x.co;300 555 0000;Cali;Inquilinos; Torre 1 ;PDF",
            "12345678;;Ana Pérez;no tiene;;;;N/A;;",
            ";;Sin id;c@x.co;;;;;;",
            "Total;2;;;;;;;;",
        )
    )
    first, second = (item for item in items if isinstance(item, PartyRow))
    assert (first.tax_id, first.check_digit, first.name, first.where) == ("900123456", "8", "Cliente SAS", "fila 2")
    assert first.emails == (("a@x.co", ("facturas", "cartera")), ("b@x.co", ("cartera",)))
    assert (first.phone, first.city, first.delivery_form) == ("300 555 0000", "Cali", "pdf")
    assert (first.groups, first.zones) == (("Inquilinos",), ("Torre 1",))
    assert (second.emails, second.groups, second.delivery_form) == ((), (), "")
    assert [refusal.where for refusal in refusals(items)] == ["fila 4, columna NIT"]


def test_a_name_in_parts_is_joined():
    items = found(
        csv(
            "Cédula;Primer nombre;Segundo nombre;Primer apellido;Segundo apellido;Correo",
            "12345678;Ana;;Pérez;Ruiz;a@x.co",
        )
    )
    assert [item.name for item in items if isinstance(item, PartyRow)] == ["Ana Pérez Ruiz"]


def test_at_most_ten_addresses_a_tercero():
    many = ";".join(f"a{n}@x.co" for n in range(12))
    items = found(csv("NIT,Nombre,Correo", f'900123456,Uno,"{many}"'))
    (row,) = (item for item in items if isinstance(item, PartyRow))
    assert len(row.emails) == 10
    assert "12 correos" in row.remarks[0].text


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "está vacío"),
        (b"  \n", "está vacío"),
        (b"%PDF-1.7", "es un PDF"),
        (b"<html><table><tr><td>Factura", "página web"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook>", "página web"),
        (document().encode(), "documento electrónico"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no es un archivo de texto"),
    ],
)
def test_what_is_no_table_is_refused_whole(content, what):
    (refusal,) = found(content)
    assert isinstance(refusal, Refusal)
    assert what in refusal.what
    assert refusal.mend


def test_an_empty_workbook_is_refused():
    (refusal,) = found(xlsx(("Hoja1", [])))
    assert isinstance(refusal, Refusal)
    assert refusal.what == "no tiene datos"


@pytest.mark.parametrize("below", ["", ";;;;\n", "TOTAL;;;;0\n"])
def test_headings_with_nothing_below_are_refused(below):
    *remarks, refusal = found(f"Factura;Fecha;NIT;Cliente;Total\n{below}".encode())
    assert all(isinstance(each, Remark) for each in remarks)
    assert isinstance(refusal, Refusal)
    assert refusal.what == "no tiene datos"


def test_a_broken_row_of_a_csv_is_refused_alone():
    items = found(
        csv("Factura;NIT;Fecha;Total;Cliente", 'FE1;900123456;1/7/2026;5;"La "Mejor""', "FE2;900123456;1/7/2026;5;Dos")
    )
    assert [data.number for data in invoices(items)] == ["FE2"]
    assert [refusal.where for refusal in refusals(items)] == ["fila 2"]


def test_short_rows_lack_what_is_behind():
    items = found(csv("Factura;NIT;Fecha;Total;Saldo", "FE1;900123456;1/7/2026;5"))
    assert invoices(items)[0].balance is None


def test_a_formula_typed_as_text_is_only_text():
    items = found(csv("Factura;NIT;Cliente;Fecha;Total", "FE1;900123456;=HYPERLINK(1);1/7/2026;5"))
    assert invoices(items)[0].customer.name == "=HYPERLINK(1)"


def test_a_file_that_killed_its_process_is_not_touched_again(tmp_path):
    path = tmp_path / "ventas.csv"
    path.write_bytes(amounts("5"))
    options = Options(file="ventas.csv", supplier=SUPPLIER, today=TODAY)
    assert next(read_sheet(str(path), options, Resume())) == Begun(position=0, file="ventas.csv")
    assert list(read_sheet(str(path), options, Resume(start=1))) == []


def test_a_long_file_asks_for_more_time(tmp_path):
    path = tmp_path / "ventas.csv"
    path.write_bytes(amounts(*["5"] * 20_000))
    options = Options(file="ventas.csv", supplier=SUPPLIER, today=TODAY)
    steps = list(read_sheet(str(path), options, Resume()))
    assert sum(1 for step in steps if isinstance(step, Begun)) == 2
    assert sum(1 for step in steps if isinstance(step, ReadInvoice)) == 20_000
