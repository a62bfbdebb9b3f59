"""How a company looks in its mails and documents: its data, its colour, its logo. What changes is in the trail."""

import warnings
from collections.abc import Mapping
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company
from cartero.platform import formats
from cartero.platform.errors import CarteroError

MOST_BYTES = 2 * 1024 * 1024
MOST_SIDE = 4_000
KEPT_SIDE = 800  # pixels; it goes into every mail, and is drawn at most 60 mm wide
FIELDS = ("name", "trade_name", "country", "timezone", "address", "city", "phone", "email", "color")


class NotALogo(CarteroError):
    """The content is no PNG and no JPEG, whatever its name says, or it is damaged."""

    text = _("No es una imagen PNG o JPG, o está dañada. Use PNG o JPG.")


class LogoTooHeavy(CarteroError):
    """A logo of more bytes than we read."""

    text = _("La imagen pesa %(size)s; el máximo es %(most)s.")


class LogoTooWide(CarteroError):
    """A logo of more pixels than we decode."""

    text = _("La imagen tiene más de %(most)s píxeles de lado. Redúzcala y vuelva a subirla.")


def as_png(content: bytes) -> bytes:
    """A logo as Cartero keeps it: decoded and written anew, so that nothing but its pixels is left.

    Raises NotALogo, LogoTooHeavy, LogoTooWide.
    """
    if len(content) > MOST_BYTES:
        raise LogoTooHeavy(size=formats.size(len(content)), most=formats.size(MOST_BYTES))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=["PNG", "JPEG"])
            if max(image.size) > MOST_SIDE:
                raise _too_wide()
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_wide() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:  # what Pillow raises for damaged ones
        raise NotALogo() from error
    pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    pixels.thumbnail((KEPT_SIDE, KEPT_SIDE))
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    written = BytesIO()
    clean.save(written, "PNG", optimize=True)
    return written.getvalue()


@transaction.atomic
def change(company: Company, fields: Mapping[str, str], by: User) -> bool:
    """Writes what is new of `fields` (of FIELDS); whether there was any."""
    was = {name: getattr(company, name) for name in FIELDS if name in fields and getattr(company, name) != fields[name]}
    for name in was:
        setattr(company, name, fields[name])
    if was:
        company.save(update_fields=list(was))
        audit.record(company, "change", by, was=was, now={name: fields[name] for name in was})
    return bool(was)


@transaction.atomic
def set_logo(company: Company, sha256: str, by: User) -> None:
    """The logo that is stored under that hash; none where it is empty."""
    if company.logo_sha256 != sha256:
        audit.record(company, "change_logo", by, was=company.logo_sha256, now=sha256)
        company.logo_sha256 = sha256
        company.save(update_fields=["logo_sha256"])


def _too_wide() -> LogoTooWide:
    return LogoTooWide(most=formats.number(MOST_SIDE))
