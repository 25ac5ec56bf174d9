"""SVG that adapts to the page: widths in percent, heights in em, text in the page's font.

Vega-Lite was tried, through vl-convert 1.9.  A chart of two bars takes 4.9 KB, its labels are
positioned with the fonts of the building machine, every size is in pixels, every colour is in the
file, there are no patterns, and the package weighs 84 MB.  Dark mode, print, 320 pixels and larger
letters would each need a drawing of their own.  Here nothing is scaled: text keeps its size and
the page's colours at any width, in 1 to 5 KB per chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from itertools import accumulate

from unicodedata2 import east_asian_width

from generator.site.chart import Value

NARROW = Decimal(20)
"""The width of a line on a screen of 320 pixels, in em."""
LINE, LANE, GAP = Decimal("1.5"), Decimal("0.6"), Decimal("0.75")
"""Heights in em: a line of text, a bar, the space after it."""
INDENT = Decimal("1.4")
"""The width of a sample of a fill before a name, in em."""
ROLES = 6
"""The number of fills that readers can distinguish without colour."""
_BASE = Decimal("1.1")
_DIGIT = Decimal("0.58")
_NOT_FIRST = frozenset("，。、；：！？）」』】〕％%,.;:!?)]")


def element(name: str, content: str = "", **attributes: object) -> str:
    """An element; `_` in an attribute's name becomes a hyphen, a trailing `_` is dropped."""
    listed = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{listed}>{content}</{name}>" if content else f"<{name}{listed}/>"


def _plain(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def words(name: str, text: str, **attributes: object) -> str:
    """An element that contains text."""
    return element(name, escape(text, quote=False), **attributes)


def percent(share: Decimal) -> str:
    """A share of the width: 0.5 is `50%`."""
    return f"{_short(share * 100)}%"


def em(height: Decimal) -> str:
    """A height in em."""
    return f"{_short(height)}em"


def _short(number: Decimal) -> str:
    text = f"{number.quantize(Decimal('0.001'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def width(text: str) -> Decimal:
    """The approximate width of a text in em: 1 for a Han character, 0.58 for a Latin one."""
    wide = sum(east_asian_width(sign) in "WFA" for sign in text)
    return wide + (len(text) - wide) * _DIGIT


def broken(text: str, measure: Decimal) -> list[str]:
    """A text broken into lines no wider than `measure`; closing punctuation begins no line."""
    lines, rest = [], text
    while width(rest) > measure:
        cut = _cut(rest, measure)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, rest] if rest or not lines else lines


def _cut(text: str, measure: Decimal) -> int:
    wide = accumulate(map(width, text))
    fitting = max(1, next((n for n, reached in enumerate(wide) if reached > measure), len(text)))
    cut = fitting
    while cut > 1 and (text[cut] in _NOT_FIRST or (text[cut - 1 : cut + 1].isascii())):
        if text[cut - 1] == " ":
            break
        cut -= 1
    return cut if cut > 1 else fitting


Box = tuple[Decimal, Decimal, Decimal, Decimal]
"""Left, top, right, bottom in em on a narrow screen."""


def box_of(text: str, anchor: str, at: tuple[Decimal, Decimal]) -> Box:
    """The box that a text covers whose baseline is at a point."""
    wide = width(text)
    left = at[0] - {"start": Decimal(0), "middle": wide / 2, "end": wide}[anchor]
    return left, at[1] - Decimal("0.85"), left + wide, at[1] + Decimal("0.15")


def meet(box: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    across = box[0] < other[2] and other[0] < box[2]
    return across and box[1] < other[3] and other[1] < box[3]


class Drawing:
    """Collects marks from the top down; `y` is the height so far, in em."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.y = Decimal(0)
        self._marks: list[str] = []
        self._fills: set[int] = set()

    def add(self, mark: str) -> None:
        """Adds a mark."""
        self._marks.append(mark)

    def text(self, text: str, x: Decimal, sort: str, **more: object) -> None:
        """Adds a line of text that begins at `y`; `sort` names its look."""
        at = {"x": percent(x), "y": em(self.y + _BASE), "class_": f"gb-chart-{sort}"}
        self.add(words("text", text, **at, **more))

    def named(
        self, label: str, value: str = "", *, sort: str = "label", indent: Decimal = Decimal(0)
    ) -> None:
        """Adds a name at the left and a number at the right, on as many lines as they need."""
        beside = NARROW - indent - 1 - width(value)
        apart = width(label) > beside < NARROW / 3
        shift = {"dx": em(indent)} if indent else {}
        names = broken(label, NARROW - indent if apart or not value else beside)
        values = broken(value, NARROW - indent) if value else []
        for line in names:
            self.text(line, Decimal(0), sort, **shift)
            if not apart:
                self._number(values)
            self.y += LINE
        while values:
            self._number(values)
            self.y += LINE

    def _number(self, lines: list[str]) -> None:
        """Adds the next line of a number, at the right."""
        if lines:
            self.text(lines.pop(0), Decimal(1), "number", text_anchor="end")

    def keyed(self, role: int, label: str, value: str = "") -> None:
        """Adds a name and a number after a sample of a fill."""
        self.swatch(role)
        self.named(label, value, indent=INDENT)

    def sample(self, text: str, role: int, x: Decimal) -> None:
        """Adds a number after a sample of its fill, at `x` on the current line."""
        self.swatch(role, x)
        self.text(text, x, "number", dx=em(INDENT))

    def swatch(self, role: int, x: Decimal = Decimal(0)) -> None:
        """Adds a sample of a fill."""
        size, top = em(Decimal("0.9")), em(self.y + Decimal("0.35"))
        at = {"x": percent(x), "y": top, "width": size, "height": size}
        self.add(element("rect", **at, **self.fill(role)))

    def fill(self, role: int) -> dict[str, str]:
        """The attributes of a filled mark: a colour for the first role, a pattern for others."""
        if role == 0:
            return {"class_": "gb-fill-1"}
        self._fills.add(role)
        return {"class_": f"gb-fill-{role + 1}", "fill": f"url(#{self.name}-{role + 1})"}

    def bar(self, value: Value, label: str, ends: tuple[Decimal, Decimal], role: int = 0) -> None:
        """Adds a bar between two shares of the width; hovering shows its number."""
        low, high = sorted(ends)
        at = {"x": percent(low), "y": em(self.y), "width": percent(high - low), "height": em(LANE)}
        title = words("title", f"{label}：{value.text}")
        self.add(element("rect", title, **at, **self.fill(role), data_value=value.number))

    def svg(self, title: str, described: Iterable[str], sort: str) -> str:
        """The drawing as SVG, with a title and a description for screen readers."""
        texts = words("title", title, id=f"{self.name}-title")
        texts += words("desc", "；".join(described), id=f"{self.name}-desc")
        defs = "".join(pattern(self.name, role) for role in sorted(self._fills))
        content = texts + (element("defs", defs) if defs else "") + "".join(self._marks)
        by = {"aria_labelledby": f"{self.name}-title", "aria_describedby": f"{self.name}-desc"}
        size = {"width": "100%", "height": em(self.y)}
        return element("svg", content, class_=f"gb-{sort}", role="img", **by, **size)


_PATTERNS = (
    '<path d="M-1 1l2-2M0 6l6-6M5 7l2-2"/>',
    '<circle cx="3" cy="3" r="1.3"/>',
    '<path d="M0 1.5h6M0 4.5h6"/>',
    '<path d="M0 0l6 6M6 0l-6 6"/>',
    "",
)


def pattern(name: str, role: int) -> str:
    """The pattern of a role from 1 on: stripes, dots, lines, a grid, an empty ground."""
    ground = element("rect", class_="gb-ground", width=6, height=6)
    place = {"id": f"{name}-{role + 1}", "class_": f"gb-pattern-{role + 1}"}
    size = {"width": 6, "height": 6, "patternUnits": "userSpaceOnUse"}
    return element("pattern", ground + _PATTERNS[role - 1], **place, **size)


def row_texts(label: str, values: Iterable[Value], series: Iterable[str] = ()) -> Iterator[str]:
    """A row in words, for a description."""
    names = [f"{label}，{name}" for name in series] or [label]
    yield from (f"{name} {value.text}" for name, value in zip(names, values, strict=True))
