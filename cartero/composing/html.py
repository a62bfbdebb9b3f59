"""The HTML of a mail: our MJML frame, compiled once, with the clerk's cleaned message and our table in its slots."""

import re
from functools import cache
from html import escape
from importlib import resources

import mrml

from cartero.composing import fields, richtext, slots
from cartero.composing.letter import Frame
from cartero.composing.slots import Piece
from cartero.composing.wording import of_frame

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_DEFAULT_COLOR = "#2548b0"
_INK = "#1b2030"
_STYLES = {  # mail programs drop stylesheets, so each tag of the message carries its own
    "p": "margin:0 0 14px;",
    "h2": "margin:20px 0 10px;font-size:19px;line-height:26px;font-weight:600;color:#1b2030;",
    "h3": "margin:18px 0 8px;font-size:16px;line-height:24px;font-weight:600;color:#1b2030;",
    "ul": "margin:0 0 14px;padding:0 0 0 24px;",
    "ol": "margin:0 0 14px;padding:0 0 0 24px;",
    "li": "margin:0 0 4px;",
    "blockquote": "margin:0 0 14px;padding:0 0 0 14px;border-left:3px solid #e5e3dd;",
    "hr": "margin:18px 0;border:0;border-top:1px solid #e5e3dd;",
    "a": "color:#2548b0;text-decoration:underline;",
}
_OPENING = re.compile(rf'<({"|".join(_STYLES)})(?=[\s>])((?:[^<>"]|"[^"]*")*)>')
_OWN_STYLE = re.compile(r' style="([^"]*)"')


@cache
def _frame() -> tuple[Piece, ...]:
    """The compiled frame. No fonts are fetched: but for a pixel that its company wants, a mail asks for nothing."""
    source = resources.files(__package__).joinpath("frames/invoice.mjml").read_text(encoding="utf-8")
    return slots.parse(mrml.to_html(source, render_options=mrml.RenderOptions(fonts={})).content)


def bound(frame: Frame, logo_id: str) -> tuple[Piece, ...]:
    """The HTML of a mailing, with slots left where its letters differ. `logo_id`: Content-ID, empty without a logo."""
    color = frame.sender.color if _COLOR.fullmatch(frame.sender.color) else _DEFAULT_COLOR
    shared: dict[str, str | tuple[Piece, ...]] = {name: escape(text) for name, text in of_frame(frame).items()}
    shared |= {"message": message(frame.message_html), "color": color, "ink": ink_on(color), "logo": logo_id}
    return slots.bind(_frame(), shared)


def message(html: str) -> tuple[Piece, ...]:
    """The clerk's message, cleaned again, styled tag by tag, its comodines cut out."""
    return fields.cut_html(_OPENING.sub(_styled, richtext.clean(html)))


def _styled(opening: re.Match[str]) -> str:
    tag, attributes = opening.groups()
    own = _OWN_STYLE.search(attributes)
    style = _STYLES[tag] + (own[1] if own else "")
    return f'<{tag}{_OWN_STYLE.sub("", attributes)} style="{style}">'


def ink_on(color: str) -> str:
    """White, or our ink where white could not be read on `color` (WCAG 2.2, 1.4.3: 4.5 to 1)."""
    return "#ffffff" if 1.05 / (_luminance(color) + 0.05) >= 4.5 else _INK


def _luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
