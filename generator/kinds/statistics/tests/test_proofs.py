"""What is declared of figures is computed again: each rule, its edges, what it does not admit."""

from __future__ import annotations

import pytest
from sample_sites import ScratchSite, examine_folder

from generator.content.model import Ref
from generator.site.figures.cells import Sort, Tabulated
from generator.site.figures.inventory import standing

HEAD = """\
title: 車輛借用
unit: 車次
source: 測試報告
as_of: 105-02-29
published_on: 105-05-06
"""
ONE = HEAD + "columns: [{title: 次數}]\nrows:\n"


def codes(scratch_site: ScratchSite, rows: str, **others: str) -> list[tuple[str, str, str]]:
    """Code, declared and computed figure of every problem of a one-column table."""
    files = {f"statistics/{name}.yaml": text for name, text in others.items()}
    examined = examine_folder(scratch_site({"statistics/fleet.yaml": ONE + rows, **files}))
    values = [(p.code, p.values) for p in examined.problems]
    return [(code, v.get("declared", ""), v.get("computed", "")) for code, v in values]


@pytest.mark.parametrize(
    ("line", "right", "wrong", "code"),
    [
        ("total_of: [甲, 乙]", "11", "12", "total-wrong"),
        ("total_of: all", "11", "10", "total-wrong"),
        ("count_of: [東, 西, 南]", "3", "2", "count-wrong"),
        ("consistent_with: fleet.甲", "3", "8", "figures-differ"),
        ("share_of: {part: 甲, whole: 乙}, unit: '%'", "37.5", "37.4", "share-wrong"),
        ("share_of: {part: 甲, whole: 乙}, unit: '‰'", "375", "376", "share-wrong"),
        ("share_of: {part: 甲, whole: 乙}", "0.38", "0.37", "share-wrong"),
        ("rate: {of: 甲, per: 乙, times: 1000}", "375", "374", "rate-wrong"),
        ("rate: {of: 甲, per: 乙}", "0.4", "0.3", "rate-wrong"),
        ("change_from: {from: 甲, to: 乙, as: increase}", "5", "-5", "change-wrong"),
        ("change_from: {from: 甲, to: 乙, as: decrease}", "-5", "5", "change-wrong"),
        ("change_from: {from: 甲, to: 乙, as: increase_percent}", "166.7", "166.6", "change-wrong"),
        ("change_from: {from: 乙, to: 甲, as: decrease_percent}", "63", "62", "change-wrong"),
        ("average: [甲, 乙]", "5.5", "5.4", "average-wrong"),
        ("average: all", "6", "5", "average-wrong"),
    ],
)
def test_each_rule_holds_or_names_both_figures(
    line: str, right: str, wrong: str, code: str, scratch_site: ScratchSite
) -> None:
    """A right figure passes; a wrong one is named with the one that was computed."""
    rows = "  - {title: 甲, value: 3}\n  - {title: 乙, value: 8}\n  - {title: 丙, value: %s, %s}\n"
    assert codes(scratch_site, rows % (right, line)) == []
    assert codes(scratch_site, rows % (wrong, line)) == [(code, wrong, right)]


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        ("1", "8", "12.5"),
        ("1", "8", "13"),
        ("1", "16", "6.3"),
        ("1", "3", "33.333"),
        ("2", "3", "67"),
    ],
)
def test_a_share_is_rounded_half_up_at_the_precision_printed(
    part: str, whole: str, printed: str, scratch_site: ScratchSite
) -> None:
    """12.5 printed whole is 13, 6.25 printed with one place is 6.3."""
    rows = (
        f"  - {{title: 甲, value: {part}}}\n  - {{title: 乙, value: {whole}}}\n"
        f"  - {{title: 丙, value: {printed}, unit: '%', share_of: {{part: 甲, whole: 乙}}}}\n"
    )
    assert codes(scratch_site, rows) == []


@pytest.mark.parametrize("line", ["total_of: [甲, 乙]", "average: [甲, 乙]"])
@pytest.mark.parametrize("cell", ["{value: 3, qualifier: 約}", "{missing: 未統計}"])
def test_no_rule_takes_an_approximate_part(line: str, cell: str, scratch_site: ScratchSite) -> None:
    """Approximations and missing values are parts of nothing."""
    rows = f"  - {{title: 甲, value: {cell}}}\n  - {{title: 乙, value: 8}}\n"
    (found,) = codes(scratch_site, f"{rows}  - {{title: 丙, value: 11, {line}}}\n")
    assert found[0] in ("total-inexact", "rule-inexact")


@pytest.mark.parametrize(
    ("qualifier", "line", "admitted"),
    [
        ("約", "average: [甲, 乙]", True),
        ("近", "average: [甲, 乙]", False),
        ("以上", "average: [甲, 乙]", False),
        ("約", "change_from: {from: 甲, to: 乙, as: increase}", False),
    ],
)
def test_a_rounded_result_may_say_so(
    qualifier: str, line: str, admitted: bool, scratch_site: ScratchSite
) -> None:
    """A rounded rule admits 約 of its own result; an exact rule admits nothing."""
    rows = (
        "  - {title: 甲, value: 3}\n  - {title: 乙, value: 8}\n"
        f"  - {{title: 丙, value: {{value: {6 if admitted else 5}, qualifier: {qualifier}}}, "
        f"{line}}}\n"
    )
    found = [code for code, _, _ in codes(scratch_site, rows)]
    assert found == ([] if admitted else ["rule-inexact"])


@pytest.mark.parametrize(
    "line",
    [
        "rate: {of: 甲, per: 乙}",
        "share_of: {part: 甲, whole: 乙}, unit: '%'",
        "change_from: {from: 乙, to: 甲, as: increase_percent}",
        "change_from: {from: 乙, to: 甲, as: decrease_percent}",
    ],
)
def test_nothing_follows_from_a_base_of_zero(line: str, scratch_site: ScratchSite) -> None:
    """Where the divisor is 0 a reason is right, and a number is not; elsewhere a number is."""
    rows = (
        "  - {title: 甲, value: %s}\n  - {title: 乙, value: %s}\n  - {title: 丙, value: %s, %s}\n"
    )
    for part in ("3", "0", "{value: 3, qualifier: 約}"):
        assert codes(scratch_site, rows % (part, "0", "{missing: 沒有}", line)) == []
    assert codes(scratch_site, rows % ("3", "0", "5", line)) == [("rule-zero", "5", "")]
    missing = codes(scratch_site, rows % ("3", "8", "{missing: 沒有}", line))
    assert missing == [("rule-inexact", "—", "")]


def test_a_figure_that_stands_twice_keeps_its_qualifier(scratch_site: ScratchSite) -> None:
    """約82 is the same as 約82, and not as 82."""
    rows = (
        "  - {title: 甲, value: {value: 82, qualifier: 約}}\n"
        "  - {title: 乙, value: %s, consistent_with: fleet.甲}\n"
    )
    assert codes(scratch_site, rows % "{value: 82, qualifier: 約}") == []
    assert codes(scratch_site, rows % "82") == [("figures-differ", "82", "約82")]


def test_a_sum_of_many_digits_loses_none(scratch_site: ScratchSite) -> None:
    """Thirty digits are added exactly."""
    rows = (
        "  - {title: 甲, value: 123456789012345678901234567890.1}\n  - {title: 乙, value: 0.2}\n"
        "  - {title: 丙, value: 123456789012345678901234567890.3, total_of: all}\n"
    )
    assert codes(scratch_site, rows) == []
    (found,) = codes(scratch_site, rows.replace("890.3", "890.4"))
    assert found[2] == "123,456,789,012,345,678,901,234,567,890.3"


def test_a_total_may_stand_over_two_statistics(scratch_site: ScratchSite) -> None:
    """A part that changes in one file fails in the file that declares the total."""
    other = ONE.replace("借用", "調派") + "  - {title: 丁, value: 5}\n"
    rows = "  - {title: 甲, value: 3}\n  - {title: 計, value: 8, total_of: [甲, other.丁]}\n"
    assert codes(scratch_site, rows, other=other) == []
    changed = other.replace("value: 5", "value: 6")
    assert codes(scratch_site, rows, other=changed) == [("total-wrong", "8", "9")]


def test_a_statistic_that_is_not_there_is_dangling(scratch_site: ScratchSite) -> None:
    """A name of another statistic is a reference like any other."""
    rows = "  - {title: 甲, value: 3, consistent_with: flet.甲}\n"
    assert [code for code, _, _ in codes(scratch_site, rows)] == ["reference-dangling"]


SHARES = """\
columns: [{title: 人數}, {title: 占比, unit: "%", share_of: {part: 人數, whole: 計}}]
rows:
  - {title: 甲, values: [1, 33.3]}
  - {title: 乙, values: [1, 33.3]}
  - {title: 丙, values: [1, 33.3]}
  - {title: 計, total_of: all, values: [3, 100.0]}
"""


def test_shares_of_a_column_need_not_add_up(scratch_site: ScratchSite) -> None:
    """33.3 thrice is 99.9; the total of shares is the share of the total."""
    content = scratch_site({"statistics/fleet.yaml": HEAD + SHARES})
    assert examine_folder(content).problems == ()


def test_all_passes_over_what_follows_from_others(scratch_site: ScratchSite) -> None:
    """A total of all counts neither subtotals nor changes."""
    rows = (
        "  - {title: 甲, value: 3}\n  - {title: 乙, value: 8}\n"
        "  - {title: 小計, value: 11, total_of: [甲, 乙]}\n"
        "  - {title: 增加, value: 5, change_from: {from: 甲, to: 乙, as: increase}}\n"
        "  - {title: 總計, value: 11, total_of: all}\n"
    )
    assert codes(scratch_site, rows) == []


SERIES = """\
title: 節電量
unit: 度
source: 測試報告
published_on: 105-05-06
observations:
  - {at: 104-01, value: 10}
  - {at: 104-02, value: 20}
  - {at: 104, value: 30, total_of: [104-01, 2015-02]}
"""


def test_a_series_may_declare_too(scratch_site: ScratchSite) -> None:
    """The year is the sum of its months, named in either calendar."""
    content = scratch_site({"statistics/fleet.yaml": SERIES})
    assert examine_folder(content).problems == ()
    (content / "statistics/fleet.yaml").write_text(SERIES.replace("30,", "31,"), encoding="utf-8")
    (found,) = examine_folder(content).problems
    assert (found.code, found.values["computed"]) == ("total-wrong", "30")


def test_a_cell_knows_the_rules_it_stands_under(scratch_site: ScratchSite) -> None:
    """As a result or as a part, of its own statistic or of another."""
    other = ONE.replace("借用", "調派") + "  - {title: 丁, value: 3, consistent_with: fleet.甲}\n"
    rows = (
        "  - {title: 甲, value: 3}\n  - {title: 乙, value: 8}\n  - {title: 戊, value: 1}\n"
        "  - {title: 比, value: 0.4, rate: {of: 甲, per: 乙}}\n"
    )
    content = scratch_site({"statistics/fleet.yaml": ONE + rows, "statistics/other.yaml": other})
    site = examine_folder(content).site
    assert site is not None
    fleet = site.archive.get(Tabulated, Ref("statistics", "fleet"))
    assert fleet is not None
    assert [(s.cell.key, s.rule, s.sort, s.part) for s in standing(fleet, site)] == [
        ("比.次數", "rate", Sort.ROUNDED, False),
        ("甲.次數", "rate", Sort.ROUNDED, True),
        ("乙.次數", "rate", Sort.ROUNDED, True),
        ("甲.次數", "consistent_with", Sort.EXACT, True),
    ]
