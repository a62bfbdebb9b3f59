import pytest

from cartero.importing import headings
from cartero.importing.columns import Layout, SheetKind, layout_from_json, question, recognise
from cartero.importing.headings import Field

COMPANY = ["EMPRESA DE EJEMPLO SAS"]

INVOICES = [
    (  # every common heading
        [
            [
                *("Número", "NIT", "Cliente", "Correo", "Fecha", "Vencimiento", "Período", "Subtotal", "IVA", "Total"),
                *("Saldo", "Moneda", "Descripción", "CUFE"),
            ]
        ],
        "number tax_id name email issue_date due_date period subtotal vat total balance currency description cufe",
    ),
    ([["TOTAL", "fecha", "  cliente ", "Nit.", "FACTURA"]], "total issue_date name tax_id number"),
    ([["No. factura", "Cédula", "Fecha de emisión", "Valor total"]], "number tax_id issue_date total"),
    ([["Nº Factura", "N.I.T.", "F. Emisión", "Vlr. Total"]], "number tax_id issue_date total"),
    ([["# Factura", "Identificación", "Fecha factura", "Importe"]], "number tax_id issue_date total"),
    (
        [["N° Doc", "Fec. Fact.", "Fec. Venc.", "C.C./NIT", "Nombre\ndel cliente", "Vlr Total a pagar"]],
        "number issue_date due_date tax_id name total",
    ),
    (
        [["Consecutivo", "Prefijo", "NIT/CC", "Fecha límite", "Fecha", "Valor"]],
        "number prefix tax_id due_date issue_date total",
    ),
    (
        [["Invoice number", "Customer", "Tax ID", "Issue date", "Due date", "Amount", "Balance", "Currency"]],
        "number name tax_id issue_date due_date total balance currency",
    ),
    (  # Siigo: a title above, what it does not need between
        [
            COMPANY,
            ["NIT 900.373.115-3"],
            ["Movimiento de facturas de venta", "", "", "Julio de 2026"],
            [],
            [
                *("Comprobante", "Fecha elaboración", "Identificación", "Sucursal", "Nombre tercero", "Total bruto"),
                *("Descuento", "Subtotal", "Impuesto cargo", "Total"),
            ],
            ["FV-2-1234", "01/07/2026", 900123456, 0, "Cliente SAS", 1, 0, 1, 0, 1],
        ],
        "number issue_date tax_id - name - discount subtotal vat total",
    ),
    (  # Siigo: the type of document in a column, its number in another
        [
            ["Comprobante", "Consecutivo", "Fecha elaboración", "Identificación", "Nombre tercero", "Total"],
            ["FV-1", 1001, "01/07/2026", 900123456, "Cliente SAS", 1],
        ],
        "prefix number issue_date tax_id name total",
    ),
    (  # both whole: the surer heading
        [
            ["Comprobante", "Consecutivo", "Fecha elaboración", "Identificación", "Nombre tercero", "Total"],
            ["FV-1-1001", 1001, "01/07/2026", 900123456, "Cliente SAS", 1],
        ],
        "number - issue_date tax_id name total",
    ),
    (
        [["numeroFactura", "fechaEmision", "nitCliente", "nombreCliente", "correoElectronico", "valorTotal"]],
        "number issue_date tax_id name email total",
    ),
    (  # a group over its parts, and a cell merged over both lines
        [["Documento", "", "Cliente", "", "Total"], ["Número", "Fecha", "NIT", "Nombre", ""]],
        "number issue_date tax_id name total",
    ),
    (  # a line a row
        [
            [
                *("Factura", "NIT", "Razón social", "Fecha", "Producto", "Cantidad", "Valor unitario"),
                *("Valor total", "Total factura"),
            ]
        ],
        "number tax_id name issue_date description quantity unit_price line_total total",
    ),
    (  # the values tell the person from the document
        [
            ["Tipo documento", "Número documento", "Cliente", "Documento", "Fecha", "Valor"],
            ["Factura", 900123456, "Ana", "FE12", "1/1/2026", 3],
        ],
        "kind tax_id name number issue_date total",
    ),
    (
        [["Factura", "Tercero", "Nombre", "Fecha", "Valor"], ["FE1", 900123456, "Ana", "", ""]],
        "number tax_id name issue_date total",
    ),
    (
        [["NIT", "Factura", "Fecha", "Valor", "Tarifa IVA %", "IVA", "Total"]],
        "tax_id number issue_date subtotal - vat total",
    ),
]

PARTIES = [
    (
        [["NIT", "DV", "Razón social", "Correo facturación", "Correo cartera", "E-mail copia", "Teléfono", "Ciudad"]],
        "tax_id check_digit name email email_receivables email_copy phone city",
    ),
    (
        [["Tipo de documento", "Documento", "Nombre", "E-mail"], ["CC", "1.234.567", "Ana", "ana@example.co"]],
        "id_type tax_id name email",
    ),
    ([["Identificación", "Nombre", "Correo 1", "Correo 2", "Grupo", "Zona"]], "tax_id name email email group zone"),
    (
        [["Cédula", "Primer nombre", "Segundo nombre", "Primer apellido", "Mail"]],
        "tax_id given_name middle_name surname email",
    ),
    ([["NIT", "Nombre", "Correo", "Saldo"]], "tax_id name email -"),
    (  # Siigo
        [
            [
                *("Nombre tercero", "Tipo de identificación", "Identificación", "Digito verificación"),
                *("Nombres contacto", "Correo electrónico contacto facturación", "Estado"),
            ]
        ],
        "name id_type tax_id check_digit - email -",
    ),
    (
        [
            [
                *("Identificación", "Razón social", "Nombres del tercero", "Apellidos del tercero"),
                *("Teléfono principal", "Correo electrónico contacto principal"),
            ]
        ],
        "tax_id name given_name surname phone email",
    ),
    (  # World Office
        [["Identificación", "Primer Nombre / Razón Social", "Segundo Nombre", "Primer Apellido", "Correo Electrónico"]],
        "tax_id given_name middle_name surname email",
    ),
    ([["Identidad", "D.V.", "Nombre", "E-mail"]], "tax_id check_digit name email"),  # Helisa
    ([["NIT", "Correo"]], "tax_id email"),  # corrections of addresses
    (
        [["Número de identificación", "Nombres y apellidos", "Clase", "Ruta", "Forma de entrega"]],
        "tax_id name group zone delivery_form",
    ),
]


def fields(layout: Layout) -> str:
    return " ".join(layout.columns.get(column, "-") for column in range(len(layout.headings)))


@pytest.mark.parametrize(("rows", "expected"), INVOICES)
def test_invoices_are_recognised(rows, expected):
    layout = recognise(rows)
    assert (layout.kind, fields(layout), layout.is_complete) == (SheetKind.INVOICES, expected, True)


@pytest.mark.parametrize(("rows", "expected"), PARTIES)
def test_terceros_are_recognised(rows, expected):
    layout = recognise(rows)
    assert (layout.kind, fields(layout), layout.is_complete) == (SheetKind.PARTIES, expected, True)


def test_the_row_of_headings_is_found_below_titles_and_blanks():
    rows = [COMPANY, [], ["Cartera por cliente"], ["NIT", "Factura", "Fecha", "Total"], ["1", "2", "3", "4"]]
    assert recognise(rows).heading_row == 3


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([["Factura", "NIT", "Fecha"]], "total"),
        ([["NIT", "Cliente", "Fecha", "Total"]], "number"),
        ([["Factura", "Cliente", "Total"]], "tax_id issue_date"),
        ([["hola"], ["mundo"]], "tax_id number issue_date total"),
        ([], "tax_id number issue_date total"),
    ],
)
def test_what_is_missing_is_said(rows, missing):
    layout = recognise(rows)
    assert " ".join(layout.missing) == missing
    assert not layout.is_complete


def test_two_columns_that_are_equally_good_are_asked_about():
    layout = recognise([["Factura", "NIT", "Fecha", "Total", "Total"]])
    assert layout.doubtful == (Field.TOTAL,)
    assert not layout.is_complete


def test_amounts_of_lines_can_stand_for_the_total():
    assert recognise([["Factura", "NIT", "Fecha", "Cantidad", "Precio"]]).is_complete


@pytest.mark.parametrize("rates", [[0.19, 0.05], ["19%", "0%"], [19.0, 0.0], ["19", "5,00"]])
def test_a_column_of_rates_is_no_amount_of_iva(rates):
    rows = [["Factura", "NIT", "Fecha", "IVA", "Total"], *(["FE1", "900123456", "", rate, 119] for rate in rates)]
    assert Field.VAT not in recognise(rows).columns.values()
    without_total = recognise([["Factura", "NIT", "Fecha", "IVA", "Subtotal"], *rows[1:]])
    assert without_total.doubtful == (Field.TOTAL,)


def test_a_column_of_iva_may_be_all_zeros():
    rows = [["Factura", "NIT", "Fecha", "IVA", "Total"], ["FE1", "900123456", "", 0.0, 119]]
    assert Field.VAT in recognise(rows).columns.values()


def test_the_question_shows_what_was_recognised():
    rows = [["Doc", "Quién", "Fecha"], [], ["FE1", 900123456.0, "1/7/2026"], ["FE2", None, ""]]
    asked = question(recognise(rows, "Ventas"), rows, ["Ventas", "Otra"]).as_json()
    assert asked["sheet"] == "Ventas"
    assert asked["headings"] == ["Doc", "Quién", "Fecha"]
    assert asked["sample"] == [["FE1", "900123456", "1/7/2026"], ["FE2", "", ""]]
    assert asked["sheets"] == ["Ventas", "Otra"]
    assert "total" in asked["missing"]


def test_a_mapping_comes_back_as_it_was_told():
    layout = recognise(INVOICES[0][0], "Ventas")
    told = layout_from_json(layout.as_json())
    assert (told.kind, told.sheet, told.heading_row, told.columns) == (layout.kind, "Ventas", 0, layout.columns)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"kind": "otra", "columns": {}},
        {"kind": "invoices", "columns": {"0": "nada"}},
        {"kind": "invoices", "columns": {"a": "total"}},
        {"kind": "invoices", "columns": {"-1": "total"}},
        {"kind": "invoices", "columns": {"0": "total", "1": "total"}},  # which of them?
    ],
)
def test_what_is_no_mapping_is_refused(told):
    with pytest.raises((ValueError, KeyError, TypeError)):
        layout_from_json(told)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fecha de la factura", "FACTURA (fecha):"),
        ("Nº Factura", "Numero  factura"),
        ("E-mail", "email"),
        ("N.I.T.", "nit"),
        ("Correo electrónico 2", "correo electronico"),
        ("Total (COP)", "total"),
    ],
)
def test_headings_that_mean_the_same(one, other):
    assert headings.key(one) == headings.key(other)


@pytest.mark.parametrize("heading", ["% IVA", "Correo vendedor", "Fecha de nacimiento", "", "Vendedor", "de"])
def test_headings_that_mean_nothing_here(heading):
    assert headings.meanings(heading) == ()


def test_every_field_has_headings_and_a_label():
    known = {field for meanings in headings.MEANINGS.values() for _rank, field in meanings}
    assert known == set(Field) == set(headings.LABELS)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("NIT", "31"),
        ("C.C.", "13"),
        ("Cédula de Ciudadanía", "13"),
        ("cedula de extranjeria", "22"),
        ("31", "31"),
        ("31 - NIT", "31"),
        ("13-Cédula de ciudadanía", "13"),
        ("Pasaporte", "41"),
        ("factura", ""),
    ],
)
def test_types_of_id(typed, code):
    assert headings.id_type(typed) == code
