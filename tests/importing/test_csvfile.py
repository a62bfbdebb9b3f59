import io

import pytest

from cartero.importing.readers import csvfile
from cartero.importing.readers.sheets import BrokenRow
from cartero.importing.refusals import UnreadableError

TEXT = 'Número;Cliente;Total\nFE1;Peña & Muñoz;"1.234,50"\nFE2;Año Nuevo;"2.000,00"\n'
ROWS = [["Número", "Cliente", "Total"], ["FE1", "Peña & Muñoz", "1.234,50"], ["FE2", "Año Nuevo", "2.000,00"]]


def rows(content: bytes) -> list[object]:
    (sheet,) = csvfile.read(io.BytesIO(content))
    return list(sheet.rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_breaks(encoding, delimiter, line_break):
    text = TEXT.replace(";", delimiter).replace("\n", line_break)
    assert rows(text.encode(encoding)) == ROWS


def test_utf_16_of_the_other_end():
    assert rows(b"\xfe\xff" + TEXT.encode("utf-16-be")) == ROWS


def test_what_windows_alone_has_is_read():
    assert rows("Número;Cliente\nFE1;“Café” – 5 €\n".encode("cp1252"))[1] == ["FE1", "“Café” – 5 €"]


def test_bytes_that_no_encoding_has_are_refused_with_their_line():
    with pytest.raises(UnreadableError, match="línea 3"):
        rows(b"a;b\n\xf1;2\n\x81;3\n")


def test_what_is_no_text_is_refused():
    with pytest.raises(UnreadableError, match="no es un archivo de texto"):
        rows(b"GIF89a\x00\x01\x02")


def test_line_breaks_in_quotes_are_part_of_the_cell():
    assert rows(b'a;b\n"uno\ndos";"tres ""y"" cuatro"\n') == [["a", "b"], ["uno\ndos", 'tres "y" cuatro']]


@pytest.mark.parametrize("first", [b"sep=;\n", b"SEP=;\r\n", b'"sep=;"\n'])
def test_the_line_for_excel_is_obeyed_and_counted_but_no_row(first):
    assert rows(first + b"a,1;b,2\n") == [[], ["a,1", "b,2"]]


def test_commas_in_amounts_do_not_part_a_file_of_semicolons():
    text = "Número;Total\n" + "".join(f"FE{n};1.234,5{n}\n" for n in range(9))
    assert rows(text.encode())[1] == ["FE0", "1.234,50"]


def test_commas_in_names_do_not_part_a_file_of_tabs():
    text = "Número\tCliente\tTotal\n" + "".join(f"FE{n}\tPérez, Ana\t5\n" for n in range(9))
    assert rows(text.encode())[1] == ["FE0", "Pérez, Ana", "5"]


def test_addresses_in_one_cell_do_not_decide():
    assert rows(b'NIT,Nombre,Correo\n9,Uno,"a@x.co;b@x.co;c@x.co;d@x.co"\n')[1] == [
        "9",
        "Uno",
        "a@x.co;b@x.co;c@x.co;d@x.co",
    ]


def test_titles_above_the_headings_do_not_decide():
    text = "Empresa de Ejemplo, S.A.S.\nVentas, julio\n\nNúmero;NIT;Total\nFE1;9;5\nFE2;9;5\n"
    assert rows(text.encode())[3:] == [["Número", "NIT", "Total"], ["FE1", "9", "5"], ["FE2", "9", "5"]]


def test_a_quote_out_of_place_breaks_its_row_alone():
    found = rows(b'a;b\n"Ferreteria "El Tornillo"";5\nc;6\n')
    assert isinstance(found[1], BrokenRow)
    assert found[0] == ["a", "b"]
    assert found[2] == ["c", "6"]


def test_a_quote_that_is_never_closed_is_told():
    found = rows(b'a;b\nc;"d\ne;f\n')
    assert isinstance(found[1], BrokenRow)
    assert "no se cierran" in found[1].what
    assert len(found) == 2


def test_a_cell_that_is_too_long_breaks_its_row_alone():
    found = rows(b"a;b\nc;" + b"x" * 32_769 + b"\nd;e\n")
    assert isinstance(found[1], BrokenRow)
    assert found[2] == ["d", "e"]


def test_rows_can_be_read_again_and_beside_each_other():
    (sheet,) = csvfile.read(io.BytesIO(b"a;b\n" * 5))
    assert list(sheet.rows()) == list(sheet.rows())
    assert list(zip(sheet.rows(), sheet.rows(), strict=True)) == [(["a", "b"], ["a", "b"])] * 5


class Long(io.BytesIO):
    """Says it is longer than it is."""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 101 * 1024**2 if whence == 2 else super().seek(offset, whence)


def test_more_than_100_mb_are_refused():
    with pytest.raises(UnreadableError, match="101 MB"):
        csvfile.read(Long(b"a;b\n"))


def test_more_than_a_million_rows_are_refused():
    with pytest.raises(UnreadableError, match="1000000 filas"):
        csvfile.read(io.BytesIO(b"a;b\n" * 1_000_001))


def test_blank_lines_do_not_count_as_rows():
    (sheet,) = csvfile.read(io.BytesIO(b"a;b\n" + b"\n" * 1_000_001))
    assert next(sheet.rows()) == ["a", "b"]
