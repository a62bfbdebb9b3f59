"""Real documents of DIAN and of providers, beside the table of what an importer must read of each.

They are not ours to publish, so they lie outside the repository, beside it or where CARTERO_DIAN_SAMPLES says.
"""

import csv
import os
from pathlib import Path

import pytest

from cartero.importing.parcels import ReadEvent, ReadInvoice
from cartero.importing.readers import ubl
from cartero.importing.readers.archive import Budget, open_archive
from cartero.importing.refusals import Refusal

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("CARTERO_DIAN_SAMPLES") or ROOT.parent / "shared" / "data" / "dian")
TABLE = SAMPLES / "expected.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())) if TABLE.exists() else []

pytestmark = pytest.mark.skipif(not ROWS, reason="the samples are not on this machine")


def read(row: dict[str, str]) -> ReadInvoice | ReadEvent | Refusal:
    path = SAMPLES / row["file"]
    if path.suffix != ".zip":
        return ubl.read(path.read_bytes(), row["file"], None)
    with path.open("rb") as stream:
        archive = open_archive(stream, Budget())
        (name,) = archive.names
        assert "importación" in name  # a name in the code page of a Spanish Windows
        return ubl.read(archive.read(name), name, None)


def of_kind(*kinds: str) -> list[object]:
    return [pytest.param(row, id=row["file"]) for row in ROWS if row["expect"] in kinds]


@pytest.mark.parametrize("row", of_kind("import", "import+warn", "conflict"))
def test_a_sale_is_read_as_the_table_says(row):
    found = read(row)
    assert isinstance(found, ReadInvoice), found
    data = found.data
    if row["expect"] != "conflict":  # a conflict is seen only beside the other document
        assert found.has_warnings == (row["expect"] == "import+warn"), found.remarks
    # One file has the type of the id where the check digit goes.
    digits = {key: row[key] if len(row[key]) == 1 else "" for key in ("supplier_dv", "customer_dv")}
    assert {
        "doc_type": data.type_code,
        "number": data.number,
        "issue_date": data.issue_date.isoformat(),
        "due_date": data.due_date.isoformat() if data.due_date else "",
        "supplier_nit": data.supplier.tax_id,
        "supplier_dv": data.supplier.check_digit,
        "customer_id": data.customer.tax_id,
        "customer_dv": data.customer.check_digit,
        "customer_id_type": data.customer.id_type,
        "customer_name": data.customer.name,
        "customer_email": ";".join(data.customer.emails),
        "currency": data.currency,
        "payable_amount": str(data.totals.payable),
        "prepaid_amount": "" if data.totals.prepaid is None else str(data.totals.prepaid),
        "cufe": data.uuid,
        "lines": str(len(data.lines)),
    } == {key: row[key] for key in COMPARED} | digits | _id_type(row)


COMPARED = (
    "doc_type",
    "number",
    "issue_date",
    "due_date",
    "supplier_nit",
    "customer_id",
    "customer_name",
    "customer_email",
    "currency",
    "payable_amount",
    "prepaid_amount",
    "cufe",
    "lines",
)


def _id_type(row: dict[str, str]) -> dict[str, str]:
    return {"customer_id_type": row["customer_id_type"] or row["customer_dv"]}


@pytest.mark.parametrize("row", of_kind("event"))
def test_an_event_names_its_document(row):
    found = read(row)
    assert isinstance(found, ReadEvent), found
    assert {
        "event_code": found.code,
        "event_reference": found.reference,
        "number": found.number,
        "supplier_nit": found.sender.tax_id,
        "customer_id": found.receiver.tax_id,
        "cufe": found.uuid,
        "issue_date": found.issue_date.isoformat() if found.issue_date else "",
    } == {
        key: row[key]
        for key in (
            "event_code",
            "event_reference",
            "number",
            "supplier_nit",
            "customer_id",
            "cufe",
            "issue_date",
        )
    }


@pytest.mark.parametrize("row", of_kind("refuse"))
def test_what_is_no_sale_is_refused_in_words(row):
    found = read(row)
    assert isinstance(found, Refusal), found
    assert found.what
    assert found.mend
    assert found.number in (row["number"], "")


def test_every_row_is_tested():
    kinds = {row["expect"] for row in ROWS}
    assert kinds <= {"import", "import+warn", "conflict", "event", "refuse"}
    assert len(ROWS) == 23
