"""The charts that an editor asks for in a statistic's file.

A statistic without any gets the one of `default_chart.py`.
"""

from __future__ import annotations

from generator.content.field_types import Choice, Many, Text
from generator.content.record import described, group

NONE = "none"
SORTS = {
    "bars": "長條圖",
    "stacked": "堆疊長條圖",
    "shares": "占比圖",
    "lines": "折線圖",
    "multiples": "並列小圖",
    NONE: "不附圖",
}
SERIES = {"rows": "列", "columns": "欄"}


@group
class ChartSpec:
    """A chart of some rows and columns; by default of all that do not follow from others."""

    type: str = described(Choice(SORTS), "圖式", required=True)
    title: str = described(Text(maximum=120), "圖名", "未寫時用統計的標題")
    rows: tuple[str, ...] = described(
        Many(Text(), unique=True), "列", "列名、代碼或時間；未寫時為合計等推算值以外的各列"
    )
    columns: tuple[str, ...] = described(
        Many(Text(), unique=True), "欄", "欄名或代碼；未寫時為推算值以外的各欄"
    )
    series: str = described(
        Choice(SERIES),
        "數列",
        "各條線、各段或各小圖是列還是欄；未寫時折線圖與並列小圖為列，其他為欄",
    )
