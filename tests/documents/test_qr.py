import re
from base64 import b64decode
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageOps

from cartero.documents import qr
from tests.documents.samples import LINK, QR

TEXTS = [QR, LINK, "1", "Año ₡ 中", "á" * 1165, "0" * qr.MOST_BYTES, "z" * qr.MOST_BYTES]


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_written_is_read(text):
    found = re.search(r"base64,([^\"]+)", qr.svg(text))
    image = ImageOps.expand(Image.open(BytesIO(b64decode(found[1]))).convert("L"), 12 * qr.SCALE, 255)
    code = zxingcpp.read_barcode(image)
    assert code.text == text
    assert code.ec_level == "M"


def test_too_much_text():
    with pytest.raises(ValueError, match="2331"):
        qr.svg("0" * (qr.MOST_BYTES + 1))
