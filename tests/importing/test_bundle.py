"""Files that came together come out as documents with all that is theirs."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from pikepdf import Dictionary, Name, String

from cartero.importing.parcels import Begun, LoosePdf, Parcel, ReadEvent, ReadInvoice, Resume
from cartero.importing.readers import bundle
from cartero.importing.refusals import Refusal
from tests.importing.ubl_documents import (
    COMPANY,
    container,
    delivery,
    document,
    party,
    pdf,
    response,
    seller,
    zipped,
)


@pytest.fixture
def read(tmp_path):
    """Reads files given by name and content, as a folder."""

    def reading(files: Mapping[str, bytes], resume: Resume | None = None) -> list[Parcel | Begun]:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return list(bundle.read_folder(str(tmp_path), COMPANY, resume or Resume()))

    return reading


def told(steps: Iterable[Parcel | Begun]) -> list[str]:
    """One line a parcel: what it is, its source, the roles and names of its files."""
    lines = []
    for step in steps:
        match step:
            case ReadInvoice():
                files = " ".join(f"{file.role}:{file.name}" for file in step.files)
                lines.append(f"{step.data.number} {files}")
            case ReadEvent():
                lines.append(f"event {step.code} on {step.reference}")
            case LoosePdf():
                lines.append(f"loose {step.source} {','.join(step.numbers)}")
            case Refusal():
                lines.append(f"refused {step.file}")
            case Begun():
                pass
    return lines


FE10 = container(document()).encode()
FE1 = container(document("FE1"), number="FE1").encode()
NC5 = document("NC5", root="CreditNote", type_code="91", prefix="NC").encode()
ACTIVE = pdf(OpenAction=Dictionary(S=Name.JavaScript, JS=String("1")))

TOGETHER = [
    ("same name", {"FE10.xml": FE10, "FE10.pdf": pdf()}, ["FE10 container:FE10.xml pdf:FE10.pdf"]),
    ("same name, other folder", {"xml/a.xml": FE10, "pdf/A.PDF": pdf()}, ["FE10 container:a.xml pdf:A.PDF"]),
    ("number in the name", {"a.xml": FE10, "Factura FE-10.pdf": pdf()}, ["FE10 container:a.xml pdf:Factura FE-10.pdf"]),
    ("filled up with zeros", {"a.xml": FE10, "FE-00010.pdf": pdf()}, ["FE10 container:a.xml pdf:FE-00010.pdf"]),
    (
        "a number written with a hyphen",
        {"a.xml": document(id="fe-10").encode(), "FE 10.pdf": pdf(), "FE11.pdf": pdf()},
        ["fe-10 xml:a.xml pdf:FE 10.pdf", "loose FE11.pdf FE11"],
    ),
    (
        "FE1 is not in FE10",
        {"a.xml": FE1, "b.xml": FE10, "Factura FE10.pdf": pdf()},
        ["FE1 container:a.xml", "FE10 container:b.xml pdf:Factura FE10.pdf"],
    ),
    (
        "another's PDF stays loose",
        {"a.xml": FE1, "FE10.pdf": pdf()},
        ["FE1 container:a.xml", "loose FE10.pdf FE10"],
    ),
    (
        "a folder of its own",
        {"uno/a.xml": FE1, "uno/factura.pdf": pdf(), "dos/b.xml": FE10, "dos/factura.pdf": pdf()},
        ["FE10 container:b.xml pdf:factura.pdf", "FE1 container:a.xml pdf:factura.pdf"],
    ),
    ("alone in one upload proves nothing", {"a.xml": FE1, "b.pdf": pdf()}, ["FE1 container:a.xml", "loose b.pdf "]),
    ("its own ZIP", {"z.zip": zipped({"a.xml": FE1, "b.pdf": pdf()})}, ["FE1 container:a.xml pdf:b.pdf"]),
    (
        "its own ZIP, but the PDF names another",
        {"z.zip": zipped({"a.xml": FE1, "FE2.pdf": pdf()})},
        ["FE1 container:a.xml", "loose z.zip/FE2.pdf FE2"],
    ),
    (
        "annexes in a ZIP",
        {"z.zip": zipped({"a.xml": FE1, "b.pdf": pdf(), "anexos.zip": zipped({"foto.png": b"1"})})},
        ["FE1 container:a.xml pdf:b.pdf annex:anexos.zip"],
    ),
    (
        "a second PDF is an annex",
        {"z.zip": zipped({"a.xml": FE1, "FE1.pdf": pdf(), "detalle.pdf": pdf()})},
        ["FE1 container:a.xml pdf:FE1.pdf annex:detalle.pdf"],
    ),
    (
        "two PDFs, neither names it",
        {"z.zip": zipped({"a.xml": FE1, "b.pdf": pdf(), "c.pdf": pdf()})},
        ["FE1 container:a.xml", "loose z.zip/b.pdf ", "loose z.zip/c.pdf "],
    ),
    (
        "ZIPs in a ZIP",
        {"mes.zip": zipped({"1.zip": zipped(delivery("FE1")), "2.zip": zipped(delivery("FE2"))})},
        ["FE1 container:adFE1.xml pdf:FES-FE1.pdf", "FE2 container:adFE2.xml pdf:FES-FE2.pdf"],
    ),
    (
        "a ZIP by the name of an XML",
        {"FE1.xml": zipped(delivery("FE1")), "FE10.xml": FE10},
        ["FE1 container:adFE1.xml pdf:FES-FE1.pdf", "FE10 container:FE10.xml"],
    ),
    (
        "one level more is not opened",
        {"a.zip": zipped({"b.zip": zipped({"c.zip": zipped(delivery("FE1"))})})},
        ["refused a.zip/b.zip/c.zip"],
    ),
    (
        "DIAN's answer in a file of its own",
        {
            "z.zip": zipped(
                {"ar.xml": response("02", "FE10").encode(), "fv.xml": document().encode(), "FE10.pdf": pdf()}
            )
        },
        ["FE10 xml:fv.xml validation:ar.xml pdf:FE10.pdf"],
    ),
    (
        "DIAN's answer to what is not here",
        {"ar.xml": response("02", "FE99").encode()},
        ["event 02 on FE99"],
    ),
    ("a buyer's event", {"e.xml": response("030", "FE10").encode()}, ["event 030 on FE10"]),
    (
        "a PDF that acts stays out",
        {"FE10.xml": FE10, "FE10.pdf": ACTIVE, "suelta.pdf": ACTIVE},
        ["FE10 container:FE10.xml", "refused suelta.pdf"],
    ),
    (
        "one bad file stops nobody",
        {"a.xml": b"<a>", "b.xml": FE1, "c.zip": b"PK", "d.docx": b"PK", "e.xlsx": b"PK", "f.xml": NC5},
        ["refused a.xml", "FE1 container:b.xml", "NC5 xml:f.xml", "refused c.zip", "refused d.docx", "refused e.xlsx"],
    ),
    (
        "the PDF of a purchase is not loose",
        {"a.xml": document(supplier=party(), customer=seller()).encode(), "a.pdf": pdf()},
        ["refused a.xml"],
    ),
    (
        "what systems leave behind is nobody's",
        {"z.zip": zipped({"__MACOSX/._a.xml": b"1", ".DS_Store": b"1", "Thumbs.db": b"1", "a.xml": FE1})},
        ["FE1 container:a.xml"],
    ),
    ("no ending", {"documento": FE10, "copia": pdf()}, ["FE10 container:documento", "loose copia "]),
    ("empty ZIP", {"z.zip": zipped({})}, ["refused z.zip"]),
    ("another archive", {"z.rar": b"Rar!"}, ["refused z.rar"]),
    ("ZIP of photos", {"z.zip": zipped({"a.png": b"1"})}, ["refused z.zip/a.png"]),
]


@pytest.mark.parametrize(("files", "lines"), [case[1:] for case in TOGETHER], ids=[case[0] for case in TOGETHER])
def test_what_belongs_together(read, files, lines):
    assert sorted(told(read(files))) == sorted(lines)


def test_a_document_says_why_its_pdf_stayed_out(read):
    (found,) = [step for step in read({"FE10.xml": FE10, "FE10.pdf": ACTIVE}) if isinstance(step, ReadInvoice)]
    assert "contenido activo" in found.remarks[0].text
    assert found.has_warnings


def test_the_answer_of_its_own_file_becomes_the_validation(read):
    files = {"z.zip": zipped({"ar.xml": response("04", "FE10").encode(), "fv.xml": document().encode()})}
    (found,) = [step for step in read(files) if isinstance(step, ReadInvoice)]
    assert found.data.validation
    assert found.data.validation.code == "04"
    assert [remark.where for remark in found.remarks] == ["validación de la DIAN"]


def test_links_in_a_folder_lead_nowhere(read, tmp_path):
    (tmp_path / "enlace.xml").symlink_to("/etc/passwd")
    assert told(read({"FE10.xml": FE10})) == ["FE10 container:FE10.xml"]


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    steps = list(bundle.read_files({"FE10.xml": str(tmp_path / "no-está")}, COMPANY, Resume()))
    assert told(steps) == ["refused FE10.xml"]


def test_reading_goes_on_behind_a_file_that_killed_the_process(read):
    files = {
        "1.zip": zipped(delivery("FE1") | {"otra.xml": document("FE2").encode()}),
        "a.xml": FE10,
        "a.pdf": pdf(),
        "ar.xml": response("02", "FE3").encode(),
        "b.xml": document("FE3").encode(),
    }
    steps = read(files)
    begun = [step.file for step in steps if isinstance(step, Begun)]
    assert begun == ["ar.xml", "a.xml", "b.xml", "1.zip", "1.zip/adFE1.xml", "1.zip/otra.xml"]
    for position in range(len(begun)):
        again = read(files, Resume(start=position + 1, deadly=frozenset({position})))
        before = [step.file for step in again if isinstance(step, Begun)]
        # A ZIP that killed the process is not opened again; all else behind the deadly file is read.
        assert before == ([] if begun[position] == "1.zip" else begun[position + 1 :])
        assert not any("a.pdf" in line and line.startswith("loose") for line in told(again))


def test_a_month_of_a_thousand_deliveries_is_read_one_at_a_time(tmp_path):
    inner = {f"z{n}.zip": zipped(delivery(f"FE{n}")) for n in range(1, 1001)}
    path = tmp_path / "mes.zip"
    path.write_bytes(zipped(inner))
    numbers = set()
    for step in bundle.read_files({"mes.zip": str(path)}, COMPANY, Resume()):
        if isinstance(step, ReadInvoice):
            assert [file.role for file in step.files] == ["container", "pdf"]
            numbers.add(step.data.number)
    assert len(numbers) == 1000


def test_a_pipe_in_a_folder_blocks_nobody(read, tmp_path: Path):
    os.mkfifo(tmp_path / "tubo.xml")
    assert told(read({"FE10.xml": FE10})) == ["FE10 container:FE10.xml"]
