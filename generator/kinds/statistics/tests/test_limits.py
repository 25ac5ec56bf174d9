"""A part keeps within its whole, and no number is less than what is named of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sample_sites import ScratchSite, examine_folder

from generator.content.model import Ref
from generator.kinds.statistics.page_rows import proof_rows
from generator.kinds.statistics.statistic import Statistic
from generator.site.figures.cells import Sort, Tabulated
from generator.site.figures.inventory import standing
from generator.site.kind import Site

HEAD = """\
title: 車輛借用
unit: 車次
source: 測試報告
period: {from: 104-09-01, to: 105-02-29}
published_on: 105-05-06
"""
ONE = HEAD + "columns: [{title: 次數}]\nrows:\n"
VISIT = "direction: incoming\ncountries: [JP, KR]\nsource: 測試報告\nmembers: 2\ntitle: "
FLEET = "statistics/fleet.yaml"


def told(
    scratch_site: ScratchSite, text: str, visits: Mapping[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """Code, declared figure and limit of every problem of a statistic."""
    files = {f"visits/{name}.yaml": typed for name, typed in (visits or {}).items()}
    problems = examine_folder(scratch_site({FLEET: text, **files})).problems
    return [(p.code, p.values.get("declared", ""), p.values.get("computed", "")) for p in problems]


@pytest.mark.parametrize(
    ("line", "edge", "beyond", "code", "limit"),
    [
        ("part_of: 乙", "8", "8.1", "part-exceeds", "8"),
        ("part_of: fleet.乙.次數", "-1", "9", "part-exceeds", "8"),
        ("parts: [甲, 乙]", "11", "10.9", "parts-exceed", "11"),
        ("parts: [甲]", "3", "2", "parts-exceed", "3"),
        ("at_least: {figure: 甲}", "3", "2", "below-least", "3"),
        ("at_least: {named: [東, 西, 南]}", "3", "2", "below-least", "3"),
        ('at_least: {record: "statistics:fleet", field: rows}', "3", "2", "below-least", "3"),
    ],
)
def test_a_limit_holds_at_its_edge(
    line: str, edge: str, beyond: str, code: str, limit: str, scratch_site: ScratchSite
) -> None:
    """The limit itself passes; a step beyond is named with it."""
    rows = "  - {title: 甲, value: 3}\n  - {title: 乙, value: 8}\n  - {title: 丙, value: %s, %s}\n"
    assert told(scratch_site, ONE + rows % (edge, line)) == []
    assert told(scratch_site, ONE + rows % (beyond, line)) == [(code, beyond, limit)]


def test_several_limits_stand_side_by_side(scratch_site: ScratchSite) -> None:
    """A figure says where else it stands, what it is part of, and is counted at once."""
    line = "consistent_with: fleet.甲, part_of: 乙, at_least: {named: [東]}, count_of: [東, 西]"
    rows = "  - {title: 甲, value: 2}\n  - {title: 乙, value: 1}\n  - {title: 丙, value: 2, %s}\n"
    assert told(scratch_site, ONE + rows % line) == [("part-exceeds", "2", "1")]


def test_columns_that_compare_are_passed_over(scratch_site: ScratchSite) -> None:
    """A part may grow faster than its whole; on the figure itself the limit is meant so."""
    columns = (
        "columns:\n  - {title: 前}\n  - {title: 後, at_least: {figure: 前}}\n"
        "  - {title: 增, change_from: {from: 前, to: 後, as: increase}}\n"
        "  - {title: 率, unit: '%', change_from: {from: 前, to: 後, as: increase_percent}}\n"
    )
    rows = (
        "rows:\n  - {title: 甲, part_of: 計, values: [1, 5, 4, 400]}\n"
        "  - {title: 計, values: [4, 6, 2, %s]}\n"
    )
    assert told(scratch_site, HEAD + columns + rows % "50") == []
    own = "{value: 50, part_of: fleet.計.後}"
    found = told(scratch_site, HEAD + columns + rows % own)
    assert found == [("part-exceeds", "50", "6")]


def test_a_column_is_part_of_another(scratch_site: ScratchSite) -> None:
    """Row by row."""
    text = HEAD + "columns: [{title: 其中, part_of: 全部}, {title: 全部}]\nrows:\n"
    rows = "  - {title: 甲, values: [5, 9]}\n  - {title: 乙, values: [7, 6]}\n"
    assert told(scratch_site, text + rows) == [("part-exceeds", "7", "6")]


def test_an_observation_keeps_within_another_statistic(scratch_site: ScratchSite) -> None:
    """A time of a series is a figure like any other."""
    series = HEAD + "observations:\n  - {at: 104, value: 9, part_of: fleet.105}\n"
    assert told(scratch_site, series + "  - {at: 105, value: 8}\n") == [("part-exceeds", "9", "8")]


def test_what_is_missing_keeps_within_nothing(scratch_site: ScratchSite) -> None:
    """A missing whole is no limit, and is told."""
    rows = "  - {title: 甲, value: 3, part_of: 乙}\n  - {title: 乙, value: {missing: 未統計}}\n"
    assert told(scratch_site, ONE + rows) == [("rule-inexact", "3", "")]


def test_records_are_counted_within_the_period(scratch_site: ScratchSite) -> None:
    """Those of the kind and the category named that came out in the statistic's period."""
    row = "  - {title: 案數, value: %s, at_least: {kind: visits, category: 來訪}}\n"
    visits = {
        "104/first": f"{VISIT}甲市來訪\ndate: 104-09-01\n",
        "105/last": f"{VISIT}乙市來訪\ndate: 105-02-29\n",
        "105/later": f"{VISIT}丙市來訪\ndate: 105-03-01\n",
        "105/away": f"{VISIT}市長出訪\ndate: 105-01-01\n".replace("incoming", "outgoing"),
    }
    assert told(scratch_site, ONE + row % 2, visits) == []
    assert told(scratch_site, ONE + row % 1, visits) == [("below-least", "1", "2")]


def test_another_kinds_field_is_asked_for_by_its_kind(scratch_site: ScratchSite) -> None:
    """A kind, a record or a field that is not there is named, each once."""
    party = {"104/party": f"{VISIT}甲市來訪\ndate: 104-09-01\n"}
    row = '  - {title: 團員, value: 2, consistent_with: "%s"}\n'
    assert told(scratch_site, ONE + row % "visits:party.members", party) == []
    missing = {
        "visits:part.members": "reference-dangling",
        "visit:party.members": "reference-dangling",
    }
    missing["visits:party.title"] = "cell-unknown"
    for name, code in missing.items():
        assert [found[0] for found in told(scratch_site, ONE + row % name, party)] == [code]


def test_a_broken_record_is_no_ground_and_no_second_finding(scratch_site: ScratchSite) -> None:
    """What counts its entries stays silent until it can be read again."""
    row = '  - {title: 國數, value: 1, at_least: {record: "visits:party", field: countries}}\n'
    party = f"{VISIT}甲市來訪\ndate: 104-09-31\n"
    found = told(scratch_site, ONE + row, {"104/party": party})
    assert [code for code, _, _ in found] == ["date-invalid"]


@pytest.fixture
def site(scratch_site: ScratchSite) -> Site:
    """A site with a limit of each sort, an approximation among them."""
    rows = (
        '  - {title: 外賓, unit: 位, value: 2, consistent_with: "visits:v.members"}\n'
        "  - {title: 貴賓, unit: 位, value: {value: 9, qualifier: 約}, parts: [外賓]}\n"
        "  - {title: 席次, unit: 席, value: 12, at_least: {figure: 貴賓, because: 每位一席}}\n"
        "  - {title: 國數, unit: 國, value: 3, at_least: {named: [日本, 韓國]}}\n"
        "  - {title: 主桌, unit: 席, value: 2, part_of: 席次}\n"
        "  - {title: 案數, unit: 案, value: 2, at_least: {kind: visits}}\n"
        '  - {title: 來訪國數, value: 3, at_least: {record: "visits:v", field: countries}}\n'
    )
    visit = f"{VISIT}甲市來訪\ndate: 104-09-01\n"
    found = examine_folder(scratch_site({FLEET: ONE + rows, "visits/104/v.yaml": visit})).site
    assert found is not None
    return found


def test_a_page_shows_each_limit(site: Site) -> None:
    """With its sign, its ground, and where another kind's figure stands."""
    fleet = site.archive.get(Statistic, Ref("statistics", "fleet"))
    assert fleet is not None
    shown = [
        (
            p.rule,
            p.figure.text,
            p.sign,
            p.calculation,
            p.about,
            [(x.text, x.address) for x in p.parts],
        )
        for p in proof_rows(fleet, site)
    ]
    assert shown == [
        ("兩處一致", "外賓", "＝", "", "", [("甲市來訪：人數", "visits/104/v/")]),
        ("下限", "貴賓", "≥", "2", "以印出的數字比較", []),
        ("下限", "席次", "≥", "約9", "每位一席；以印出的數字比較", []),
        ("下限", "國數", "≥", "2（日本、韓國）", "", []),
        ("上限", "主桌", "≤", "12", "", []),
        ("下限", "案數", "≥", "1", "", [("甲市來訪", "visits/104/v/")]),
        ("下限", "來訪國數", "≥", "2（日本、南韓）", "", []),
    ]


def test_a_limit_is_a_sort_of_its_own(site: Site) -> None:
    """A figure under a limit, or as its ground, stands under a rule that is neither other sort."""
    fleet = site.archive.get(Tabulated, Ref("statistics", "fleet"))
    assert fleet is not None
    found = [(s.cell.title, s.rule, s.sort, s.part) for s in standing(fleet, site)]
    assert found == [
        ("外賓", "consistent_with", Sort.EXACT, False),
        ("貴賓", "parts", Sort.BOUND, False),
        ("外賓", "parts", Sort.BOUND, True),
        ("席次", "at_least", Sort.BOUND, False),
        ("貴賓", "at_least", Sort.BOUND, True),
        ("國數", "at_least", Sort.BOUND, False),
        ("主桌", "part_of", Sort.BOUND, False),
        ("席次", "part_of", Sort.BOUND, True),
        ("案數", "at_least", Sort.BOUND, False),
        ("來訪國數", "at_least", Sort.BOUND, False),
    ]
