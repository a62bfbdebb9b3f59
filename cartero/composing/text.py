"""The plain text of a mail: the same message, rows, totals and notes as its HTML."""

from functools import cache
from importlib import resources

from cartero.composing import fields, richtext, slots
from cartero.composing.letter import Frame
from cartero.composing.slots import Piece
from cartero.composing.wording import of_frame


@cache
def _frame() -> tuple[Piece, ...]:
    source = resources.files(__package__).joinpath("frames/invoice.txt").read_text(encoding="utf-8")
    return slots.parse(source)


def bound(frame: Frame) -> tuple[Piece, ...]:
    """The text of a mailing, with slots left where its letters differ."""
    return slots.bind(_frame(), {**of_frame(frame), "message": fields.cut(richtext.to_text(frame.message_html))})
