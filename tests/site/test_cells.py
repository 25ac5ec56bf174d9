"""Figures are found by name; a name that leads nowhere says what was nearly meant."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from sample_sites import ScratchSite, examine_folder

from generator.build.options import Examined
from generator.content.model import Ref
from generator.site.figures.cells import Cell, NoCell, Tabulated, cell_at, rounded

TABLE = """\
title: 場地使用
unit: 場次
source: 測試報告
as_of: 105-02-29
published_on: 105-05-06
columns: [{title: 上半}, {title: 下半, id: second}]
rows:
  - {title: 禮堂, id: hall, values: [1, 2]}
  - {title: "1.5 倍時段", values: [3, {value: 4, qualifier: 約}]}
targets:
  - {title: 禮堂目標, baseline: 1, target: 5, direction: up, source: 測試計畫}
"""
SERIES = """\
title: 節電率
unit: "%"
source: 測試報告
published_on: 105-05-06
observations: [{at: 104, value: 0.7}, {at: 105-01, value: {missing: 未統計}}]
"""
SINGLE = TABLE.partition("columns:")[0].replace("場地", "車輛") + (
    "columns: [{title: 次數}]\nrows: [{title: 大客車, value: 7}]\n"
)


@pytest.fixture
def held(scratch_site: ScratchSite) -> dict[str, Tabulated]:
    """The statistics by id."""
    files = {"venues": TABLE, "saving": SERIES, "fleet": SINGLE}
    examined: Examined = examine_folder(
        scratch_site({f"statistics/{name}.yaml": text for name, text in files.items()})
    )
    assert examined.problems == ()
    assert examined.site is not None
    found = [examined.site.archive.get(Tabulated, Ref("statistics", name)) for name in files]
    return {one.id: one for one in found if one is not None}


@pytest.mark.parametrize(
    ("statistic", "name", "path"),
    [
        ("venues", "hall.second", "rows.0.values.1"),
        ("venues", "禮堂.下半", "rows.0.values.1"),
        ("venues", "禮堂.上半", "rows.0.values.0"),
        ("venues", "1.5 倍時段.second", "rows.1.values.1"),
        ("venues", "禮堂目標", "targets.0.target"),
        ("venues", "禮堂目標.基準", "targets.0.baseline"),
        ("fleet", "大客車", "rows.0.value"),
        ("fleet", "大客車.次數", "rows.0.value"),
        ("saving", "104", "observations.0.value"),
        ("saving", "2015", "observations.0.value"),
        ("saving", "104年", "observations.0.value"),
        ("saving", "2016-01", "observations.1.value"),
    ],
)
def test_a_figure_has_names(
    statistic: str, name: str, path: str, held: dict[str, Tabulated]
) -> None:
    """By id or title, by time in either calendar; the row alone where there is one column."""
    found = cell_at(held[statistic], name)
    assert isinstance(found, Cell)
    assert found.path == path


def test_a_row_of_several_columns_is_ambiguous(held: dict[str, Tabulated]) -> None:
    """The names that would do are listed."""
    assert cell_at(held["venues"], "禮堂") == NoCell(
        name="禮堂", choices=("hall.上半", "hall.second")
    )


def test_an_unknown_name_says_what_is_near(held: dict[str, Tabulated]) -> None:
    """A slip of the pen is put right; what is like nothing is said to be unknown."""
    assert cell_at(held["venues"], "禮堂.下") == NoCell(name="禮堂.下", near="禮堂.下半")
    assert cell_at(held["venues"], "停車場") == NoCell(name="停車場")


@pytest.mark.parametrize("name", ["hall.second", "禮堂.下半"])
def test_a_figure_has_its_unit_and_its_anchor(name: str, held: dict[str, Tabulated]) -> None:
    """Either name leads to the figure with its unit, its title and its place on the page."""
    found = cell_at(held["venues"], name)
    assert isinstance(found, Cell)
    assert (found.figure.value, found.unit, found.title) == (Decimal(2), "場次", "禮堂／下半")
    assert found.anchor == "hall.second"


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        ("12.285", 2, "12.29"),
        ("12.28499999999999999999999999999999", 2, "12.28"),
        ("-0.5", 0, "-1"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("0.05", 1, "0.1"),
        ("99.995", 2, "100.00"),
        ("123456789012345678901234567890.5", 0, "123456789012345678901234567891"),
        ("7", 2, "7.00"),
    ],
)
def test_numbers_are_rounded_half_up(number: str, places: int, text: str) -> None:
    """Half a unit of the last place goes away from zero, at any size; just below it does not."""
    assert str(rounded(Fraction(number), places)) == text
