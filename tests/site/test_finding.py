"""The finding of a chart is derived from its printed values, or there is none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.site.chart import Bars, Chart, Gauge, Lines, Row, Shares, Stacked, Time, Value
from generator.site.finding import finding


def _row(label: str, *numbers: str | None) -> Row:
    values = (
        Value(number=Decimal(n), shown=f"{n} 件") if n else Value(number=None, shown="未統計")
        for n in numbers
    )
    return Row(label=label, values=tuple(values))


def _times(*years: int) -> tuple[Time, ...]:
    return tuple(Time(at=Decimal(year), shown=f"{year}年") for year in years)


@pytest.mark.parametrize(
    ("chart", "sentence"),
    [
        (
            Bars(title="申訴", rows=(_row("甲", "3"), _row("乙", "8"), _row("丙", None))),
            "申訴：以「乙」最高，8 件",
        ),
        (
            Shares(title="人員", rows=(_row("甲", "30"), _row("乙", "8"))),
            "人員：以「甲」最高，30 件",
        ),
        (
            Stacked(
                title="車輛", rows=(_row("甲", "1", "9"), _row("乙", "2", "4")), series=("上", "下")
            ),
            "車輛：以「甲／下」最高，9 件",
        ),
        (
            Lines(title="用電", times=_times(103, 104, 105), rows=(_row("用電", None, "9", "7"),)),
            "用電：由104年的9 件減至105年的7 件",
        ),
        (
            Lines(title="用電", times=_times(103, 105), rows=(_row("用電", "5", "7"),)),
            "用電：由103年的5 件增至105年的7 件",
        ),
        (
            Lines(title="用電", times=_times(103, 105), rows=(_row("用電", "5", "5"),)),
            "用電：103年與105年同為5 件",
        ),
    ],
)
def test_a_finding_names_printed_values(chart: Chart, sentence: str) -> None:
    """The highest, or the first and the last that are known; values are as printed."""
    assert finding(chart) == sentence


@pytest.mark.parametrize(
    "chart",
    [
        Bars(title="同", rows=(_row("甲", "8"), _row("乙", "8"), _row("丙", "1"))),
        Bars(title="一", rows=(_row("甲", "8"), _row("乙", None))),
        Lines(
            title="線", times=_times(103, 105), rows=(_row("甲", "1", "2"), _row("乙", "3", "1"))
        ),
        Lines(title="點", times=_times(103, 105), rows=(_row("甲", None, "2"),)),
        Gauge(title="目標", current=_row("現", "1"), target=_row("目標", "2")),
    ],
)
def test_without_a_value_that_stands_out_there_is_no_finding(chart: Chart) -> None:
    """Two highest ones, one value alone, several lines."""
    assert finding(chart) == ""
