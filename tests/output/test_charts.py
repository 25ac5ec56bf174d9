"""Charts: read back they are the figures, at any width, without colour, whatever the texts hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from drawn import texts_of, values_of
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from generator.content.value_types import country_names
from generator.output.charts import chart_figure, chart_svg
from generator.output.charts.file import chart_file
from generator.output.charts.map_outlines import EAST_ASIA, WORLD, Region, outlines
from generator.output.charts.scale import stepped
from generator.output.charts.svg import LINE, NARROW, ROLES, broken, width
from generator.site.chart import (
    Bars,
    Chart,
    Gauge,
    Lines,
    Multiples,
    Place,
    Row,
    Shares,
    Spark,
    Stacked,
    Time,
    Value,
    WorldMap,
)

NUMBER = st.decimals(-(10**9), 10**9, places=2)
LABEL = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60)


def value(number: str | int | Decimal, unit: str = "人") -> Value:
    """A number as a statistic prints it."""
    return Value(number=Decimal(str(number)), shown=f"{Decimal(str(number)):,f} {unit}")


def gap(reason: str) -> Value:
    """No number."""
    return Value(number=None, shown=reason)


def row(label: str, *values: Value) -> Row:
    """A row."""
    return Row(label=label, values=values)


def read(chart: Chart, name: str = "c") -> ET.Element:
    """A chart as a browser's parser gets it."""
    return ET.fromstring(f"<div>{chart_svg(chart, name)}</div>")


def share(mark: ET.Element, name: str) -> Decimal:
    """An attribute that is a share of the width, in percent."""
    return Decimal(mark.attrib[name].removesuffix("%"))


def rects(drawn: ET.Element) -> list[ET.Element]:
    """The bars of a chart."""
    return [rect for rect in drawn.iter("rect") if "data-value" in rect.attrib]


TIMES = tuple(Time(at=Decimal(year), shown=f"{year}年") for year in (103, 104, 105))
EVERY: dict[str, Chart] = {
    "bars": Bars(title="甲", rows=(row("一", value(3)), row("二", gap("未統計")))),
    "series": Bars(title="甲", series=("上", "下"), rows=(row("一", value(3), value(5)),)),
    "stacked": Stacked(title="甲", series=("上", "下"), rows=(row("一", value(3), value(5)),)),
    "shares": Shares(title="甲", rows=(row("一", value(3)), row("二", value(5)))),
    "lines": Lines(
        title="甲",
        times=TIMES,
        rows=(row("一", value(3), gap("未統計"), value(5)), row("二", *map(value, (7, 8, 9)))),
        targets=(row("目標", value(6)),),
    ),
    "gauge": Gauge(
        title="甲",
        current=row("現況", value(4)),
        target=row("目標", value(6)),
        baseline=row("基準", value(2)),
        status="符合進度",
    ),
    "multiples": Multiples(
        title="甲",
        charts=(Bars(title="子", rows=(row("一", value(3)),)), Bars(title="丑", rows=())),
    ),
    "sparkline": Spark(
        title="甲",
        times=TIMES,
        rows=(row("103年", value(3)), row("104年", gap("未統計")), row("105年", value(5))),
        marked=2,
    ),
    "map": WorldMap(
        title="甲",
        sorts=("姊妹市", "友好城市"),
        places=(
            Place(label="八王子市", latitude=Decimal("35.67"), longitude=Decimal("139.32"), sort=1),
            Place(label="波特蘭市", latitude=Decimal("45.52"), longitude=Decimal("-122.68")),
        ),
        countries=(("JP", "日本 10 次"),),
        countries_title="有交流的國家",
    ),
}
"""A chart of every sort."""


@pytest.mark.parametrize("chart", EVERY.values(), ids=EVERY)
def test_a_chart_is_named_and_described(chart: Chart) -> None:
    """Every drawing is an image with a title and a description, which its own ids lead to."""
    drawn = read(chart)
    pictures = [svg for svg in drawn.iter("svg") if svg.get("role") == "img"]
    ids = [one.attrib["id"] for one in drawn.iter() if "id" in one.attrib]
    assert pictures
    assert len(ids) == len(set(ids))
    for svg in pictures:
        title, described = list(svg)[:2]
        assert (title.tag, described.tag) == ("title", "desc")
        assert title.text
        assert svg.attrib["aria-labelledby"] == title.attrib["id"]
        assert svg.attrib["aria-describedby"] == described.attrib["id"]


@pytest.mark.parametrize("chart", EVERY.values(), ids=EVERY)
def test_a_chart_leaves_colour_and_font_to_the_page(chart: Chart) -> None:
    """No colour, font or size in pixels stands in a chart: the stylesheet and the reader decide."""
    html = chart_svg(chart, "c")
    assert not re.search(r"#[0-9a-f]{3,6}\b(?!-)|rgb|hsl|font-|px", html.replace("url(#c", ""))


@pytest.mark.parametrize("chart", EVERY.values(), ids=EVERY)
def test_texts_of_a_chart_are_texts(chart: Chart) -> None:
    """Signs that mean something in HTML are shown as typed, and end nothing."""
    nasty = '</title></svg><script>"&'
    html = chart_figure(_renamed(chart, nasty), "c")
    drawn = ET.fromstring(html)
    assert nasty in "".join(drawn.itertext())
    assert "<script" not in html


def _renamed(chart: Chart, title: str) -> Chart:
    return structs.replace(chart, title=title)


@given(st.lists(st.tuples(LABEL, NUMBER | st.none()), max_size=12))
def test_bars_read_back_are_the_figures(rows: list[tuple[str, Decimal | None]]) -> None:
    """Each number stands at its bar, which is as long as the number is large; a gap has no bar."""
    made = tuple(row(n, gap("未統計") if v is None else value(v)) for n, v in rows)
    drawn = read(Bars(title="甲", rows=made))
    known = [number for _, number in rows if number is not None]
    assert values_of(drawn) == known
    extent = max((*known, Decimal(0))) - min((*known, Decimal(0)))
    for bar in rects(drawn):
        length = share(bar, "width") * extent / 100
        assert abs(length - abs(Decimal(bar.attrib["data-value"]))) <= extent / 10**5
    shown = "".join(texts_of(drawn))
    for number in known:
        assert f"{number:,f} 人" in shown


@given(LABEL, LABEL)
def test_no_line_is_wider_than_a_narrow_screen(label: str, shown: str) -> None:
    """However long a name or a number is, its lines fit, and nothing of it is lost."""
    one = Row(label=label, values=(Value(number=Decimal(1), shown=shown),))
    for text in texts_of(read(Bars(title="甲", rows=(one,)))):
        assert width(text) <= NARROW or len(text) == 1
    assert "".join("".join(broken(label, NARROW)).split()) == "".join(label.split())


def test_a_gap_says_why_and_is_no_zero() -> None:
    """A missing number has its reason and no value; zero has a value and no bar."""
    drawn = read(Bars(title="甲", rows=(row("一", gap("未統計")), row("二", value(0)))))
    assert values_of(drawn) == [0]
    assert rects(drawn) == []
    assert texts_of(drawn) == ["一", "— 未統計", "二", "0 人"]


def test_negative_bars_end_where_positive_ones_begin() -> None:
    """Both sides grow from one zero."""
    drawn = read(Bars(title="甲", rows=(row("減", value(-300)), row("增", value(100)))))
    below, above = rects(drawn)
    assert share(below, "x") == 0
    assert share(below, "x") + share(below, "width") == share(above, "x") == 75


def test_parts_follow_each_other_and_make_the_whole() -> None:
    """The parts of a whole touch, fill the width and say their shares, rounded half up."""
    parts = {"甲": 1, "乙": 3, "丙": 4}
    chart = Shares(title="甲", rows=tuple(row(n, value(v)) for n, v in parts.items()))
    bars = rects(read(chart))
    edges = [(share(bar, "x"), share(bar, "width")) for bar in bars]
    assert edges == [(0, Decimal("12.5")), (Decimal("12.5"), Decimal("37.5")), (50, 50)]
    assert "3 人　37.5%" in texts_of(read(chart))
    assert len({bar.get("fill") for bar in bars}) == 3


def test_fills_are_told_apart_without_colour() -> None:
    """Each of the six roles has a pattern of its own."""
    chart = Shares(title="甲", rows=tuple(row(str(n), value(1)) for n in range(ROLES)))
    patterns = [
        re.sub(r'(id|class)="[^"]*"', "", ET.tostring(p, "unicode"))
        for p in read(chart).iter("pattern")
    ]
    assert len(patterns) == len(set(patterns)) == ROLES - 1


def test_a_line_breaks_at_a_gap() -> None:
    """Marks carry the numbers; no line crosses a time without one, and the reason stands below."""
    drawn = read(
        Lines(title="甲", times=TIMES, rows=(row("一", value(3), gap("未統計"), value(5)),))
    )
    assert values_of(drawn) == [3, 5]
    assert [line for line in drawn.iter("line") if line.attrib["class"] == "gb-line-1"] == []
    assert texts_of(drawn)[-2:] == ["104年", "— 未統計"]


def test_marks_of_a_line_stand_at_their_height_and_time() -> None:
    """Twice the number is twice the height above zero; half the time is half the way."""
    drawn = read(Lines(title="甲", times=TIMES, rows=(row("一", *map(value, (2, 4, 8))),)))
    spots = [(share(m, "cx"), Decimal(m.attrib["cy"][:-2])) for m in drawn.iter("circle")]
    (x1, y1), (x2, y2), (x3, y3) = spots
    assert abs(x2 - (x1 + x3) / 2) < Decimal("0.01")
    assert abs((y2 - y3) - 2 * (y1 - y2)) < Decimal("0.01")


def test_where_a_line_begins_is_always_told() -> None:
    """Where the first and the last time have no room in one line, the first stands below.

    Few times are all named, on more lines; of many, those of one line.
    """
    names = ("縣市合併時（100年1月）", "105年", "迄今（106年1月）")
    times = tuple(
        structs.replace(time, shown=name) for time, name in zip(TIMES, names, strict=True)
    )
    drawn = read(Lines(title="甲", times=times, rows=(row("一", *map(value, (2, 4, 8))),)))
    heights = {text.text: Decimal(text.attrib["y"][:-2]) for text in drawn.iter("text")}
    assert heights[names[0]] - heights[names[2]] == LINE
    assert heights[names[1]] - heights[names[2]] == 2 * LINE
    many = tuple(Time(at=Decimal(year), shown=f"{year - 1911}年12月") for year in range(2010, 2030))
    drawn = read(Lines(title="甲", times=many, rows=(row("一", *map(value, range(20))),)))
    ticks = [text for text in drawn.iter("text") if text.attrib["class"] == "gb-chart-tick"]
    named = {text.text: text.attrib["y"] for text in ticks if "月" in (text.text or "")}
    assert {"99年12月", "118年12月"} < named.keys()
    assert len(named) < 5
    assert len(set(named.values())) == 1


def test_series_differ_in_mark_and_dash() -> None:
    """Two lines have classes of their own for line and mark, and a key that names them."""
    drawn = read(EVERY["lines"])
    assert {m.attrib["class"] for m in drawn.iter("circle")} == {"gb-mark-1"}
    assert {m.attrib["class"] for m in drawn.iter("rect")} == {"gb-mark-2"}
    assert {"一", "二"} <= set(texts_of(drawn))


def test_a_target_stands_at_its_own_height() -> None:
    """The level of a target and its number are part of the chart."""
    drawn = read(EVERY["lines"])
    (level,) = [line for line in drawn.iter("line") if line.get("class") == "gb-target-line"]
    assert level.attrib["data-value"] == "6"
    assert "目標 6 人" in texts_of(drawn)


def test_a_gauge_shows_where_it_began_stands_and_goes() -> None:
    """Bar and marks stand in the order of their numbers."""
    drawn = read(EVERY["gauge"])
    held = {m.attrib["class"]: m for m in drawn.iter() if "data-value" in m.attrib}
    begun, aim = (share(held[f"gb-{name}-mark"], "x1") for name in ("baseline", "target"))
    assert begun < share(held["gb-fill-1"], "width") < aim
    assert texts_of(drawn) == ["現況", "4 人", "基準", "2 人", "目標", "6 人", "符合進度"]


def test_small_charts_share_a_scale() -> None:
    """The same length is the same number in all of them."""
    small = tuple(Bars(title=n, rows=(row("一", value(v)),)) for n, v in (("子", 50), ("丑", 100)))
    drawn = read(Multiples(title="甲", charts=small))
    assert [share(bar, "width") for bar in rects(drawn)] == [50, 100]


def paths(chart: Chart) -> dict[str, str]:
    """The outlines of a chart by their look."""
    return {path.attrib["class"]: path.attrib["d"] for path in read(chart).iter("path")}


def test_a_spark_breaks_at_a_gap_and_marks_its_figure() -> None:
    """A lone value is a dot of the line; the marked one is the last, at its height."""
    assert paths(EVERY["sparkline"]) == {"gb-spark-line": "M30 85h0M970 15h0"}
    (dot,) = read(EVERY["sparkline"]).iter("circle")
    assert (dot.attrib["cx"], dot.attrib["cy"]) == ("97%", "15%")


@given(st.lists(NUMBER, min_size=1, max_size=40))
def test_a_spark_tells_its_ends_and_extremes(numbers: list[Decimal]) -> None:
    """Whoever does not see the line hears how it runs, in at most four values."""
    times = tuple(Time(at=Decimal(n), shown=f"{n}年") for n in range(len(numbers)))
    rows = tuple(row(time.shown, value(n)) for time, n in zip(times, numbers, strict=True))
    (told,) = read(Spark(title="甲", rows=rows, times=times)).iter("desc")
    said = (told.text or "").split("；")
    assert len(said) <= 4
    for number in (numbers[0], numbers[-1], min(numbers), max(numbers)):
        assert any(words.endswith(f" {number:,f} 人") for words in said)


@given(st.lists(NUMBER, min_size=1, max_size=8))
def test_a_scale_holds_its_numbers_and_is_read_by_few(numbers: list[Decimal]) -> None:
    """Round ticks surround every number; there are two to six."""
    scale, ticks = stepped(numbers)
    assert scale.low <= min(numbers)
    assert max(numbers) <= scale.high
    assert 2 <= len(ticks) <= 6


def test_the_same_chart_gives_the_same_bytes() -> None:
    """And another name gives other ids alone."""
    for chart in EVERY.values():
        assert chart_svg(chart, "c") == chart_svg(chart, "c")
        assert chart_svg(chart, "d").replace('"d-', '"c-').replace("#d-", "#c-") == chart_svg(
            chart, "c"
        )


def _marks(drawn: ET.Element) -> Iterator[tuple[Decimal, Decimal]]:
    for mark in drawn.iter():
        if "gb-mark" in mark.get("class", "") and list(mark):
            names = ("cx", "cy") if mark.tag == "circle" else ("x", "y")
            yield share(mark, names[0]), share(mark, names[1])


def test_a_place_stands_in_its_country() -> None:
    """West is left and north is up, with the Pacific in the middle."""
    (tokyo, portland) = _marks(read(EVERY["map"]))
    assert tokyo[0] < 50 < portland[0]
    assert tokyo[1] > portland[1]
    text = ET.tostring(read(EVERY["map"]), "unicode")
    assert "八王子市（友好城市）" in text
    assert "日本 10 次" in text


def test_the_first_sorts_of_a_map_are_named_and_seen_first() -> None:
    """Where all have no room, a friendship city is named before those that may become one.

    What fits on a wide map alone is shown there alone.
    """
    at = [("138.6", "35.9"), ("139.6", "35.9"), ("139.1", "35.4"), ("139.12", "35.67")]
    at += [("133.6", "35.7"), ("144.6", "35.7")]
    near = tuple(
        Place(label=f"推動中{n}市", latitude=Decimal(y), longitude=Decimal(x), sort=1)
        for n, (x, y) in enumerate(at)
    )
    friend = Place(label="八王子市", latitude=Decimal("35.67"), longitude=Decimal("139.12"))
    sorts = ("友好城市", "推動中")
    drawn = read(WorldMap(title="甲", sorts=sorts, places=(*near, friend), region=EAST_ASIA.name))
    names = {text.text: text.attrib["class"] for text in drawn.iter("text")}
    names = {name: look for name, look in names.items() if look.startswith("gb-chart-place")}
    assert names.pop("八王子市") == "gb-chart-place"
    assert len(names) < 6
    assert "gb-chart-place gb-from-40" in names.values()
    places = [one.get("class", "") for one in drawn.iter() if one.find("title") is not None]
    assert [name for name in places if "mark" in name] == ["gb-mark-2"] * 6 + ["gb-mark-1"]


@pytest.mark.parametrize(
    ("region", "longitude", "latitude", "held"),
    [
        (EAST_ASIA, 121, 25, True),
        (EAST_ASIA, 139.7, 35.7, True),
        (EAST_ASIA, -122.7, 45.5, False),
        (EAST_ASIA, 35, 32.8, False),
        (WORLD, -79.5, 9, True),
        (WORLD, 180, 0, True),
        (WORLD, -180, 0, True),
        (WORLD, 0, 89, False),
    ],
)
def test_a_region_knows_its_places(
    region: Region, longitude: float, latitude: float, held: bool
) -> None:
    """A place is in a region's map or is left out of it."""
    where = (Decimal(str(longitude)), Decimal(str(latitude)))
    assert region.holds(*where) is held


def test_outlines_are_few_and_known() -> None:
    """A map weighs some tens of kilobytes, and its countries are those that records may name."""
    held = outlines("world")
    assert {"TW", "JP", "KR", "US", "GB", "PA", "AR", "IL", "SG"} <= set(held)
    assert set(held) - {"--", "XK"} <= set(country_names())
    assert sum(map(len, held.values())) < 25_000
    assert sum(map(len, outlines("east-asia").values())) < 8_000
    assert all(re.fullmatch(r"(M\d+ -?\d+l?[-\d ]*z)+", path) for path in held.values())


ODD: dict[str, Callable[[], Chart]] = {
    "one value": lambda: Bars(title="甲", rows=(row("只有一個", value(496, "車次")),)),
    "very different": lambda: Bars(
        title="甲", rows=(row("極小", value(1)), row("極大", value(10**9)))
    ),
    "no value": lambda: Lines(title="甲", times=TIMES, rows=(row("一", *[gap("未統計")] * 3),)),
    "one time": lambda: Lines(title="甲", times=TIMES[:1], rows=(row("一", value(3)),)),
    "spark of nothing": lambda: Spark(
        title="甲", rows=(row("一", gap("未統計")),), times=TIMES[:1]
    ),
    "spark of one": lambda: Spark(title="甲", rows=(row("一", value(0)),), times=TIMES[:1]),
    "nothing": lambda: Shares(title="甲", rows=(row("一", value(0)),)),
    "same": lambda: Lines(title="甲", times=TIMES, rows=(row("一", *[value(7)] * 3),)),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_odd_figures_are_drawn(make: Callable[[], Chart]) -> None:
    """One value, none, all alike or far apart: every mark stays within the chart."""
    for mark in read(make()).iter():
        for name in ("x", "x1", "x2", "cx", "width"):
            if mark.get(name, "").endswith("%"):
                assert 0 <= share(mark, name) <= 100


def test_numbers_of_lines_keep_clear_of_each_other() -> None:
    """Close series say their numbers above and below; one without room is left to the table."""
    near = (row("一", *map(value, (10, 20, 30))), row("二", *map(value, (9, 19, 29))))
    drawn = read(Lines(title="甲", times=TIMES, rows=near))
    numbers = [text for text in drawn.iter("text") if text.attrib["class"] == "gb-chart-number"]
    spots = {(text.attrib["x"], text.attrib["y"]): text.text for text in numbers}
    assert len(spots) == len(numbers)
    assert {"30 人", "29 人", "10 人", "9 人"} <= {*spots.values()}


def test_a_file_of_a_chart_stands_alone() -> None:
    """It says title and source, has every number, and needs no style sheet for its colours."""
    value = Value(number=Decimal(3), shown="3 人")
    rows = (Row(label="甲", values=(value, value)), Row(label="乙<&", values=(value, value)))
    small = tuple(Bars(title=name, rows=rows, series=("男", "女")) for name in ("甲", "乙<&"))
    for chart in (small[1], Multiples(title="圖題", charts=small)):
        root = ET.fromstring(chart_file(chart, "某處，「某統計」"))
        texts = ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]
        assert (texts[0], texts[-1]) == (chart.title, "某處，「某統計」")
        assert texts.count("3 人") == 4 * len(getattr(chart, "charts", (chart,)))
        style = root.findtext("{http://www.w3.org/2000/svg}style") or ""
        filled = {
            e.get("class", "") for e in root.iter() if e.get("class", "").startswith("gb-fill")
        }
        assert filled == {"gb-fill-1", "gb-fill-2"}
        assert all(f".{name}{{" in style for name in filled)
        assert "var(" not in style
