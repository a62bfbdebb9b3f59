import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import make_party
from tests.importing import workbooks

pytestmark = pytest.mark.django_db
PATH = "/terceros/por-corregir/pegar/"


@pytest.fixture
def text(company):
    make_party(company, "vieja@example.com", tax_id="900123456", name="Los <b>Cerezos</b>")
    return "900123456\tvieja@example.com\tnueva@example.com\n7\tx@example.com\ty@example.com"


def test_it_is_shown_first_and_written_when_she_says_so(enter, bruno, text):
    client = enter(bruno)
    page = client.post(PATH, {"text": text, "accion": "revisar"})
    assert "vieja@example.com pasa a ser nueva@example.com" in page.text
    assert "Los &lt;b&gt;Cerezos" in page.text
    assert "Línea 2" in page.text
    assert "Ningún tercero tiene el NIT o la cédula «7»." in page.text
    review = page.context["review"]
    assert review.changes[0].address.party.addresses.count() == 1
    told = client.post(PATH, {"text": text, "accion": "aplicar"}, follow=True)
    assert "Se corrigió 1 correo." in told.text
    assert review.changes[0].address.party.addresses.count() == 2
    again = client.post(PATH, {"text": text, "accion": "aplicar"})
    assert "no tiene el correo «vieja@example.com»" in again.text, "pressed twice, it writes once"


def test_the_part_alone_for_htmx(enter, bruno, text):
    part = enter(bruno).post(PATH, {"text": text}, headers={"HX-Request": "true", "HX-Target": "pasting"})
    assert "<html" not in part.text
    assert "Aplicar 1 corrección" in part.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "al menos una línea"), ("\n" * 3, "al menos una línea"), ("1\ta\tb\n" * 501, "501 líneas")],
)
def test_too_little_and_too_much(enter, bruno, typed, words):
    answer = enter(bruno).post(PATH, {"text": typed})
    assert words in answer.text
    assert answer.status_code == 422


def test_another_company_and_who_only_reads(enter, carla, reader, text):
    assert "Ningún tercero" in enter(carla).post(PATH, {"text": text.splitlines()[0]}).text
    assert enter(reader).get(PATH).status_code in {403, 404}


def test_a_sheet_is_read_shown_and_applied_like_what_is_pasted(enter, bruno, text):
    client = enter(bruno)
    heading, row = ("NIT", "Antes", "Nuevo", "Nota"), (900123456, "vieja@example.com", " nueva@example.com", "x")
    file = SimpleUploadedFile("correcciones.xlsx", workbooks.xlsx(("Hoja1", [heading, (), row])).getvalue())
    page = client.post(PATH, {"text": "", "file": file, "accion": "revisar"})
    assert "Línea 3: vieja@example.com pasa a ser nueva@example.com" in page.text
    assert "900123456\tvieja@example.com\tnueva@example.com" in page.text, "what is applied is what she sees"
    (change,) = page.context["review"].changes
    client.post(PATH, {"text": page.context["form"]["text"].value(), "accion": "aplicar"})
    assert change.address.party.addresses.filter(email="nueva@example.com").exists()


def test_a_csv_too(enter, bruno, text):
    file = SimpleUploadedFile("c.csv", "900123456;vieja@example.com;nueva@example.com\n".encode("utf-16"))
    assert "pasa a ser nueva@example.com" in enter(bruno).post(PATH, {"file": file}).text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "es un PDF"),
        (b"PK\x03\x04 no zip", "dañado"),
        (b"1;a@x.co;b@x.co\n" * 502, "más de 501 filas"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(enter, bruno, content, words):
    answer = enter(bruno).post(PATH, {"file": SimpleUploadedFile("hoja.xlsx", content)})
    assert words in answer.text
    assert answer.status_code == 422
