import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from cartero.companies import look
from cartero.companies.look import LogoTooHeavy, LogoTooWide, NotALogo
from cartero.companies.models import AuditEntry
from tests.factories import make_company, make_user


def image(kind="PNG", size=(300, 100), mode="RGB", **how):
    written = BytesIO()
    Image.new(mode, size, "red").save(written, kind, **how)
    return written.getvalue()


def header_of(width, height):
    """A PNG that says it is that large, and holds no pixels."""
    about = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (about, b"IDAT" + zlib.compress(b""), b"IEND")
    )


@pytest.mark.parametrize("content", [image(), image("JPEG"), image(mode="RGBA"), image(mode="P"), image(mode="L")])
def test_a_logo_becomes_a_png(content):
    read = Image.open(BytesIO(look.as_png(content)))
    assert (read.format, read.size) == ("PNG", (300, 100))


def test_a_large_one_becomes_smaller_in_proportion():
    assert Image.open(BytesIO(look.as_png(image(size=(4000, 1000))))).size == (800, 200)


def test_nothing_but_its_pixels_is_left():
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "<script>alert(1)</script>")
    assert b"script" not in look.as_png(image(pnginfo=said))


def test_transparency_stays():
    assert Image.open(BytesIO(look.as_png(image(mode="RGBA")))).mode == "RGBA"


REFUSED = [
    (b"", NotALogo),
    (b"GIF89a" + b"0" * 50, NotALogo),
    (image("GIF"), NotALogo),  # a real image of another kind
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NotALogo),
    (image()[:60], NotALogo),  # cut off
    (header_of(10, 10), NotALogo),  # no pixels in it
    (image(size=(4001, 1)), LogoTooWide),
    (header_of(30_000, 30_000), LogoTooWide),  # a bomb: refused by what it says, before it is unpacked
    (b"\x89PNG\r\n\x1a\n" + b"0" * look.MOST_BYTES, LogoTooHeavy),
]


@pytest.mark.parametrize(("content", "refusal"), REFUSED)
def test_what_is_no_logo_is_refused(content, refusal):
    with pytest.raises(refusal) as refused:
        look.as_png(content)
    assert "%" not in refused.value.user_text


@pytest.mark.django_db
def test_only_what_changes_is_written_and_told():
    company = make_company(city="Medellín")
    ana = make_user(company)
    assert look.change(company, {"city": "Envigado", "name": company.name}, by=ana)
    assert not look.change(company, {"city": "Envigado"}, by=ana)
    entry = AuditEntry.objects.get(verb="change")
    assert entry.facts == {"was": {"city": "Medellín"}, "now": {"city": "Envigado"}}
