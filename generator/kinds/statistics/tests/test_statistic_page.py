"""A statistic's page: every figure at its anchor, every proof and every target in words."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from sample_sites import ScratchSite, examine_folder
from whole_program import Options, examine

from generator.kinds.statistics.english_table import english_body
from generator.kinds.statistics.headline import headline_of
from generator.kinds.statistics.statistic import Statistic
from generator.site.facts import Said
from generator.site.feed_items import feed_item
from generator.site.figures.cells import Tabulated


class _Anchored(HTMLParser):
    """The texts of cells and facts by their ids."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs).get("id")
        if tag in ("td", "dd", "tr", "dt"):
            self._open = found or ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data


def page(site: Options, name: str) -> str:
    """The page of a statistic."""
    path = site.site / "statistics" / name / "index.html"
    return path.read_text(encoding="utf-8")


def words(html: str) -> str:
    """What a page says, in one line."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


@pytest.fixture(scope="module")
def statistics(full_site: Options) -> list[Tabulated]:
    """Those of the full sample."""
    examined = examine(full_site)
    assert examined.site is not None
    return [record for record in examined.site.archive if isinstance(record, Tabulated)]


def test_every_figure_stands_at_its_anchor(full_site: Options, statistics: list[Tabulated]) -> None:
    """A report that links to a cell by its name finds the number there, and no id stands twice."""
    seen = 0
    for statistic in statistics:
        html = page(full_site, statistic.id)
        read = _Anchored()
        read.feed(html)
        for cell in statistic.cells():
            assert cell.figure.shown in read.texts[cell.anchor], cell.key
            assert cell.figure.missing in read.texts[cell.anchor]
            assert html.count(f'id="{cell.anchor}"') == 1
            seen += 1
    assert seen > 20


def test_a_proof_shows_what_was_computed(full_site: Options) -> None:
    """Rule, figure and computation; where it was rounded, how; where it came from, a link."""
    said = words(page(full_site, "fleet-use"))
    for line in (
        "占比 觀光局占比 81.0 % ≈ 34 ÷ 42 × 100 （四捨五入至小數第1位）",
        "計數 車輛數 3 輛 ＝ 大客車、小客車、貨車",
        "比率 每輛借用 14 車次 ＝ 42 ÷ 3",
        "增減 下半期增加 6 車次 ＝ 24 − 18 取自 車輛借用：總計／上半",
        "平均 兩期平均 21 車次 ＝ (18 + 24) ÷ 2",
        "兩處一致 全期借用 42 車次 與 車輛借用：總計／全期 相同",
    ):
        assert line in said, line


def test_a_link_leads_to_the_very_figure(full_site: Options) -> None:
    """Names in Chinese are quoted in the address, and stand as they are in the page."""
    assert 'href="../fleet/#%E7%B8%BD%E8%A8%88.first"' in page(full_site, "fleet-use")
    assert 'id="總計.first"' in page(full_site, "fleet")


def test_a_target_says_where_it_stands_and_since_when(full_site: Options) -> None:
    """Status, day, computation, or that there is only a claim."""
    said = words(page(full_site, "saving"))
    assert "節電目標 符合進度 截至 105年6月1日 至105年2月29日應達 0.81" in said
    assert "全國節電目標 機關說明，未提供數據 機關稱已符合。" in said


def test_rows_of_one_heading_stand_in_one_group(full_site: Options) -> None:
    """A screen reader hears the heading as the rows' own; the total stands outside."""
    html = page(full_site, "fleet")
    groups = re.findall("<tbody>(.*?)</tbody>", html, re.S)
    assert [group.count('scope="rowgroup"') for group in groups] == [1, 0]
    assert [group.count('scope="row"') for group in groups] == [2, 1]
    assert '<th scope="colgroup" colspan="3" class="gb-across">期間</th>' in html


TABLE = "title: 員額\nunit: '{unit}'\nsource: 測試\npublished_on: 105-05-06\n"


@pytest.mark.parametrize(
    ("unit", "before", "now", "sentence"),
    [
        ("人", "50", "40", "105年1月，員額為 40 人，104年1月為 50 人，減少 10 人（-20.0%）。"),
        ("%", "12.5", "13", "105年1月，員額為 13%，104年1月為 12.5%，增加 0.5 個百分點。"),
        ("人", "40", "40", "105年1月，員額為 40 人，104年1月為 40 人，沒有增減。"),
        ("人", "{value: 50, qualifier: 約}", "40", "105年1月，員額為 40 人。"),
        ("人", "0", "40", "105年1月，員額為 40 人，104年1月為 0 人，增加 40 人。"),
    ],
)
def test_a_statistic_opens_with_a_sentence(
    scratch_site: ScratchSite, unit: str, before: str, now: str, sentence: str
) -> None:
    """The newest figure and the exact change since the time before; an approximation has none."""
    series = (
        f"observations:\n  - {{at: 104-01, value: {before}}}\n  - {{at: 105-01, value: {now}}}\n"
    )
    content = scratch_site({"statistics/staff.yaml": TABLE.format(unit=unit) + series})
    site = examine_folder(content).site
    assert site is not None
    (statistic,) = site.archive.of(Statistic)
    headline = headline_of(statistic)
    assert headline is not None
    assert headline.sentence == sentence


def test_a_statistic_without_a_time_is_described_without_one(scratch_site: ScratchSite) -> None:
    """No mark stands for what is not there."""
    rows = "observations: [{at: 104-01, value: 3}]\n"
    site = examine_folder(
        scratch_site({"statistics/staff.yaml": TABLE.format(unit="人") + rows})
    ).site
    assert site is not None
    (statistic,) = site.archive.of(Statistic)
    assert feed_item(statistic, site).summary == "員額。測試"


def test_a_page_of_figures_is_read_from_the_top(full_site: Options) -> None:
    """Headline, chart, table, downloads with the chart's file, proofs folded behind their count."""
    html = page(full_site, "fleet")
    marks = ("gb-headline", "gb-chart", "gb-table", "fleet.svg", 'id="citation"', "gb-proofs")
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)
    assert (full_site.site / "statistics/fleet/fleet.svg").is_file()


LABELLED = """title: 員額
title_en: Staff
unit: 人
unit_en: persons
source: 測試
as_of: 105-01-01
published_on: 105-05-06
columns: [{title: 男, title_en: Men}, {title: 女, title_en: Women}]
rows:
  - {title: 甲處, title_en: First Office, values: [1, {value: 2000, qualifier: 約}]}
  - {title: 乙處, values: [3, 4]}
"""


def test_a_table_in_english_marks_what_is_chinese(scratch_site: ScratchSite) -> None:
    """English labels where given, else the Chinese one, marked; numbers with English qualifiers."""
    site = examine_folder(scratch_site({"statistics/staff.yaml": LABELLED})).site
    assert site is not None
    (statistic,) = site.archive.of(Statistic)
    values: Any = english_body(statistic, site)[1]
    assert values["unit"] == Said(text="persons")
    assert [head for head, _ in values["heads"]] == [Said(text="Men"), Said(text="Women")]
    first, second = values["rows"]
    assert (first.head, second.head) == (
        Said(text="First Office"),
        Said(text="乙處", chinese=True),
    )
    assert [cell.number for cell in first.cells] == ["1", "about 2,000"]
    assert [cell.anchor for cell in second.cells] == ["乙處.男", "乙處.女"]


@pytest.mark.parametrize(("named", "lang"), [("title_en: Second Office, ", False), ("", True)])
def test_a_chart_in_english_has_no_chinese_or_is_marked_as_a_whole(
    scratch_site: ScratchSite, named: str, lang: bool
) -> None:
    """One label without an English name leaves the Chinese chart, marked as such."""
    text = LABELLED.replace("{title: 乙處, ", f"{{title: 乙處, {named}")
    site = examine_folder(scratch_site({"statistics/staff.yaml": text})).site
    assert site is not None
    (statistic,) = site.archive.of(Statistic)
    values: Any = english_body(statistic, site)[1]
    (chart,) = values["charts"]
    assert chart.startswith('<div lang="zh-Hant-TW">') is lang
    assert bool(re.search("[\\u4e00-\\u9fff]", re.sub('lang="[^"]*"', "", chart))) is lang
    assert ("about 2,000 persons" in chart) is not lang
