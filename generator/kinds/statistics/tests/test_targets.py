"""Where a target stands is computed from the figures, and from the day the site speaks for."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html
from sample_sites import ScratchSite, examine_folder
from whole_program import Options

from generator.content.model import Ref
from generator.kinds.statistics.statistic import Statistic
from generator.kinds.statistics.target_status import Status, TargetStatus, target_status

SERIES = """\
title: 資源回收率
unit: "%"
source: 測試報告
published_on: 105-01-05
observations:
  - {{at: 103, value: 40}}
  - {{at: 104, value: {value}}}
  - {{at: 105, value: 60}}
targets:
  - {{title: 目標, target: {target}, direction: {direction}, source: 測試計畫{more}}}
"""
PACED = ", measured_by: latest, baseline: 40, baseline_on: 103-12-31, due: 107-12-31"
BEFORE_105_ENDS = date(2016, 6, 1)


def found(scratch_site: ScratchSite, day: date = BEFORE_105_ENDS, **given: str) -> TargetStatus:
    """The status of the one target of a series on a day."""
    held = {"value": "45", "target": "50", "direction": "up", "more": PACED} | given
    content = scratch_site({"statistics/recycling.yaml": SERIES.format(**held)})
    examined = examine_folder(content, day)
    assert examined.problems == ()
    assert examined.site is not None
    archive = examined.site.archive
    statistic = archive.get(Statistic, Ref("statistics", "recycling"))
    assert statistic is not None
    return target_status(statistic.targets[0], statistic, archive, day)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("50", Status.REACHED),
        ("49.9", Status.ON_PACE),
        ("42.5", Status.ON_PACE),
        ("42.4", Status.BEHIND),
        ("39", Status.BEHIND),
        ("{missing: 未統計}", Status.ON_PACE),
        ("{value: 50, qualifier: 約}", Status.NOT_REPORTED),
    ],
)
def test_the_pace_is_a_straight_line(value: str, status: Status, scratch_site: ScratchSite) -> None:
    """Of 1,461 days 365 are gone: 40 + 10 × 365 ÷ 1461 is a little below 42.5.

    A year that is missing leaves the one before, which is judged by the pace of its own day; an
    approximation decides nothing.
    """
    assert found(scratch_site, value=value).status is status


def test_the_computation_is_shown(scratch_site: ScratchSite) -> None:
    """A reader can do the sum."""
    assert found(scratch_site).computation == (
        "至104年12月31日應達 42.50（40 + (50 − 40) × 365 ÷ 1461），實際 45"
    )


def test_the_day_decides_which_figure_is_the_latest(scratch_site: ScratchSite) -> None:
    """What speaks of a later day is not yet known."""
    assert found(scratch_site, value="42").status is Status.BEHIND
    assert found(scratch_site, date(2016, 12, 31), value="42").status is Status.REACHED


def test_a_target_that_is_missed_is_overdue_the_day_after(scratch_site: ScratchSite) -> None:
    """On the day itself it may still be reached."""
    missed = found(scratch_site, date(2018, 12, 31), target="90")
    assert missed.status is Status.BEHIND
    overdue = found(scratch_site, date(2019, 1, 1), target="90")
    assert overdue.status is Status.OVERDUE
    assert overdue.computation == "105年 60，未達 ≥ 90，期限107年12月31日已過"


def test_less_may_be_better(scratch_site: ScratchSite) -> None:
    """Downward the same line is a ceiling."""
    for value, status in (("30", "reached"), ("37", "on-pace"), ("38", "behind")):
        falling = found(scratch_site, value=value, direction="down", target="30")
        assert falling.status.value == status


def test_a_claim_without_a_figure_is_called_one(scratch_site: ScratchSite) -> None:
    """The publisher's words are given as such; with neither there is no report."""
    stated = found(scratch_site, more=", stated: 已符合")
    assert (stated.status, stated.computation) == (Status.STATED, "已符合")
    assert stated.shown == "機關說明，未提供數據"
    assert found(scratch_site, more="").status is Status.NOT_REPORTED


def test_a_figure_of_another_statistic_may_decide(scratch_site: ScratchSite) -> None:
    """A standard without a due date is reached or not."""
    fleet = (
        "title: 車輛\nsource: 測試報告\nas_of: 105-02-29\npublished_on: 105-05-06\n"
        "columns: [{title: 數值}]\nrows: [{title: 電動車, value: 60}]\n"
    )
    scratch_site({"statistics/fleet.yaml": fleet})
    more = ", measured_by: fleet.電動車"
    assert found(scratch_site, more=more).computation == "電動車 60 ≥ 50"
    assert found(scratch_site, more=more, target="61").status is Status.BEHIND


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("最新", "key-unknown"),
        ("flet.電動車", "reference-dangling"),
        ("fleet.latest", "cell-unknown"),
    ],
)
def test_a_measure_that_is_not_there_is_named(
    name: str, code: str, scratch_site: ScratchSite
) -> None:
    """A target cannot be judged by nothing."""
    fleet = (
        "title: 車輛\nsource: 測試報告\nas_of: 105-02-29\npublished_on: 105-05-06\n"
        "columns: [{title: 數值}]\nrows: [{title: 電動車, value: 60}]\n"
    )
    text = SERIES.format(value="45", target="50", direction="up", more=f", measured_by: {name}")
    content = scratch_site({"statistics/fleet.yaml": fleet, "statistics/recycling.yaml": text})
    assert [problem.code for problem in examine_folder(content).problems] == [code]


def test_a_row_whose_columns_are_times_is_a_series(scratch_site: ScratchSite) -> None:
    """The newest column that is known on the day decides."""
    years = (
        "title: 兩區\nsource: 測試報告\nas_of: 105-12-31\npublished_on: 105-01-05\n"
        "columns: [{title: 去年, at: 104}, {title: 今年, at: 105}]\n"
        "rows: [{title: 東區, values: [41, 55]}, {title: 西區, values: [1, 2]}]\n"
    )
    scratch_site({"statistics/areas.yaml": years})
    more = PACED.replace("latest", "areas.東區.latest")
    assert found(scratch_site, more=more).status is Status.BEHIND
    later = found(scratch_site, date(2017, 1, 1), more=more)
    assert later.computation == "東區／今年 55 ≥ 50"


def test_all_targets_stand_on_one_page(full_site: Options) -> None:
    """With state, due day, owner, and what each was before it was changed; the soonest first."""
    page = html.parse(full_site.site / "targets/index.html").getroot()
    titles = [heading.text_content() for heading in page.findall(".//section/h2")]
    assert titles == ["節電目標", "全國節電目標"]
    first = " ".join(page.find_class("gb-target")[0].text_content().split())
    for words in (
        "106年12月31日",
        "測試市政府秘書處",
        "1.5 %，期限 105年12月31日",
        "依中央計畫提高",
    ):
        assert words in first
    status = [one.text_content() for one in page.find_class("gb-status-name")]
    own = html.parse(full_site.site / "statistics/saving/index.html").getroot()
    assert status == [one.text_content() for one in own.find_class("gb-status-name")]
    index = (full_site.site / "statistics/index.html").read_text("utf-8")
    assert 'href="../targets/"' in index
