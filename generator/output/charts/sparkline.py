"""Draws sparklines: a series without words, as small as the figure beside it.

The outlines stretch with the page and the lines keep their width, as on the map.  A description in
words serves readers who do not see it: the ends and extremes of the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from generator.output.charts.scale import Scale
from generator.output.charts.svg import Drawing, element, em, percent
from generator.site.chart import Spark, Value

WIDE, TALL = 1000, 100
"""Width and height of the outlines, in their units."""
_HEIGHT = Decimal("1.6")
_DOT = Decimal("0.2")
_EDGES = Decimal("0.03"), Decimal("0.97")
"""The shares between which a line runs, so that a dot at its end is not cut off."""


def spark(chart: Spark, name: str) -> str:
    """A line over time with gaps for missing values."""
    drawing = Drawing(name)
    values = [row.values[0] for row in chart.rows]
    outline = _line(chart, values, drawing)
    box = {"viewBox": f"0 0 {WIDE} {TALL}", "preserveAspectRatio": "none", "aria_hidden": "true"}
    drawing.add(element("svg", outline, **box))
    drawing.y = _HEIGHT
    return drawing.svg(chart.title, _described(chart, values), "spark")


def _line(chart: Spark, values: Sequence[Value], drawing: Drawing) -> str:
    """The outline of a line; a dot marks the value that the text names."""
    numbers = [value.number for value in values]
    present = [number for number in numbers if number is not None] or [Decimal(0)]
    moments = [t.at for t, number in zip(chart.times, numbers, strict=True) if number is not None]
    across = Scale(min(moments, default=Decimal(0)), max(moments, default=Decimal(1)), *_EDGES)
    up = Scale(min(present), max(present), Decimal("0.85"), Decimal("0.15"))
    spots = [
        None if number is None else (across.at(time.at), up.at(number))
        for number, time in zip(numbers, chart.times, strict=True)
    ]
    if chart.marked >= 0 and (spot := spots[chart.marked]):
        at = {"cx": percent(spot[0]), "cy": percent(spot[1]), "r": em(_DOT)}
        drawing.add(element("circle", **at, class_="gb-spark-dot"))
    runs = [[*run] for there, run in groupby(spots, lambda spot: spot is not None) if there]
    path = "".join(_way([spot for spot in run if spot]) for run in runs)
    return element("path", d=path, class_="gb-spark-line")


def _way(spots: Sequence[tuple[Decimal, Decimal]]) -> str:
    """A path through spots; a single spot becomes a dot as wide as the line."""
    first, *rest = (f"{_across(x)} {_down(y)}" for x, y in spots)
    return f"M{first}" + ("".join(f"L{spot}" for spot in rest) or "h0")


def _across(share: Decimal) -> int:
    return round(share * WIDE)


def _down(share: Decimal) -> int:
    return round(share * TALL)


def _described(chart: Spark, values: Sequence[Value]) -> Iterator[str]:
    """The first, last, least and greatest value in words."""
    present = [(v.number, place) for place, v in enumerate(values) if v.number is not None]
    extremes = (min(present), max(present)) if present else ()
    for place in sorted({place for _, place in (*present[:1], *present[-1:], *extremes)}):
        yield f"{chart.rows[place].label} {values[place].text}"
