"""Draws charts as inline SVG.

`site/chart.py` describes what a chart shows, one module per sort draws it, and
`theme/assets/charts.css` gives it colours.  A page that shows a chart always has its table too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.output.charts.bars import bars, shares, stacked
from generator.output.charts.gauge import gauge
from generator.output.charts.lines import lines
from generator.output.charts.map import world_map
from generator.output.charts.scale import from_zero
from generator.output.charts.sparkline import spark
from generator.output.charts.svg import element, words
from generator.site.chart import (
    Bars,
    Chart,
    Gauge,
    Lines,
    Multiples,
    Shares,
    Spark,
    Stacked,
    WorldMap,
    numbers,
)


def chart_svg(chart: Chart, name: str) -> str:
    """A chart as SVG; `name` (of `a-z0-9-`, unique in the page) is the prefix of its ids."""
    drawn: str = _DRAW[type(chart)](chart, name)
    return drawn


def chart_figure(chart: Chart, name: str, number: str = "") -> str:
    """A chart as an HTML figure with the id `name`; its caption is a number (`圖1`) and its title.

    The page must load `assets/charts.css`.
    """
    caption = words("figcaption", f"{number}　{chart.title}".strip())
    return element("figure", caption + chart_svg(chart, name), class_="gb-chart", id=name)


def small_charts(chart: Chart, name: str) -> Iterator[tuple[str, str]]:
    """The drawings of a chart, each with its own title; "" for a chart that is one drawing."""
    if not isinstance(chart, Multiples):
        yield "", chart_svg(chart, name)
        return
    extent = [number for part in chart.charts for number in numbers(part.rows)]
    for place, part in enumerate(chart.charts, start=1):
        inner = f"{name}-{place}"
        if isinstance(part, Bars):
            svg = bars(part, inner, from_zero(extent))
        else:
            svg = lines(part, inner, extent)
        yield part.title, svg


def _multiples(chart: Multiples, name: str) -> str:
    """Charts side by side on the same scale, each below its own title."""
    small = small_charts(chart, name)
    drawn = "".join(f"<div>{words('p', title)}{svg}</div>" for title, svg in small)
    return f'<div class="gb-multiples">{drawn}</div>'


_DRAW: Mapping[type[Any], Callable[[Any, str], str]] = {
    Bars: bars,
    Stacked: stacked,
    Shares: shares,
    Lines: lines,
    Gauge: gauge,
    Multiples: _multiples,
    Spark: spark,
    WorldMap: world_map,
}
