"""PDFs that act by themselves are refused, also when what acts lies in an object stream."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from cartero.importing.readers import pdf as reader
from cartero.importing.refusals import UnreadableError
from tests.importing.ubl_documents import pdf

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
LINK = Dictionary(S=Name.URI, URI=String("https://pagos.example.co/"))


def with_page(**page: pikepdf.Object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for key, value in page.items():
        document.pages[0].obj[f"/{key}"] = document.make_indirect(value)
    stream = BytesIO()
    document.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()


def locked(user: str) -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(pdf())) as document:
        document.save(stream, encryption=pikepdf.Encryption(owner="dueño", user=user))
    return stream.getvalue()


def attached() -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(pdf())) as document:
        document.attachments["factura.xml"] = b"<Invoice/>"
        document.save(stream)
    return stream.getvalue()


SOUND = [
    ("plain", pdf()),
    ("a link that one presses", with_page(Annots=Array([Dictionary(Subtype=Name.Link, A=LINK)]))),
    ("opens at a page", pdf(OpenAction=Array([Name.Fit]))),
    ("opens by a move inside", pdf(OpenAction=Dictionary(S=Name.GoTo, D=Array([])))),
    ("may not be changed, opens without password", locked("")),
]


@pytest.mark.parametrize("content", [case[1] for case in SOUND], ids=[case[0] for case in SOUND])
def test_a_sound_pdf_passes(content):
    reader.check(content)


REFUSED = [
    ("page of a browser", b"<html>", "no es un PDF"),
    ("spaces first", b" " + pdf(), "no es un PDF"),
    ("cut", pdf()[:200], "está dañado"),
    ("garbage", b"%PDF-1.7\n" + b"\x00\xff" * 500, "está dañado"),
    ("over 10 MB", b"%PDF-1.7" + b"0" * 10 * 1024**2, "pesa 11 MB"),
    ("script when opened", pdf(OpenAction=SCRIPT), "contenido activo"),
    ("script by name", pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array([])))), "contenido activo"),
    ("script behind a link", with_page(Annots=Array([Dictionary(A=SCRIPT)])), "contenido activo"),
    ("program", with_page(Annots=Array([Dictionary(A=Dictionary(S=Name.Launch))])), "contenido activo"),
    ("goes to the web when opened", pdf(OpenAction=LINK), "contenido activo"),
    ("goes to the web after a move", pdf(OpenAction=Dictionary(S=Name.GoTo, Next=LINK)), "contenido activo"),
    ("goes to the web when a page shows", with_page(AA=Dictionary(O=LINK)), "contenido activo"),
    ("form of programs", pdf(AcroForm=Dictionary(XFA=Array([]))), "contenido activo"),
    ("file inside", attached(), "otros archivos"),
    ("place for files", pdf(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))), "otros archivos"),
    ("password", locked("clave"), "contraseña"),
]


@pytest.mark.parametrize(("content", "what"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_must_not_reach_a_buyer_is_refused(content, what):
    with pytest.raises(UnreadableError) as caught:
        reader.check(content)
    assert what in caught.value.what


def test_no_pages():
    stream = BytesIO()
    pikepdf.new().save(stream)
    with pytest.raises(UnreadableError, match="no tiene páginas"):
        reader.check(stream.getvalue())
