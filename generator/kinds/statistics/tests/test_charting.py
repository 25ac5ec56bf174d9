"""Charts and files of a statistic: all of them say what its table says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from drawn import texts_of, values_of
from lxml import html as lxml_html
from sample_sites import ScratchSite, build_site, examine_folder, files_below
from whole_program import Options
from workbooks import read

from generator.content.model import FeedForm, Ref
from generator.kinds.statistics.key_figures import headline_figures, key_figure_of
from generator.kinds.statistics.statistic import Statistic
from generator.output.charts import chart_svg
from generator.site.chart import Bars, Chart, Gauge, Lines, Multiples, Shares, Stacked
from generator.site.figures.cells import Tabulated
from generator.site.kind import Site

HEAD = """\
title: 車輛借用
unit: 車次
source: 測試報告
as_of: 105-02-29
published_on: 105-05-06
"""


@pytest.fixture
def site_of(scratch_site: ScratchSite) -> Callable[[str], Site]:
    """A maker of sites with one statistic of these lines."""

    def make(lines: str) -> Site:
        examined = examine_folder(scratch_site({"statistics/fleet.yaml": HEAD + lines}))
        assert examined.site is not None, examined.problems
        return examined.site

    return make


def charted(site: Site) -> tuple[Chart, ...]:
    """The charts of the site's statistic."""
    found = site.archive.get(Tabulated, Ref("statistics", "fleet"))
    assert found is not None
    return site.kind(found).figures.charts(found, site)


ROWS = "columns: [{title: 數值}]\nrows: [{title: 甲, value: 10}, {title: 乙, value: 24}"
TABLE = """\
columns: [{title: 上半}, {title: 下半}]
rows: [{title: 甲, values: [10, 24]}, {title: 乙, values: [8, {missing: 未統計}]}]
"""
MIXED = """\
columns: [{title: 數值}]
rows: [{title: 甲, value: 1}, {title: 乙, unit: 人, value: 2}]
"""
SUMMED = """\
columns: [{title: 上}, {title: 下}, {title: 計, total_of: [上, 下]}]
rows: [{title: 甲, values: [1, 2, 3]}, {title: 乙, values: [2, 2, 4]}]
"""
TIMED = """\
columns: [{title: 103年底, at: 103-12}, {title: 105年底, at: 105-12}]
rows: [{title: 甲, values: [10, 24]}, {title: 乙, values: [8, 9]}]
"""
DATED = """\
columns: [{title: 數值}]
rows: [{title: 103年底, at: 103-12, value: 10}, {title: 105年底, at: 105-12, value: 24}]
"""
SERIES = """\
observations: [{at: 103, value: 8}, {at: 104, value: {missing: 未統計}}, {at: 105, value: 10}]
"""


@pytest.mark.parametrize(
    ("lines", "sorts"),
    [
        (f"{ROWS}]", [Bars]),
        (f"{ROWS}, {{title: 計, value: 34, total_of: all}}]", [Shares]),
        (f"{ROWS}, {{title: 丙, value: 1}}, {{title: 計, value: 34, total_of: [甲, 乙]}}]", [Bars]),
        (f"{ROWS}, {{title: 計, value: {{missing: 未統計}}}}]", [Bars]),
        ("columns: [{title: 數值}]\nrows: [{title: 甲, value: 10}]", []),
        (MIXED, []),
        (SERIES, [Lines]),
        ("observations: [{at: 103, value: 8}]", []),
        (TABLE, [Bars]),
        (SUMMED, [Stacked]),
        (TIMED, [Lines]),
        (f"{ROWS}]\ncharts: [{{type: none}}]", []),
        (f"{ROWS}]\ncharts: [{{type: shares}}, {{type: bars}}]", [Shares, Bars]),
        (f"{TABLE}charts: [{{type: multiples}}, {{type: lines}}]", [Multiples, Lines]),
    ],
)
def test_the_chart_that_fits_is_chosen(
    lines: str, sorts: list[type[Chart]], site_of: Callable[[str], Site]
) -> None:
    """What an editor wishes for, else the sort that shows more than the table does, or none."""
    assert [type(chart) for chart in charted(site_of(lines))] == sorts


def test_bars_make_a_chart_a_unit(site_of: Callable[[str], Site]) -> None:
    """Units are never mixed on one scale; a lone figure is left to the table."""
    persons = "{title: 丙, unit: 人, value: 3}, {title: 丁, unit: 人, value: 4}"
    more = f"{ROWS}, {persons}, {{title: 戊, unit: 元, value: 5}}]"
    made = charted(site_of(more))
    assert [chart.title for chart in made] == ["車輛借用（單位：車次）", "車輛借用（單位：人）"]


def test_units_of_columns_are_kept_apart(site_of: Callable[[str], Site]) -> None:
    """A table whose columns differ in unit gives a chart a unit, a lone figure where wished for."""
    lines = """\
columns: [{title: 人數}, {title: 經費, unit: 元}]
rows: [{title: 甲, values: [1, 500]}, {title: 乙, values: [2, 700]}]
charts: [{type: bars}, {type: bars, rows: [甲]}]
"""
    made = charted(site_of(lines))
    assert [values_of(_parsed(chart)) for chart in made] == [[1, 2], [500, 700], [1], [500]]


def test_printed_forms_are_the_tables(site_of: Callable[[str], Site]) -> None:
    """Qualifiers, thousands, units and reasons stand in the chart as readers see them."""
    lines = """\
columns: [{title: 數值}]
rows:
  - {title: 甲, value: {value: 22018, qualifier: 約}}
  - {title: 乙, value: {value: 500, qualifier: 以上}}
  - {title: 丙, value: {missing: 未統計}}
  - {title: 丁, unit: '%', value: 12.50}
charts: [{type: bars, rows: [甲, 乙, 丙]}, {type: bars, rows: [丁]}]
"""
    made = charted(site_of(lines))
    texts = [text for chart in made for text in texts_of(_parsed(chart))]
    assert texts == ["甲", "約22,018 車次", "乙", "500 車次以上", "丙", "— 未統計", "丁", "12.50%"]


def _parsed(chart: Chart) -> ET.Element:
    return ET.fromstring(f"<div>{chart_svg(chart, 'c')}</div>")


def test_times_stand_in_their_distance(site_of: Callable[[str], Site]) -> None:
    """A year without a figure keeps its place; the target of the series is a level."""
    aim = "targets: [{title: 目標, target: 12, direction: up, measured_by: latest, source: 計畫}]\n"
    lines, gauge = charted(site_of(SERIES.replace("104", "101") + aim))
    assert isinstance(lines, Lines)
    assert isinstance(gauge, Gauge)
    assert [time.shown for time in lines.times] == ["103年", "101年", "105年"]
    assert lines.times[2].at - lines.times[0].at == 2
    assert [target.values[0].shown for target in lines.targets] == ["12 車次"]


def test_a_gauge_says_the_status(site_of: Callable[[str], Site]) -> None:
    """Baseline, figure, target and the computed status; a claim without a figure stays one."""
    lines = f"""\
{ROWS}]
targets:
  - {{title: 借用, baseline: 5, target: 20, direction: up, measured_by: 乙, source: 計畫}}
  - {{title: 線上簽核, target: 40, unit: '%', direction: up, stated: 已達成, source: 計畫}}
"""
    _, reached, stated = charted(site_of(lines))
    assert isinstance(reached, Gauge)
    assert isinstance(stated, Gauge)
    assert reached.status == "已達成"
    assert values_of(_parsed(reached)) == [24, 5, 20]
    assert stated.current.values[0].number is None
    assert stated.status == "機關說明，未提供數據"


def _numbers(texts: list[str]) -> list[Decimal]:
    found = (re.search(r"-?[0-9][0-9,]*(\.[0-9]+)?", text) for text in texts)
    return [Decimal(match[0].replace(",", "")) for match in found if match]


@pytest.mark.parametrize("name", ["fleet", "saving"])
def test_table_files_and_charts_hold_the_same_figures(name: str, full_site: Options) -> None:
    """HTML, CSV, JSON and workbook, each read back, give the record's values in order."""
    folder = full_site.site / "statistics" / name
    site = examine_folder(full_site.content).site
    assert site is not None
    record = site.archive.get(Statistic, Ref("statistics", name))
    assert record is not None
    wanted = [c.figure.value for row in record.grid() for c in row if c.figure.value is not None]
    page = lxml_html.parse(str(folder / "index.html"))
    cells = [cell.text_content() for cell in page.xpath("//td[@class='gb-cell']")]
    assert _numbers([text for text in cells if not text.startswith("—")]) == wanted
    rows = csv.DictReader(io.StringIO((folder / f"{name}.csv").read_text("utf-8-sig"), newline=""))
    assert [Decimal(row["數值"]) for row in rows if row["數值"]] == wanted
    held = json.loads((folder / f"{name}.json").read_text("utf-8"))
    assert [Decimal(row["value"]) for row in held["rows"] if "value" in row] == wanted
    sheet = read((folder / f"{name}.ods").read_bytes())[record.title]
    assert [cell for row in sheet for cell in row if isinstance(cell, Decimal)] == wanted
    marks = {Decimal(mark.get("data-value")) for mark in page.xpath("//figure//*[@data-value]")}
    aims = {f.value for t in record.targets for f in (t.baseline, t.target) if f}
    assert marks <= {*wanted, *aims}
    assert marks & {*wanted}


def changed(before: Mapping[str, Path], after: Mapping[str, Path]) -> set[str]:
    """The files that differ between two sites."""
    digests = [
        {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
        for files in (before, after)
    ]
    return {name for name, _ in {*digests[0].items()} ^ {*digests[1].items()}}


def _search(names: set[str]) -> set[str]:
    return {name for name in names if name.startswith("search/")}


def test_one_value_changes_its_own_files_alone(tmp_path: Path, scratch_site: ScratchSite) -> None:
    """Chart, CSV, JSON and workbook change with it, and what quotes or lists them; nothing else."""
    content = scratch_site(
        {
            "statistics/fleet.yaml": f"{HEAD}{ROWS}]",
            "statistics/other.yaml": f"{HEAD}{ROWS}]".replace("車輛借用", "另一表"),
        }
    )
    build_site(content, tmp_path / "one")
    file = content / "statistics/fleet.yaml"
    file.write_text(file.read_text("utf-8").replace("24", "25"), encoding="utf-8")
    build_site(content, tmp_path / "two")
    sites = [files_below(tmp_path / name / "site") for name in ("one", "two")]
    own = {f"statistics/fleet/fleet.{ending}" for ending in ("csv", "json", "ods", "svg")}
    listing = {"datapackage.json", "data/catalog.jsonld"}
    names = ("agency-city", "news", "statistics")
    feeds = {f"feeds/{name}.{form}" for name in names for form in FeedForm}
    found = changed(*sites)
    assert found - _search(found) == {"statistics/fleet/index.html", *own, *listing, *feeds}
    charts = [_figure(files["statistics/fleet/index.html"]) for files in sites]
    assert [set(_values(chart)) for chart in charts] == [{10, 24}, {10, 25}]


def _figure(page: Path) -> lxml_html.HtmlElement:
    (figure,) = lxml_html.parse(str(page)).xpath("//figure")
    made: lxml_html.HtmlElement = figure
    return made


def _values(figure: lxml_html.HtmlElement) -> Iterator[int]:
    return (int(mark.get("data-value")) for mark in figure.xpath(".//*[@data-value]"))


@pytest.mark.parametrize(
    ("lines", "figure", "series", "marked"),
    [
        (f"{ROWS}]", ("甲", "10", "截至105年2月29日"), [], -1),
        (f"{ROWS}, {{title: 計, value: 34, total_of: all}}]", ("計", "34", ""), [], -1),
        ("columns: [{title: 數值}]\nrows: [{title: 甲, value: 10}]", ("甲", "10", ""), [], -1),
        (MIXED, ("甲", "1", ""), [], -1),
        (SUMMED, ("甲", "3", ""), [], -1),
        (TIMED, ("甲", "24", "105年12月"), ["103年底", "105年底"], 1),
        (DATED, ("105年底", "24", "105年12月"), ["103年底", "105年底"], 1),
        (SERIES, ("", "10", "105年"), ["103年", "104年", "105年"], 2),
        ("observations: [{at: 103, value: 8}]", ("", "8", "103年"), [], -1),
        (TABLE, ("甲", "10", ""), [], -1),
        (f"{TABLE}headline: [乙]\n", ("乙", "8", ""), [], -1),
    ],
)
def test_a_statistic_at_a_glance(
    site_of: Callable[[str], Site],
    lines: str,
    figure: tuple[str, str, str],
    series: list[str],
    marked: int,
) -> None:
    """Its newest figure or its total, its time, and the same figure at other times, if any."""
    (statistic,) = site_of(lines).archive.of(Statistic)
    glance = key_figure_of(statistic)
    assert glance is not None
    assert (glance.name, glance.number) == figure[:2]
    assert glance.when == (figure[2] or "截至105年2月29日")
    spark = glance.spark
    assert [row.label for row in spark.rows] == series if spark else series == []
    assert marked == (spark.marked if spark else -1)


def test_a_series_can_stand_on_the_home_page(site_of: Callable[[str], Site]) -> None:
    """Its newest figure is chosen by `latest`; of a table that is no name."""
    (statistic,) = site_of(f"{SERIES}headline: [latest]\n").archive.of(Statistic)
    assert [(held.number, held.when) for held in headline_figures(statistic)] == [("10", "105年")]


def test_a_table_has_no_latest(scratch_site: ScratchSite) -> None:
    """The name of the newest figure leads nowhere in a table."""
    text = f"{HEAD}{ROWS}]\nheadline: [latest]\n"
    examined = examine_folder(scratch_site({"statistics/fleet.yaml": text}))
    assert [problem.code for problem in examined.problems] == ["key-unknown"]
