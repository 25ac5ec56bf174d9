"""Draws lines over time: values with enough space show their number, a gap breaks the line.

Series differ in their marks and dashes, so that readers can distinguish them without colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from itertools import pairwise

from generator.output.charts.scale import Scale, stepped
from generator.output.charts.svg import (
    GAP,
    LINE,
    NARROW,
    Box,
    Drawing,
    box_of,
    element,
    em,
    meet,
    percent,
    row_texts,
    words,
)
from generator.site.chart import Lines, Row, numbers

HEIGHT = Decimal(11)
"""The height of the plot, in em."""
_LEFT, _RIGHT = Decimal("0.16"), Decimal("0.95")
RADIUS = Decimal("0.28")
"""The radius of a mark, in em."""
_SIDES = (Decimal("-0.6"), Decimal("1.35"))
"""The offsets of a number from its mark, in em: above it, below it."""
_AIR = Decimal("0.3")
_TIME_LINES = 3
"""The most lines that the names of all times may take."""
Spot = tuple[Decimal, Decimal]
"""A share of the width, and em from the top."""


def lines(chart: Lines, name: str, extent: Sequence[Decimal] = ()) -> str:
    """The series of a chart; the scale also covers `extent`, the numbers of other charts."""
    drawing = Drawing(name)
    _legend(drawing, chart)
    extremes = (*numbers(chart.rows), *numbers(chart.targets), *extent)
    scale, ticks = stepped(extremes)
    drawing.y += LINE
    plot = _Plot(drawing, chart, scale)
    plot.grid(ticks)
    plot.targets()
    for role in range(len(chart.rows)):
        plot.series(role)
    plot.numbers()
    drawing.y += HEIGHT
    plot.times()
    _gaps(drawing, chart)
    return drawing.svg(chart.title, _described(chart), "lines")


def _described(chart: Lines) -> Iterator[str]:
    times = [time.shown for time in chart.times]
    for row in chart.rows:
        yield from row_texts(row.label, row.values, times)
    for target in chart.targets:
        yield from row_texts(target.label, target.values)


def _legend(drawing: Drawing, chart: Lines) -> None:
    for role, row in enumerate(chart.rows if len(chart.rows) > 1 else ()):
        middle = drawing.y + LINE / 2
        drawing.add(_segment((Decimal(0), middle), (Decimal("0.08"), middle), role))
        drawing.add(mark(percent(Decimal("0.04")), em(middle), role))
        drawing.text(row.label, Decimal("0.1"), "label")
        drawing.y += LINE


def _gaps(drawing: Drawing, chart: Lines) -> None:
    """The text of each missing value, below the plot: it says why the line is broken."""
    for row in chart.rows:
        for time, value in zip(chart.times, row.values, strict=True):
            if value.number is None:
                name = f"{row.label}，{time.shown}" if len(chart.rows) > 1 else time.shown
                drawing.named(name, value.text)


class _Plot:
    """The plot of a chart: time runs to the right, numbers upwards."""

    def __init__(self, drawing: Drawing, chart: Lines, scale: Scale) -> None:
        self.drawing, self.chart, self.scale = drawing, chart, scale
        self.top = drawing.y
        places = [time.at for time in chart.times]
        self.across = Scale(min(places), max(places), _LEFT, _RIGHT)

    def height(self, number: Decimal) -> Decimal:
        """The position of a number, in em from the top."""
        return self.top + (1 - self.scale.at(number)) * HEIGHT

    def grid(self, ticks: Sequence[Decimal]) -> None:
        """A fine line for each round number, with the number at its left end."""
        for tick in ticks:
            y = em(self.height(tick))
            look = "gb-zero" if tick == ticks[0] or not tick else "gb-grid"
            self.drawing.add(element("line", x1="0", x2="100%", y1=y, y2=y, class_=look))
            at = {"x": "0", "y": em(self.height(tick) - Decimal("0.25")), "class_": "gb-chart-tick"}
            self.drawing.add(element("text", f"{tick.normalize():,f}", **at))

    def targets(self) -> None:
        """A dashed line for each target, with its name and number at the right."""
        newest = [value for row in self.chart.rows for value in row.values[-1:]]
        last = [value.number for value in newest if value.number is not None]
        for row in self.chart.targets:
            (value,) = row.values
            if value.number is not None:
                y = self.height(value.number)
                level = {"x1": "0", "x2": "100%", "y1": em(y), "y2": em(y)}
                name = words("title", f"{row.label}：{value.text}")
                look = {"class_": "gb-target-line", "data_value": value.number}
                self.drawing.add(element("line", name, **level, **look))
                # the text goes below if a line ends above, and above otherwise
                below = any(number >= value.number for number in last)
                beside = y + (Decimal("1.1") if below else Decimal("-0.35"))
                at = {"x": "100%", "y": em(beside), "text_anchor": "end"}
                text = f"{row.label} {value.text}"
                self.drawing.add(words("text", text, **at, class_="gb-chart-target"))

    def series(self, role: int) -> None:
        """A line with its marks, broken where a value is missing."""
        row = self.chart.rows[role]
        spots = self._spots(row)
        for start, end in pairwise(spots):
            if start and end:
                self.drawing.add(_segment(start, end, role))
        for spot, value, time in zip(spots, row.values, self.chart.times, strict=True):
            if spot:
                name = f"{row.label}，{time.shown}" if len(self.chart.rows) > 1 else time.shown
                at = (percent(spot[0]), em(spot[1]))
                self.drawing.add(mark(*at, role, f"{name}：{value.text}", value.number))

    def _spots(self, row: Row) -> list[Spot | None]:
        places = [self.across.at(time.at) for time in self.chart.times]
        return [
            None if value.number is None else (place, self.height(value.number))
            for place, value in zip(places, row.values, strict=True)
        ]

    def numbers(self) -> None:
        """The numbers that fit above or below their marks; the newest and the oldest go first."""
        spots = [self._spots(row) for row in self.chart.rows]
        boxes = [_around(spot) for line in spots for spot in line if spot]
        for index in _from_the_ends(len(self.chart.times)):
            for line, row in zip(spots, self.chart.rows, strict=True):
                spot = line[index]
                if spot:
                    self._number(spot, row.values[index].text, boxes)

    def _number(self, spot: Spot, text: str, boxes: list[Box]) -> None:
        anchor = _anchor(spot)
        for dy in _SIDES:
            box = box_of(text, anchor, (spot[0] * NARROW, spot[1] + dy))
            if not any(meet(box, other) for other in boxes):
                boxes.append(box)
                at = {"x": percent(spot[0]), "y": em(spot[1] + dy), "text_anchor": anchor}
                self.drawing.add(words("text", text, **at, class_="gb-chart-number"))
                return

    def times(self) -> None:
        """The names of times below the plot: all if a few lines hold them, else those of one line.

        The first is always shown, on a second line if it does not fit on the first.
        """
        texts = [time.shown for time in self.chart.times]
        places = [self.across.at(time.at) for time in self.chart.times]
        rest = set(range(len(texts)))
        lines: list[set[int]] = []
        while rest and len(lines) < _TIME_LINES:
            lines.append(_with_room(places, texts, rest))
            rest -= lines[-1]
        if rest:
            lines[1:] = [{0} - lines[0]]
        for line in lines:
            y = em(self.drawing.y + Decimal("1.2"))
            for index in sorted(line):
                place = places[index]
                at = {"x": percent(place), "text_anchor": _anchor((place, Decimal(0)))}
                self.drawing.add(words("text", texts[index], **at, y=y, class_="gb-chart-tick"))
            self.drawing.y += LINE if line else 0
        self.drawing.y += GAP / 2


def _anchor(spot: Spot) -> str:
    """The `text-anchor` of a text: near an edge it begins or ends there, else it is centred."""
    if spot[0] < _LEFT + Decimal("0.02"):
        return "start"
    return "end" if spot[0] > _RIGHT - Decimal("0.06") else "middle"


def _from_the_ends(count: int) -> list[int]:
    """The indexes of so many values: the last, the first, then the rest."""
    return list(dict.fromkeys((count - 1, 0, *range(count))))


def _with_room(places: Sequence[Decimal], texts: Sequence[str], among: Set[int]) -> set[int]:
    """Those of the indexes whose texts do not overlap on one line."""
    boxes: list[Box] = []
    chosen = set()
    for index in _from_the_ends(len(texts)):
        if index not in among:
            continue
        anchor = _anchor((places[index], Decimal(0)))
        left, top, right, bottom = box_of(texts[index], anchor, (places[index] * NARROW, LINE))
        box = (left - _AIR, top, right + _AIR, bottom)
        if not any(meet(box, other) for other in boxes):
            boxes.append(box)
            chosen.add(index)
    return chosen


def _around(spot: Spot) -> Box:
    """The box that a mark covers."""
    x, y = spot[0] * NARROW, spot[1]
    return x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS


def _segment(start: Spot, end: Spot, role: int) -> str:
    ends = {"x1": percent(start[0]), "y1": em(start[1]), "x2": percent(end[0]), "y2": em(end[1])}
    return element("line", **ends, class_=f"gb-line-{role + 1}")


def mark(x: str, y: str, role: int, text: str = "", number: Decimal | None = None) -> str:
    """The mark of a series: round and square by turns, filled and open by the stylesheet."""
    name = words("title", text) if text else ""
    look: dict[str, object] = {"class_": f"gb-mark-{role + 1}"}
    look |= {} if number is None else {"data_value": number}
    if role % 2 == 0:
        return element("circle", name, cx=x, cy=y, r=em(RADIUS), **look)
    size = em(2 * RADIUS)  # the stylesheet shifts it by half its size, which no attribute can
    return element("rect", name, x=x, y=y, width=size, height=size, **look)
