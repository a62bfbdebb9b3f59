"""`cartero import …`, for programs."""

import json

import pytest
from typer.testing import CliRunner

from cartero.cli import import_files as commands
from cartero.invoices import kinds
from cartero.invoices.models import Invoice
from cartero.invoices.states import InvoiceKind
from tests.factories import make_company, make_party
from tests.importing.ubl_documents import COMPANY, document, pdf

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", InvoiceKind)
def test_a_loose_pdf_is_only_what_finds_its_tercero_by_its_name(kind, tmp_path):
    company = make_company()
    file = tmp_path / f"{make_party(company).tax_id}.pdf"
    file.write_bytes(b"%PDF-1.4")
    ran = CliRunner().invoke(commands.app, [str(file), "--company", company.tax_id, "--pdf-kind", kind.value, "--json"])
    assert (ran.exit_code != 2) == (kind in kinds.BY_PARTY)
    if kind not in kinds.BY_PARTY:
        assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("alfa;beta;gama\n1;2;3\n", "no se reconocieron las columnas (falta: NIT o cédula,"),
        (
            "Factura;Fecha;NIT;Cliente;Total\nFE1;24/07/2026;900123456;Ana;1.234\n",
            "«1.234» se puede leer de dos maneras",
        ),
    ],
)
def test_what_has_to_be_asked_is_said_to_a_program_too(content, told, tmp_path):
    file = tmp_path / "hoja.csv"
    file.write_text(content, encoding="utf-8")
    ran = CliRunner().invoke(commands.app, [str(file), "--company", make_company().tax_id, "--json"])
    assert ran.exit_code == 1
    facts = json.loads(ran.stdout)
    assert facts["status"] == "needs_mapping"
    assert [(line["file"], line["outcome"]) for line in facts["lines"]] == [(str(file), "refuse")]
    assert told in facts["lines"][0]["message"]
    assert told in ran.stderr
    assert not Invoice.objects.exists()


def test_a_sheet_that_has_to_be_asked_about_stops_no_other_file(tmp_path):
    (tmp_path / "fv.xml").write_text(document(), encoding="utf-8")
    (tmp_path / "leeme.txt").write_text("Buenos días.\nEstas son las facturas.\n", encoding="utf-8")
    (tmp_path / "miles.csv").write_text("NIT;Factura;Cliente;Fecha;Total\n900123456;FE1;Ana;24/07/2026;1.234\n")
    ran = CliRunner().invoke(commands.app, [str(tmp_path), "--company", make_company(tax_id=COMPANY).tax_id, "--json"])
    assert ran.exit_code == 0
    lines = {line["file"].removeprefix(f"{tmp_path}/"): line for line in json.loads(ran.stdout)["lines"]}
    assert {file: line["outcome"] for file, line in lines.items()} == {
        "fv.xml": "import",
        "leeme.txt": "refuse",
        "miles.csv": "refuse",
    }
    assert "no se reconocieron sus columnas; falta: NIT o cédula" in lines["leeme.txt"]["message"]
    assert "puede separar miles o decimales. Diga cómo" in lines["miles.csv"]["message"]


def test_a_pdf_says_of_what_it_is(tmp_path):
    company = make_company(tax_id=COMPANY)
    told = []
    for name, content in (("fv.xml", document().encode()), ("FE-010.pdf", pdf())):
        (tmp_path / name).write_bytes(content)
        ran = CliRunner().invoke(commands.app, [str(tmp_path / name), "--company", company.tax_id, "--json"])
        told += [(line["outcome"], line["kind"], line["number"]) for line in json.loads(ran.stdout)["lines"]]
    assert told == [("import", "invoice", "FE10")] * 2


@pytest.fixture
def folder(tmp_path):
    """A sheet with a column, a row and a total that are of no use, and an XML without lines."""
    rows = ["Factura;Fecha;NIT;Cliente;Total;Vendedor", "FE1;24/07/2026;900123456;Ana;-1.234,00;Eva", "Total;;;;0,00;"]
    (tmp_path / "hoja.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "fv.xml").write_text(document(lines=""), encoding="utf-8")
    return tmp_path


TOLD = [
    ("hoja.csv", "archivo: No se usaron estas columnas: Vendedor."),
    ("hoja.csv", "fila 3: Es una fila de totales: «Total»."),
]
WARNED = [
    ("hoja.csv", "fila 2, columna Total: El total es negativo."),
    ("fv.xml", "detalle: No trae ninguna línea."),
]


def test_what_there_is_to_say_of_what_came_in_is_said(folder):
    ran = CliRunner().invoke(commands.app, [str(folder), "--company", make_company(tax_id=COMPANY).tax_id])
    for file, message in TOLD:
        assert f"{folder}/{file}: {message}\n" in ran.stdout
    for file, message in WARNED:
        assert f"{folder}/{file}: Importado con avisos. {message}\n" in ran.stdout


def test_a_program_is_told_the_same(folder):
    ran = CliRunner().invoke(commands.app, [str(folder), "--company", make_company(tax_id=COMPANY).tax_id, "--json"])
    facts = json.loads(ran.stdout)
    assert {(f"{folder}/{file}", message) for file, message in TOLD} <= {
        (remark["file"], remark["message"]) for remark in facts["remarks"]
    }
    assert {(line["file"], line["message"]) for line in facts["lines"]} == {
        (f"{folder}/{file}", message) for file, message in WARNED
    }
