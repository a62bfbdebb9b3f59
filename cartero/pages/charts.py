"""PURE. The geometry of the charts; templates/ui/_bars.html and _sparkline.html draw it as SVG, without script."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, TOP, FLOOR = 560, 190, 44, 12, 160


@dataclass(frozen=True, kw_only=True)
class Part:
    """One state of a bar; `kind` is a class of chart.css, or `striped`: no two look alike without their colours."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Bar:
    label: str
    values: Sequence[int]
    is_last: bool
    x: float
    width: float
    parts: list[Part]

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, kw_only=True)
class Line:
    value: int
    y: float


@dataclass(frozen=True, kw_only=True)
class Bars:
    names: Sequence[str]
    kinds: Sequence[str]
    lines: list[Line]
    bars: list[Bar]

    @property
    def legend(self) -> list[tuple[str, str]]:
        return list(zip(self.kinds, self.names, strict=True))


@dataclass(frozen=True, kw_only=True)
class Sparkline:
    """`points` of a polyline 264 wide and 66 high; `limit` is the height of a dashed line, if there is one."""

    points: str
    limit: float | None


def bars(rows: Sequence[tuple[str, Sequence[int]]], kinds: Sequence[str], names: Sequence[str]) -> Bars:
    """Stacked bars, one a row (label, a value for each of `kinds`), from the floor up."""
    most = max((sum(values) for _label, values in rows), default=0)
    mark = nice_step(most)
    top = mark * max(1, math.ceil(most / mark))
    scale = (FLOOR - TOP) / top
    step = (WIDTH - LEFT) / max(1, len(rows))
    width = min(40.0, step * 0.55)
    drawn = []
    for index, (label, values) in enumerate(rows):
        x = round(LEFT + step * index + (step - width) / 2, 1)
        parts = _stack(values, kinds, scale)
        is_last = index == len(rows) - 1
        drawn.append(Bar(label=label, values=values, is_last=is_last, x=x, width=round(width, 1), parts=parts))
    marks = range(0, top + 1, mark)
    lines = [Line(value=value, y=round(FLOOR - value * scale, 1)) for value in marks]
    return Bars(names=names, kinds=kinds, lines=lines, bars=drawn)


def sparkline(values: Sequence[int], limit: int | None = None) -> Sparkline:
    """A line of what has been, oldest first."""
    top = max([*values, limit or 0, 1])
    step = 264 / max(1, len(values) - 1)
    points = " ".join(
        f"{round(index * step, 1)},{round(62 - value * 54 / top, 1)}" for index, value in enumerate(values)
    )
    return Sparkline(points=points, limit=round(62 - limit * 54 / top, 1) if limit else None)


def nice_step(most: int) -> int:
    """The distance of the lines, 1, 2 or 5 times a power of ten, so that about four reach `most`."""
    size = 1
    while True:
        for nice in (1, 2, 5):
            if nice * size * 4 >= most:
                return nice * size
        size *= 10


def _stack(values: Sequence[int], kinds: Sequence[str], scale: float) -> list[Part]:
    parts, foot = [], float(FLOOR)
    for kind, value in zip(kinds, values, strict=True):
        if value:
            height = max(1.5, value * scale)  # one bounced mail in a thousand is still seen
            foot -= height
            parts.append(Part(kind=kind, y=round(foot, 1), height=round(height, 1)))
            foot -= 1
    return parts
