"""Draws a target gauge: the baseline, the current value and the target on one lane."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from generator.output.charts.scale import Scale, from_zero
from generator.output.charts.svg import (
    GAP,
    INDENT,
    LANE,
    LINE,
    Drawing,
    element,
    em,
    percent,
    row_texts,
    words,
)
from generator.site.chart import Gauge, Row


def gauge(chart: Gauge, name: str) -> str:
    """A lane from zero, with the value as a bar and baseline and target as marks across it."""
    drawing = Drawing(name)
    rows = tuple(row for row in (chart.baseline, chart.current, chart.target) if row)
    numbers = [v.number for row in rows for v in row.values if v.number is not None]
    extent = from_zero(numbers)
    # space after the last mark, so that it is not lost in the edge
    scale = Scale(extent.low, extent.high, Decimal(0), Decimal("0.98"))
    drawing.y += Decimal("0.4")
    _lane(drawing, chart, scale)
    drawing.y += LANE + GAP
    drawing.keyed(0, chart.current.label, chart.current.values[0].text)
    for row, sort in _marks(chart):
        x, top = em(Decimal("0.45")), drawing.y + Decimal("0.2")
        ends = {"y1": em(top), "y2": em(top + LINE - Decimal("0.4"))}
        drawing.add(element("line", x1=x, x2=x, **ends, class_=f"gb-{sort}-mark"))
        drawing.named(row.label, row.values[0].text, indent=INDENT)
    if chart.status:
        drawing.named(chart.status, sort="head")
    described = [part for row in rows for part in row_texts(row.label, row.values)]
    return drawing.svg(chart.title, (*described, *filter(None, [chart.status])), "gauge")


def _lane(drawing: Drawing, chart: Gauge, scale: Scale) -> None:
    middle = em(drawing.y + LANE / 2)
    drawing.add(element("line", x1="0", x2="100%", y1=middle, y2=middle, class_="gb-lane"))
    (current,) = chart.current.values
    if current.number is not None:
        ends = (scale.at(Decimal(0)), scale.at(current.number))
        drawing.bar(current, chart.current.label, ends)
    for row, sort in _marks(chart):
        (value,) = row.values
        if value.number is not None:
            name, x = words("title", f"{row.label}：{value.text}"), percent(scale.at(value.number))
            top = drawing.y - Decimal("0.4")
            at = {"x1": x, "x2": x, "y1": em(top), "y2": em(top + LANE + Decimal("0.8"))}
            look = {"class_": f"gb-{sort}-mark", "data_value": value.number}
            drawing.add(element("line", name, **at, **look))


def _marks(chart: Gauge) -> Iterator[tuple[Row, str]]:
    """The rows that are marks across the lane."""
    if chart.baseline:
        yield chart.baseline, "baseline"
    yield chart.target, "target"
