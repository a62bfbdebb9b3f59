"""The sign of the demonstration's company, drawn."""

from io import BytesIO

from PIL import Image, ImageDraw

COLOR = "#0f6b46"
SIDE = 192


def png() -> bytes:
    """An open door in a round-cornered square, with nothing behind the corners."""
    image = Image.new("RGBA", (SIDE, SIDE))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, SIDE - 1, SIDE - 1), radius=36, fill=COLOR)
    draw.polygon([(40, 92), (96, 40), (152, 92), (152, 152), (40, 152)], fill="white")
    draw.rectangle((80, 100, 112, 152), fill=COLOR)
    stream = BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()
