"""QR codes as SVG that Typst can place."""

import zlib
from base64 import b64encode
from struct import pack

import zxingcpp

MOST_BYTES = 2331  # of a QR code at level M (ISO/IEC 18004, version 40)
MASK = 2  # a fixed mask is as readable for text as the best of eight, and costs a seventh of the search
SCALE = 2  # pixels a module: viewers that smooth images leave the modules sharp
FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {side} {side}">'
    '<image width="{side}" height="{side}" image-rendering="pixelated" xlink:href="data:image/png;base64,{png}"/></svg>'
)


def fits(text: str) -> bool:
    return len(text.encode()) <= MOST_BYTES


def svg(text: str) -> str:
    """`text` as a QR code at error level M, without quiet zone. Raises ValueError where it does not fit.

    The modules are an image, not a path: drawing 3,000 modules as a path costs Typst half a page more.
    """
    if not fits(text):
        raise ValueError(f"a QR code holds {MOST_BYTES} bytes")
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=MASK)
    image = code.to_image(add_quiet_zones=False)
    modules = image.shape[0]
    dots = bytes(image)  # type: ignore[call-overload]  # a buffer, which its stubs do not say
    png = b64encode(_png(dots, modules)).decode()
    return FRAME.format(side=modules * SCALE, png=png)


def _png(modules: bytes, count: int) -> bytes:
    """Modules, one byte each (0 dark, 255 light), `count` a row, as a PNG of one bit a pixel, `SCALE` pixels each."""
    bits = modules.replace(b"\0", b"0" * SCALE).replace(b"\xff", b"1" * SCALE)
    side = count * SCALE
    octets = -(-side // 8)
    rows = (int(bits[start : start + side].ljust(octets * 8, b"0"), 2) for start in range(0, side * count, side))
    lines = b"".join((b"\0" + row.to_bytes(octets)) * SCALE for row in rows)
    header = pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
