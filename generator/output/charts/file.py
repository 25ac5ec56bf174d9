"""A chart as an SVG file of its own, for documents and slides: light colours, its source below.

On a page the style sheet gives a chart its look.  A file has these few rules instead, with fixed
colours and without variables, which programs that draw on paper do not know.
"""

from __future__ import annotations

import re
from decimal import Decimal

from generator.output.charts import small_charts
from generator.output.charts.svg import NARROW, broken, element, words
from generator.site.chart import Chart

SIZE, SMALL, WIDE, EDGE, LEADING = 16, 13, 640, 24, 24
"""Pixels: of letters and small ones, of the whole file, around the drawing, from line to line."""
_COLOURS = ("#2c5f8d", "#b0532c", "#2d7d74", "#8a6a14", "#75508a", "#5d6873")
_DASHES = ("none", "7 4", "1 5", "9 3 1 3", "14 4", "3 3")
_FONT = '"PingFang TC","Microsoft JhengHei","Noto Sans CJK TC","Noto Sans TC",sans-serif'
_RULES = (
    f"svg{{fill:#1f2933;font:{SIZE}px {_FONT};overflow:visible}}svg svg svg{{overflow:hidden}}",
    ".title,.gb-chart-head{font-weight:700}.about,.gb-chart-tick{fill:#525d68}",
    f".about{{font-size:{SMALL}px}}pattern path{{fill:none;stroke:currentcolor;stroke-width:1.7}}",
    "pattern circle{fill:currentcolor}.paper,.gb-ground{fill:#fff}",
    ".gb-zero,.gb-gap{stroke:#525d68}.gb-grid,.gb-lane{stroke:#d8dcdf}",
    ".gb-gap{stroke-dasharray:1 5}.gb-chart-target{fill:#9c2a1f}",
    ".gb-target-line{stroke:#9c2a1f;stroke-dasharray:8 4;stroke-width:1.5}",
    "rect[class^=gb-mark-]{transform:translate(-50%,-50%);transform-box:fill-box}",
    ".gb-fill-1{fill:#2c5f8d}",
)


def chart_file(chart: Chart, about: str) -> bytes:
    """A chart with its title above and the line `about` below, in UTF-8."""
    y, parts = Decimal(EDGE), []

    def line(text: str, look: str) -> None:
        nonlocal y
        y += LEADING
        parts.append(words("text", text, x=EDGE, y=y, class_=look))

    measure = NARROW * 2 - 4
    for text in broken(chart.title, measure):
        line(text, "title")
    for title, svg in small_charts(chart, "chart"):
        if title:
            line(title, "title")
        height = _height(svg)
        y += LEADING // 2
        at = {"x": EDGE, "y": y, "width": WIDE - 2 * EDGE, "height": height}
        parts.append(element("svg", svg, **at))
        y += height
    for text in broken(about, measure * SIZE / SMALL):
        line(text, "about")
    size = {"width": WIDE, "height": y + EDGE}
    paper = element("rect", width="100%", height="100%", class_="paper")
    content = element("style", _style()) + paper + "".join(parts)
    return f"{element('svg', content, xmlns='http://www.w3.org/2000/svg', **size)}\n".encode()


def _style() -> str:
    """The rules of a file, with those of each series."""
    rules = [*_RULES]
    for role, (colour, dashes) in enumerate(zip(_COLOURS, _DASHES, strict=True), start=1):
        filled = colour if role in (1, 2, 5) else "#fff"
        rules += (
            f".gb-fill-{role}{{stroke:{colour}}}.gb-pattern-{role}{{color:{colour}}}",
            f".gb-line-{role}{{stroke:{colour};stroke-width:2;stroke-dasharray:{dashes}}}",
            f".gb-mark-{role}{{fill:{filled};stroke:{colour};stroke-width:2}}",
        )
    return "".join(rules)


def _height(svg: str) -> Decimal:
    """The height in pixels of a drawing, which states it in em."""
    stated = re.match(r'<svg[^>]* height="(?P<em>[0-9.]+)em"', svg)
    if stated is None:
        raise LookupError(f"a drawing without a height: {svg[:200]}")
    return Decimal(stated["em"]) * SIZE
