import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from cartero.importing import child
from cartero.importing.parcels import ReadInvoice
from cartero.importing.readers import spreadsheet, workbook_limits
from cartero.importing.readers.rows import Options
from cartero.importing.refusals import Refusal, Remark, UnreadableError
from cartero.invoices.data import PartyData
from tests.importing.workbooks import ods, packed, raw_xlsx, xlsx


def cell(name: str, row: int) -> str:
    return f'<row r="{row}"><c r="{name}{row}"><v>1</v></c></row>'


def read(stream: io.BytesIO) -> dict[str, list[list[object]]]:
    return {sheet.name: [list(row) for row in sheet.rows()] for sheet in spreadsheet.read(stream)}


def refused(stream: io.BytesIO) -> str:
    with pytest.raises(UnreadableError) as caught:
        spreadsheet.read(stream)
    assert caught.value.mend
    return caught.value.what


def test_cells_keep_their_kind_and_place():
    rows = [[], ["", "FE1", 900123456, date(2026, 7, 1), "  x "], ["", "=1+1"]]
    assert read(xlsx(("Facturas", rows))) == {
        "Facturas": [
            ["", "", "", "", ""],
            ["", "FE1", 900123456.0, date(2026, 7, 1), "  x "],
            ["", "=1+1", "", "", ""],
        ]
    }


def test_a_cell_merged_downwards_is_in_each_of_its_rows():
    def draw(_workbook, sheet):
        sheet.merge_range(1, 0, 2, 0, "FE1")

    assert read(xlsx(("F", [["Número", "Total"], ["", 5], ["", 6], ["FE2", 7]]), draw=draw))["F"] == [
        ["Número", "Total"],
        ["FE1", 5.0],
        ["FE1", 6.0],
        ["FE2", 7.0],
    ]


def test_empty_and_hidden_sheets_are_left_out():
    def draw(_workbook, sheet):
        if sheet.get_name() == "Oculta":
            sheet.hide()

    assert list(read(xlsx(("Ventas", [["a"]]), ("Vacía", []), ("Oculta", [["b"]]), draw=draw))) == ["Ventas"]


def test_libreoffice_is_read():
    row = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>FE1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="900123456"><text:p>900123456</text:p>'
        "</table:table-cell></table:table-row>"
    )
    assert read(ods(row)) == {"Hoja1": [["FE1", 900123456.0]]}


def test_two_cells_at_opposite_corners_are_refused_before_they_take_the_memory():
    what = refused(raw_xlsx(cell("A", 1) + cell("GR", 1_048_576)))
    assert "1048576" in what


def test_columns_past_the_200th_are_refused():
    assert "16384 columnas" in refused(raw_xlsx(cell("A", 1) + cell("XFD", 2)))


def test_far_cells_that_have_a_style_alone_take_no_room():
    styled = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="1048576"><c r="A1048576" s="0"/></row>'
    assert read(raw_xlsx(styled)) == {"Hoja1": [[1.0]]}


def test_far_cells_without_a_name_are_seen_by_their_row():
    rows = "".join(f"<c><v>{n}</v></c>" for n in range(30))
    assert "1048576" in refused(
        raw_xlsx(f'<row r="1">{rows}</row><row r="1048576"><c r="AD1048576"><v>1</v></c></row>')
    )


def test_repeated_cells_of_libreoffice_are_counted():
    one = '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    wide = one.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')
    assert "16384 columnas" in refused(ods(f"<table:table-row>{wide}</table:table-row>"))
    many = f'<table:table-row table:number-rows-repeated="1048576">{one}</table:table-row>'
    assert "200000 filas" in refused(ods(many))
    below = (
        f'<table:table-row>{one * 30}</table:table-row><table:table-row table:number-rows-repeated="1048570">'
        f"<table:table-cell/></table:table-row><table:table-row>{one}</table:table-row>"
    )
    assert "1048572" in refused(ods(below))


def test_the_blank_rest_of_a_libreoffice_sheet_takes_no_room():
    one = '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    rest = (
        '<table:table-row table:number-rows-repeated="1048575">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert read(ods(f"<table:table-row>{one}</table:table-row>{rest}")) == {"Hoja1": [[1.0]]}


def test_more_than_200000_rows_are_refused(monkeypatch):
    monkeypatch.setattr(workbook_limits, "MOST_ROWS", 3)
    assert "más de 3 filas" in refused(xlsx(("F", [["a"]] * 4)))
    assert len(read(xlsx(("F", [["a"], [], [], [], ["a"], ["a"]])))["F"]) == 6  # blank ones do not count


def test_a_workbook_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(workbook_limits, "LARGEST_FILE", 1000)
    assert "MB" in refused(xlsx(("F", [["a"]])))


def test_what_it_unpacks_to_is_counted_not_believed(monkeypatch):
    monkeypatch.setattr(workbook_limits, "MOST_UNPACKED", 10_000)
    assert "400 MB" in refused(raw_xlsx(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 20_000}</t></is></c></row>'))


def test_a_lying_size_is_found_out(monkeypatch):
    monkeypatch.setattr(workbook_limits, "MOST_UNPACKED", 10_000)
    stream = raw_xlsx(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 20_000}</t></is></c></row>')
    with zipfile.ZipFile(stream) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = stream.getvalue().replace(size.to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    assert refused(io.BytesIO(lying))


def test_a_document_type_is_refused():
    assert "DTD" in refused(raw_xlsx(cell("A", 1), before='<!DOCTYPE x [<!ENTITY a "b">]>'))


@pytest.mark.parametrize(
    ("stream", "what"),
    [
        (io.BytesIO(b"PK\x03\x04 nothing behind it"), "dañado"),
        (io.BytesIO(xlsx(("F", [["a"]])).getvalue()[:-200]), "dañado"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "dañado"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")), "contraseña"),
        (packed({"word/document.xml": "<a/>"}), "no es un libro"),
        (packed({"xl/workbook.bin": ""}), "xlsb"),
    ],
)
def test_what_is_no_workbook_is_said(stream, what):
    assert what in refused(stream)


def in_a_child(path: Path) -> list[object]:
    supplier = PartyData(tax_id="900373115", name="Empresa de Ejemplo")
    options = Options(file=path.name, supplier=supplier, today=date(2026, 7, 15))
    return list(child.run("cartero.importing.readers.rows:read_sheet", str(path), options, file=path.name))


def test_a_workbook_is_read_in_another_process(tmp_path):
    path = tmp_path / "ventas.xlsx"
    rows = [["Factura", "NIT", "Fecha", "Total"], ["FE1", 900123456, date(2026, 7, 1), 5]]
    path.write_bytes(xlsx(("F", rows)).getvalue())
    assert [type(each) for each in in_a_child(path)] == [Remark, ReadInvoice]


def test_one_that_gets_past_the_checks_kills_its_process_alone(tmp_path):
    # Cells without names, as no program writes them: the library counts them, the quick look does not.
    wide = '<c q="" ><v>1</v></c>' * 16_000
    path = tmp_path / "hostil.xlsx"
    path.write_bytes(raw_xlsx(f'<row r="1">{wide}</row><row r="1048576"><c q="" ><v>1</v></c></row>').getvalue())
    (found,) = in_a_child(path)
    assert isinstance(found, Refusal)
    assert "tuvo que detenerse" in found.what
