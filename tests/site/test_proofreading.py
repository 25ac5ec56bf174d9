"""Figures of prose: which cite a record, which do not, and what strictness makes of these."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sample_sites import ScratchSite, examine_folder, options

from generator.build.examine import examine
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT
from generator.content.messages import worded
from generator.pipeline import build
from generator.site.figures.accounting import account, narratives
from generator.site.figures.proofreading import tally
from generator.site.kind import Site

Captured = pytest.CaptureFixture[str]
STATISTIC = """\
title: 場地使用
source: 測試報告
as_of: 105-01-01
published_on: 105-05-06
columns: [{title: 數值}]
rows:
  - {title: 禮堂, id: hall, unit: 場次, value: 917}
  - {title: 中庭, unit: 場次, value: 83}
  - {title: 合計, unit: 場次, value: 1000, total_of: all}
"""
REPORT = """\
title: 業務報告
presented_on: 105-05-06
presenter: {name: 王小明, title: 處長}
period: {from: 104-09-01, to: 105-02-29}
"""
SECTION = "reports/2016-05/01-venues.md"
TEXT = """\
---
title: 場地
lists:
  - {id: rooms, title: 3間會議室, items: [第一會議室]}
uncited:
  - {text: 24小時, reason: 服務時間}
---
105年5月6日，第2次會議：禮堂{{ venues.hall }}，合計{{ venues.合計 | 國字 | 不含單位 }}。

服務24小時，[42人](https://example.org/99)參加，增加四成五。
"""


@pytest.fixture
def content(scratch_site: ScratchSite) -> Path:
    """A site with a statistic and a report of one section."""
    files = {"statistics/venues.yaml": STATISTIC, "reports/2016-05/report.yaml": REPORT}
    return scratch_site({**files, SECTION: TEXT.replace(" | 國字 | 不含單位", "")})


def site_of(content: Path) -> Site:
    """The checked site of a content."""
    examined = examine_folder(content)
    assert examined.site is not None, examined.problems
    return examined.site


def test_numbers_are_accounted_for(content: Path) -> None:
    """References, loose figures, excused ones are told apart; what links lead to is no text."""
    site = site_of(content)
    (record,) = narratives(site)
    found = account(record, site)
    assert [(one.words, one.citable.full_name) for one in found.cited] == [
        ("917場次", "statistics:venues.hall.數值"),
        ("1,000場次", "statistics:venues.合計.數值"),
    ]
    assert [(n.leaf.path, n.mention.text) for n in found.loose] == [
        ("markdown", "42"),
        ("markdown", "四成五"),
        ("lists.0.title", "3"),
    ]
    assert [(n.mention.text, n.excuse) for n in found.excused] == [("24", "服務時間")]
    assert tally(site).counts == (2, 3, 1)


def test_strict_figures_name_each_loose_number(content: Path) -> None:
    """Each is an error at its very place; without strictness none is a problem."""
    assert examine_folder(content).problems == ()
    chosen = replace(options(content, content.parent), strict_figures=True)
    found = [p for p in examine(chosen).problems if p.code == "figure-loose"]
    places = [(p.origin.line, p.origin.column, p.origin.length, p.values["value"]) for p in found]
    assert places == [(4, 24, 1, "3"), (10, 9, 2, "42"), (10, 42, 3, "四成五")]
    assert worded(found[1], "zh-TW").sentence == "內文的數值「42」沒有引用統計，也沒有理由。"
    assert worded(found[1], "en").sentence == (
        "The figure “42” cites no statistic and has no reason."
    )


def test_a_strict_build_publishes_no_loose_figure(content: Path, tmp_path: Path) -> None:
    """Nor does it take an earlier, lenient build for its own."""
    lenient = options(content, tmp_path)
    assert build(lenient, lambda stage: None).release is not None
    assert build(replace(lenient, strict_figures=True), lambda stage: None).release is None


def test_the_command_lists_loose_figures(content: Path, capsys: Captured) -> None:
    """`gongbao figures` gives place, number and surroundings; it fails where that is asked for."""
    given = ["figures", "--content", str(content), "--as-of", "2016-06-01"]
    assert main(given) == CLEAN
    told = capsys.readouterr()
    assert told.out.splitlines()[0].split("\t")[:2] == [f"{content}/{SECTION}:10:9", "42"]
    assert "統計的數值 3 個，其中 3 個有規則核對：精確 3、四捨五入 0、上限或下限 0。" in told.err
    assert "內文的數值：引用 2 處，未引用 3 處，說明理由 1 處。" in told.err
    assert main([*given, "--strict-figures"]) == CONTENT
    assert main(["check", *given[1:], "--lang", "en"]) == CLEAN
    assert "Figures in prose: 2 cited, 3 not cited, 1 excused." in capsys.readouterr().err


def test_the_inventory_leads_from_cell_to_rule_to_prose(content: Path, capsys: Captured) -> None:
    """As JSON each figure has its file and line, its rules, and where it is cited."""
    given = ["figures", "--content", str(content), "--as-of", "2016-06-01", "--format", "json"]
    assert main(given) == CLEAN
    found = json.loads(capsys.readouterr().out)
    whole = next(held for held in found["figures"] if held["cell"] == "合計.數值")
    assert whole == {
        "statistic": "statistics:venues",
        "cell": "合計.數值",
        "title": "合計",
        "value": "1000",
        "qualifier": "",
        "missing": "",
        "unit": "場次",
        "field": "rows.2.value",
        "path": f"{content}/statistics/venues.yaml",
        "line": 9,
        "column": 34,
        "rules": [{"rule": "total_of", "sort": "exact", "part": False}],
        "cited": [{"path": f"{content}/{SECTION}", "line": 8, "column": 38}],
    }
    assert next(held["rules"] for held in found["figures"]) == [
        {"rule": "total_of", "sort": "exact", "part": True}
    ]
    assert next((one["shown"], one["figure"]) for one in found["cited"]) == (
        "917場次",
        "statistics:venues.hall.數值",
    )
    assert found["under"] == {"exact": 3, "rounded": 0, "bound": 0}
    assert [one["text"] for one in found["uncited"]] == ["42", "四成五", "3"]
    assert [(one["text"], one["reason"]) for one in found["excused"]] == [("24", "服務時間")]
    assert found["constants"] == {"date": 3, "ordinal": 1, "article": 0, "name": 0}


def test_a_broken_statistic_brings_no_second_problem(content: Path) -> None:
    """What a broken record would have explained is passed over in silence."""
    path = content / "statistics/venues.yaml"
    path.write_text(STATISTIC.replace("917", "九百"), encoding="utf-8")
    assert [problem.code for problem in examine_folder(content).problems] == ["number-invalid"]
