"""Draws bar charts: a name and its number on one line, and the bar below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from generator.output.charts.scale import Scale, from_zero
from generator.output.charts.svg import (
    GAP,
    INDENT,
    LANE,
    LINE,
    NARROW,
    Drawing,
    element,
    em,
    percent,
    row_texts,
    width,
)
from generator.site.chart import Bars, Row, Shares, Stacked, Value, numbers

_TENTH = Decimal("0.1")


def bars(chart: Bars, name: str, scale: Scale | None = None) -> str:
    """Bars from a common zero; a missing value leaves its lane empty, and its text says why."""
    drawing = Drawing(name)
    scale = scale or from_zero(numbers(chart.rows))
    for row in chart.rows:
        if chart.series:
            drawing.named(row.label, sort="head")
        for role, value in enumerate(row.values):
            if chart.series:
                drawing.keyed(role, chart.series[role], value.text)
            else:
                drawing.named(row.label, value.text)
            _lane(drawing, row, value, scale, role)
    return drawing.svg(chart.title, _described(chart), "bars")


def _lane(drawing: Drawing, row: Row, value: Value, scale: Scale, role: int) -> None:
    """A lane with its bar and the mark of zero.

    A line fills a lane without a bar: dashed if the value is missing, plain if it is zero.
    """
    zero = scale.at(Decimal(0)) if scale.high != scale.low else Decimal(0)
    if value.number:
        drawing.bar(value, row.label, (zero, scale.at(value.number)), role)
    else:
        middle = em(drawing.y + LANE / 2)
        look: dict[str, object] = {"class_": "gb-gap"}
        if value.number is not None:
            look = {"class_": "gb-lane", "data_value": value.number}
        drawing.add(element("line", "", x1="0", x2="100%", y1=middle, y2=middle, **look))
    at = {"x1": percent(zero), "x2": percent(zero), "class_": "gb-zero"}
    tops = {"y1": em(drawing.y - Decimal("0.1")), "y2": em(drawing.y + LANE + Decimal("0.1"))}
    drawing.add(element("line", **at, **tops))
    drawing.y += LANE + GAP


def stacked(chart: Stacked, name: str) -> str:
    """One bar per row on a common scale, divided into parts; a list above names the parts."""
    drawing = Drawing(name)
    for role, series in enumerate(chart.series):
        drawing.keyed(role, series)
    drawing.y += GAP
    longest = max((sum(numbers((row,)), Decimal(0)) for row in chart.rows), default=Decimal(0))
    for row in chart.rows:
        drawing.named(row.label, sort="head")
        _parts(drawing, row.values, chart.series, longest or Decimal(1))
        _cells(drawing, row.values, chart.series)
        drawing.y += GAP
    return drawing.svg(chart.title, _described(chart), "stacked")


def _described(chart: Bars | Stacked) -> Iterator[str]:
    for row in chart.rows:
        yield from row_texts(row.label, row.values, chart.series)


def _cells(drawing: Drawing, values: Sequence[Value], series: Sequence[str]) -> None:
    """The numbers of a bar's parts side by side, or below each other if one is too long."""
    space = NARROW / len(values) - INDENT - 1
    if any(width(value.text) > space for value in values):
        for role, (name, value) in enumerate(zip(series, values, strict=True)):
            drawing.keyed(role, name, value.text)
        return
    for role, value in enumerate(values):
        drawing.sample(value.text, role, Decimal(role) / len(values))
    drawing.y += LINE


def shares(chart: Shares, name: str) -> str:
    """One bar of full width, and below it each part with its number and its share."""
    drawing = Drawing(name)
    values = tuple(value for row in chart.rows for value in row.values)
    whole = sum(numbers(chart.rows), Decimal(0))
    _parts(drawing, values, [row.label for row in chart.rows], whole or Decimal(1))
    for role, row in enumerate(chart.rows):
        drawing.keyed(role, row.label, _shared(row.values[0], whole))
    described = [f"{row.label} {_shared(row.values[0], whole)}" for row in chart.rows]
    return drawing.svg(chart.title, described, "shares")


def _shared(value: Value, whole: Decimal) -> str:
    if value.number is None or not whole:
        return value.text
    share = (value.number / whole * 100).quantize(_TENTH, ROUND_HALF_UP)
    return f"{value.text}\u3000{share}%"


def _parts(
    drawing: Drawing, values: Sequence[Value], labels: Sequence[str], whole: Decimal
) -> None:
    """The parts of a bar, one after the other."""
    end = Decimal(0)
    for role, (value, label) in enumerate(zip(values, labels, strict=True)):
        if value.number is not None:
            begin, end = end, end + value.number / whole
            drawing.bar(value, label, (begin, end), role)
    drawing.y += LANE + GAP / 2
