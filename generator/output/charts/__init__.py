"""Charts as inline SVG, made with the page: the one door for whoever has figures to show.

`model` says what a chart shows, a module a sort draws it, `theme/assets/charts.css` gives it
colours.  A chart never stands without its table: the page that shows it holds both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """A chart as SVG; `name` begins its ids and is its own in the page, of `a-z0-9-`."""
    drawn: str = _DRAW[type(chart)](chart, name)
    return drawn


def chart_figure(chart: Chart, name: str, number: str = "") -> str:
    """A chart with its title below a number (`圖1`), as HTML; the page names it by `name`.

    The page that holds it loads `assets/charts.css`.
    """
    caption = words("figcaption", f"{number}　{chart.title}".strip())
    return element("figure", caption + chart_svg(chart, name), class_="gb-chart", id=name)


def _multiples(chart: Multiples, name: str) -> str:
    """Charts side by side on one scale, each below its own title."""
    held = [number for one in chart.charts for number in numbers(one.rows)]
    drawn = ""
    for place, one in enumerate(chart.charts, start=1):
        inner = f"{name}-{place}"
        svg = (
            bars(one, inner, from_zero(held)) if isinstance(one, Bars) else lines(one, inner, held)
        )
        drawn += f"<div>{words('p', one.title)}{svg}</div>"
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
