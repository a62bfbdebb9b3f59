from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pikepdf
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from cartero.documents.attestation import AttachedFile, Attestation, AttestedMail, Step, render
from tests.documents.samples import LOOK

NOW = datetime(2026, 11, 25, 2, 37, 5, tzinfo=UTC)
URL = "https://cartero.example.co/constancia/k3Jq8wXkQm2aVbN0pR5tLg/"
MAIL = AttestedMail(
    party="Inmobiliaria Los Cerezos S.A.S.",
    tax_id="901.458.237-3",
    state="Entregado",
    documents=("FE18342",),
    to=("cartera@cerezos.example.com",),
    subject="900377216;VALLE VERDE;FE18342;01;Valle Verde",
    sender="Valle Verde <facturacion@valle.example.co>",
    envelope_from="rebotes@valle.example.co",
    message_id="<1@valle.example.co>",
    accepted_at=NOW,
    server="smtp.example.com:587",
    reply="250 2.0.0 OK: queued as 4F2B61C0A3",
    queue_id="4F2B61C0A3",
    tls="TLSv1.3 TLS_AES_256_GCM_SHA384",
    size=148_213,
    sha256="a" * 64,
    files=(AttachedFile(name="z0900377216.zip", size=93_211, sha256="b" * 64),),
    steps=(Step(at=NOW + timedelta(minutes=2), what="Entregado en su buzón", words="smtp; 250 2.1.5 Delivered"),),
)
ATTESTATION = Attestation(
    number="27",
    code="k3Jq8wXkQm2aVbN0pR5tLg",
    url=URL,
    scope="Factura FE18342: cómo se envió",
    summary=(("Correos aquí", "1"),),
    mails=(MAIL,),
    issued_at=NOW,
    issued_by="Ana Pérez",
    tz=ZoneInfo("America/Bogota"),
    look=LOOK,
)


def words(pdf):
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_it_says_who_what_when_how_and_what_came_back():
    (page,) = words(render(ATTESTATION))
    for said in (
        "Constancia de envío",
        "N.º 27",
        "Administraciones Valle Verde S.A.S.",
        "NIT 900.377.216-7",
        "Factura FE18342: cómo se envió",
        "Ana Pérez",
        "Inmobiliaria Los Cerezos S.A.S. (901.458.237-3)",
        "cartera@cerezos.example.com",
        "Valle Verde <facturacion@valle.example.co>",
        "rebotes@valle.example.co",
        "<1@valle.example.co>",
        "24 nov 2026, 9:37:05 p. m. (2026-11-25 02:37:05 UTC)",  # another day in Bogotá
        "smtp.example.com:587",
        "250 2.0.0 OK: queued as 4F2B61C0A3",
        "TLSv1.3 TLS_AES_256_GCM_SHA384",
        "145 KB",
        "a" * 64,
        "z0900377216.zip",
        "91 KB",
        "b" * 64,
        "Entregado en su buzón",
        "smtp; 250 2.1.5 Delivered",
        "k3Jq8wXkQm2aVbN0pR5tLg",
        "Página 1 de 1",
    ):
        assert said in page


def test_the_qr_leads_to_the_page_that_confirms_it():
    with pikepdf.open(BytesIO(render(ATTESTATION))) as pdf:
        images = [pikepdf.PdfImage(image).as_pil_image() for image in _images(pdf.pages[0])]
    codes = [code.text for image in images for code in zxingcpp.read_barcodes(_framed(image))]
    assert codes == [URL]


def _images(page):
    found, waiting = [], [page.obj]
    while waiting:
        resources = waiting.pop().get("/Resources", {})
        for thing in resources.get("/XObject", {}).values():
            (found if thing.Subtype == "/Image" else waiting).append(thing)
    return found


def _framed(image):
    framed = Image.new("L", (image.width + 40, image.height + 40), 255)
    framed.paste(image.convert("L"), (20, 20))
    return framed


def test_it_is_a_tagged_pdf_a():
    pdf = render(ATTESTATION)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert PdfReader(BytesIO(pdf)).metadata.title == "Constancia de envío 27"


def test_what_it_says_can_be_copied():
    """Where a line ends, neither a second hyphen nor a sign that nobody sees gets into a server's words."""
    key = "<7789cd87-281b-4b03-b61f-0175086af9a3@demostracion.example.co>"
    reply = "250 2.0.0 OK: queued as 20261129T021110334001-ad736b4c"
    told = replace(MAIL, message_id=key, steps=(Step(at=NOW, what="Aceptado por el servidor", words=reply),))
    (page,) = PdfReader(BytesIO(render(replace(ATTESTATION, mails=(told,))))).pages
    assert key in page.extract_text()
    assert "20261129T021110334001-ad736b4c" in "".join(page.extract_text().split("\n"))
    assert "--" not in page.extract_text()


def test_the_same_comes_out_the_same():
    assert render(ATTESTATION) == render(ATTESTATION)


def test_many_mails_take_several_pages_and_each_names_the_code():
    pages = words(render(replace(ATTESTATION, mails=(MAIL,) * 9)))
    assert len(pages) == 4
    assert all(f"Código {ATTESTATION.code}" in page for page in pages[1:])
    assert all(f"Página {number} de 4" in page for number, page in enumerate(pages, 1))
    assert all(URL in page for page in pages)


@pytest.mark.parametrize(
    "odd", [replace(MAIL, party="\x00\u202e" + "ñ𓀀" * 90, reply="250 " + "x" * 480), replace(MAIL, files=(), steps=())]
)
def test_odd_facts_stop_nothing(odd):
    assert words(render(replace(ATTESTATION, mails=(odd,))))


def test_what_is_not_known_is_not_shown():
    bare = replace(MAIL, subject="", envelope_from="", server="", queue_id="", tls="", size=None, sha256="")
    (page,) = words(render(replace(ATTESTATION, mails=(bare,))))
    assert "Remitente del sobre" not in page
    assert "SHA-256 del correo" not in page
    assert "Sin cifrar, o sin registro" in page
