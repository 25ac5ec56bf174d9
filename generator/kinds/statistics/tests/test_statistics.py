"""Statistics: declared totals are computed again, approximations never enter a sum."""

from __future__ import annotations

import pytest
from sample_sites import ScratchSite, examine_folder

STATISTIC = """\
title: 車輛借用
unit: 車次
source: 測試報告
as_of: 105-02-29
published_on: 105-05-06
columns: [{{title: 上半}}, {{title: 下半}}, {{title: 全期, total_of: [上半, 下半]}}]
rows:
  - {{title: 甲, values: [10, 24, 34]}}
  - {{title: 乙, values: [{cell}, 0.5, {sum}]}}
  - {{title: 計, total_of: [甲, 乙], values: [{total}, 24.5, {grand}]}}
"""


def found(scratch_site: ScratchSite, **cells: str) -> list[tuple[str, str, int]]:
    """Code, name and line of every problem of the table with these cells."""
    text = STATISTIC.format(**cells)
    examined = examine_folder(scratch_site({"statistics/fleet.yaml": text}))
    return [(p.code, p.values.get("value", ""), p.origin.line) for p in examined.problems]


def test_sums_that_hold_pass(scratch_site: ScratchSite) -> None:
    """Decimals are added exactly: 0.1 and 0.5 are 0.6."""
    assert found(scratch_site, cell="0.1", sum="0.6", total="10.1", grand="34.6") == []


def test_a_wrong_total_is_named_with_both_figures(scratch_site: ScratchSite) -> None:
    """The row's total and the column's are each computed again."""
    wrong = found(scratch_site, cell="8", sum="9.5", total="18", grand="43.5")
    assert wrong == [("total-wrong", "乙／全期", 9), ("total-wrong", "計／全期", 10)]


@pytest.mark.parametrize("cell", ["{value: 8, qualifier: 約}", "{missing: 未統計}"])
def test_an_approximation_never_enters_a_sum(cell: str, scratch_site: ScratchSite) -> None:
    """A total over an approximate or missing figure is a problem of its own."""
    problems = found(scratch_site, cell=cell, sum="8.5", total="18", grand="42.5")
    assert {code for code, _, _ in problems} == {"total-inexact"}


def test_zero_is_a_figure(scratch_site: ScratchSite) -> None:
    """Nothing counted is not the same as not counted."""
    assert found(scratch_site, cell="0", sum="0.5", total="10", grand="34.5") == []
