"""Draws a map of the world or of a region: countries are shaded, places have marks.

The outlines stretch with the page.  Marks and names are positioned in percent above them and keep
their size.  A name is shown only where the map is wide enough for it: the table names every place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from generator.output.charts.lines import RADIUS, mark
from generator.output.charts.map_outlines import GRID, REGIONS, Region, outlines
from generator.output.charts.svg import (
    INDENT,
    LINE,
    NARROW,
    Box,
    Drawing,
    box_of,
    element,
    em,
    meet,
    percent,
    words,
)
from generator.site.chart import Place, WorldMap


def world_map(chart: WorldMap, name: str) -> str:
    """The map, and the legend of its marks."""
    region = REGIONS[chart.region]
    shown = [place for place in chart.places if region.holds(place.longitude, place.latitude)]
    content = words("title", chart.title, id=f"{name}-title")
    content += words("desc", "；".join(_described(chart, shown)), id=f"{name}-desc")
    content += _land(chart, region)
    content += "".join(_marks(chart, shown, region))
    content += "".join(_names(shown, region))
    by = {"aria_labelledby": f"{name}-title", "aria_describedby": f"{name}-desc"}
    look = f"gb-map gb-map-{region.name}"
    drawn = element("svg", content, class_=look, role="img", width="100%", **by)
    return drawn + _key(chart, shown, f"{name}-key")


def _described(chart: WorldMap, shown: Sequence[Place]) -> Iterator[str]:
    for sort, title in enumerate(chart.sorts):
        names = [place.label for place in shown if place.sort == sort]
        if names:
            yield f"{title}：{'、'.join(names)}"
    if chart.countries:
        yield f"{chart.countries_title}：{'、'.join(label for _, label in chart.countries)}"


def _land(chart: WorldMap, region: Region) -> str:
    paths, shaded = outlines(region.name), dict(chart.countries)
    rest = "".join(path for code, path in paths.items() if code not in shaded)
    drawn = element("path", d=rest, class_="gb-land")
    for code, label in chart.countries:
        if code in paths:
            drawn += element("path", words("title", label), d=paths[code], class_="gb-country")
    box = f"0 0 {GRID} {round(GRID * region.tall)}"
    return element("svg", drawn, viewBox=box, preserveAspectRatio="none", aria_hidden="true")


def _sort(place: Place) -> int:
    return place.sort


def _marks(chart: WorldMap, shown: Sequence[Place], region: Region) -> Iterator[str]:
    # a mark that covers another is of the sort that is named first
    for place in sorted(shown, key=_sort, reverse=True):
        x, y = region.at(place.longitude, place.latitude)
        text = f"{place.label}（{chart.sorts[place.sort]}）"
        yield mark(percent(x), percent(y), place.sort, text)


def _names(shown: Sequence[Place], region: Region) -> Iterator[str]:
    """The names that fit beside, above or below their marks; the first sorts are placed first.

    Those that fit on a wider map alone have a class by which the stylesheet hides them until then.
    """
    ranked = sorted(shown, key=_sort)
    spots = [region.at(place.longitude, place.latitude) for place in ranked]
    sides: dict[int, _Side] = {}
    for wide, look in _WIDTHS.items():
        at = [(x * wide, y * wide * region.tall) for x, y in spots]
        boxes: list[Box] = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in at]
        boxes += [_box(ranked[index].label, at[index], side) for index, side in sides.items()]
        for index, place in enumerate(ranked):
            for side in _SIDES if index not in sides else ():
                box = _box(place.label, at[index], side)
                if box[0] >= 0 and box[2] <= wide and not any(meet(box, other) for other in boxes):
                    boxes.append(box)
                    sides[index] = side
                    yield _name(place.label, spots[index], side, look)
                    break


def _box(label: str, at: tuple[Decimal, Decimal], side: _Side) -> Box:
    anchor, dx, dy = side
    return box_of(label, anchor, (at[0] + dx, at[1] + dy))


def _name(label: str, spot: tuple[Decimal, Decimal], side: _Side, look: str) -> str:
    anchor, dx, dy = side
    at = {"x": percent(spot[0]), "y": percent(spot[1]), "dx": em(dx), "dy": em(dy)}
    return words("text", label, **at, text_anchor=anchor, class_=look)


_WIDTHS = {
    NARROW: "gb-chart-place",
    Decimal(23): "gb-chart-place gb-from-23",
    Decimal(40): "gb-chart-place gb-from-40",
}
"""The widths in em for which names are placed: of two phones and of a page."""
_Side = tuple[str, Decimal, Decimal]
_SIDES: tuple[_Side, ...] = (
    ("start", Decimal("0.6"), Decimal("0.35")),
    ("end", Decimal("-0.6"), Decimal("0.35")),
    ("middle", Decimal(0), Decimal("-0.65")),
    ("middle", Decimal(0), Decimal("1.35")),
)
"""The positions of a name, in the order in which they are tried: right, left, above, below."""


def _key(chart: WorldMap, shown: Sequence[Place], name: str) -> str:
    drawing, half = Drawing(name), LINE / 2
    for sort, title in enumerate(chart.sorts):
        if any(place.sort == sort for place in shown):
            drawing.add(mark(em(Decimal("0.45")), em(drawing.y + half), sort))
            drawing.named(title, indent=INDENT)
    if chart.countries:
        size = {"width": em(Decimal("0.9")), "height": em(Decimal("0.9"))}
        drawing.add(element("rect", y=em(drawing.y + Decimal("0.35")), **size, class_="gb-country"))
        drawing.named(chart.countries_title, indent=INDENT)
    return drawing.svg("圖例", chart.sorts, "key")
